"""Months: what they compare with, count and print."""

from datetime import date

import pytest

from schemas.months import Month


def test_a_month_prints_and_reads_as_the_contract_writes_it() -> None:
    assert str(Month(2026, 5)) == "2026-05"
    assert Month.parse("2026-05") == Month(2026, 5)
    assert Month.of(date(2026, 5, 31)) == Month(2026, 5)
    assert Month(2026, 5).first_day == date(2026, 5, 1)


@pytest.mark.parametrize(
    "text", ["2026-5", "2026-00", "2026-13", "1899-12", "2200-01", "２０２６-05"]
)
def test_what_is_no_month_is_not_read(text: str) -> None:
    with pytest.raises(ValueError, match="month"):
        Month.parse(text)


def test_months_are_counted_with_both_ends() -> None:
    assert Month(2026, 9).months_to(Month(2028, 5)) == 21
    assert Month(2026, 9).months_to(Month(2026, 9)) == 1
    assert Month(2026, 9).months_to(Month(2026, 8)) == 0


def test_months_go_on_over_the_end_of_the_year() -> None:
    assert Month(2026, 12).plus(1) == Month(2027, 1)
    assert Month(2026, 1).plus(-1) == Month(2025, 12)
    assert Month(2025, 12) < Month(2026, 1)
