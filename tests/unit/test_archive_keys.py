from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.keys import check_key, is_key, object_key
from archive.s3 import end_of, last_day

SHA256 = "0f" * 32


def test_a_key_names_agency_year_document_and_digest() -> None:
    key = object_key(agency="430111", year=2026, document_id="0197-ab", sha256=SHA256)
    assert key == f"430111/2026/0197-ab/{SHA256}.pdf"


def test_an_agency_with_a_slash_in_its_code_makes_no_key() -> None:
    with pytest.raises(ValueError, match="not a key"):
        object_key(agency="../430111", year=2026, document_id="a", sha256=SHA256)


@given(st.text(alphabet="./\\a\0%\n~ 函", max_size=12))
def test_whatever_is_a_key_stays_below_the_archive(text: str) -> None:
    if is_key(text):
        parts = check_key(text).split("/")
        assert all(part and not part.startswith(".") for part in parts)
        assert not set(text) & set("\\\0%\n~ 函")


def test_a_lock_ends_with_the_day_in_shanghai() -> None:
    assert end_of(date(2036, 3, 5)) == datetime(2036, 3, 5, 16, 0, tzinfo=UTC)


@given(st.dates(min_value=date(1992, 1, 1), max_value=date(2200, 1, 1)))
def test_the_end_of_a_day_belongs_to_that_day(day: date) -> None:
    assert last_day(end_of(day)) == day
