"""The order of the events of a case that wait together; amounts as messages write them."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from cases.money import written
from cases.ordering import in_order, sort_key

NINE = datetime(2026, 3, 5, 9, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Waiting:
    time: datetime
    source: str = "/a"
    id: str = "1"


def test_time_stands_before_source_and_source_before_id() -> None:
    wanted = [
        Waiting(NINE, "/b", "9"),
        Waiting(NINE + timedelta(microseconds=1), "/a", "2"),
        Waiting(NINE + timedelta(microseconds=1), "/b", "1"),
        Waiting(NINE + timedelta(microseconds=1), "/b", "2"),
    ]
    assert in_order(reversed(wanted)) == wanted


def test_the_same_instant_is_the_same_place_whatever_the_offset() -> None:
    in_china = NINE.astimezone(timezone(timedelta(hours=8)))
    assert sort_key(in_china, "/a", "1") == sort_key(NINE, "/a", "1")


def test_texts_sort_by_code_point() -> None:
    ids = ["10", "9", "A", "a", "刘", "𠅤"]
    assert [w.id for w in in_order(Waiting(NINE, id=i) for i in reversed(ids))] == ids


def test_a_time_without_offset_has_no_place() -> None:
    with pytest.raises(ValueError, match="offset"):
        sort_key(NINE.replace(tzinfo=None), "/a", "1")


@pytest.mark.parametrize(
    ("amount", "text"),
    [("0", "0.00"), ("0.1", "0.10"), ("3465.30", "3465.30"), ("999999999999.99",) * 2],
)
def test_an_amount_has_two_digits_after_the_point(amount: str, text: str) -> None:
    assert written(Decimal(amount)) == text


def test_less_than_a_fen_is_not_rounded_away() -> None:
    with pytest.raises(ValueError, match="two digits"):
        written(Decimal("0.001"))
