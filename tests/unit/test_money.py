"""Amounts as messages write them."""

from decimal import Decimal

import pytest

from cases.money import written


@pytest.mark.parametrize(
    ("amount", "text"),
    [("0", "0.00"), ("0.1", "0.10"), ("3465.30", "3465.30"), ("999999999999.99",) * 2],
)
def test_an_amount_has_two_digits_after_the_point(amount: str, text: str) -> None:
    assert written(Decimal(amount)) == text


def test_less_than_a_fen_is_not_rounded_away() -> None:
    with pytest.raises(ValueError, match="two digits"):
        written(Decimal("0.001"))
