"""Amounts in capitals: the examples of the house style, the other rules, and the way back."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.amounts import in_words

HOUSE_STYLE = {
    "1409.50": "壹仟肆佰零玖元伍角",
    "6007.14": "陆仟零柒元壹角肆分",
    "1680.32": "壹仟陆佰捌拾元零叁角贰分",
    "107000.53": "壹拾万柒仟元零伍角叁分",
    "16409.02": "壹万陆仟肆佰零玖元零贰分",
    "325.04": "叁佰贰拾伍元零肆分",
    "0.05": "伍分",
    "100000000.00": "壹亿元整",
    "100010000.00": "壹亿零壹万元整",
    "12345.67": "壹万贰仟叁佰肆拾伍元陆角柒分",
    "3465.30": "叁仟肆佰陆拾伍元叁角",
}
FURTHER = {
    "0.00": "零元整",
    "0.50": "伍角",
    "0.53": "伍角叁分",
    "10.00": "壹拾元整",
    "1680.04": "壹仟陆佰捌拾元零肆分",
    "10000.30": "壹万元零叁角",
    "20010.00": "贰万零壹拾元整",
    "100001000.00": "壹亿零壹仟元整",
    "10101000.00": "壹仟零壹拾万壹仟元整",
    "1000000001.01": "壹拾亿零壹元零壹分",
    "999999999999.99": "玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分",
}


@pytest.mark.parametrize(("amount", "words"), [*HOUSE_STYLE.items(), *FURTHER.items()])
def test_an_amount_is_written_in_the_house_style(amount: str, words: str) -> None:
    assert in_words(Decimal(amount)) == words


@pytest.mark.parametrize("amount", ["-0.01", "1000000000000.00", "0.001"])
def test_an_amount_that_no_letter_may_hold_is_refused(amount: str) -> None:
    with pytest.raises(ValueError, match="amount"):
        in_words(Decimal(amount))


DIGITS = {character: value for value, character in enumerate("零壹贰叁肆伍陆柒捌玖")}
PLACES = {"拾": 10, "佰": 100, "仟": 1000}


def read(words: str) -> Decimal:
    """The amount that ``words`` say, read by adding up, without a thought for zeros."""
    yuan, group, digit, fen = 0, 0, 0, 0
    for character in words:
        if character in DIGITS:
            digit = DIGITS[character]
        elif character in PLACES:
            group, digit = group + digit * PLACES[character], 0
        elif character in "亿万元":
            factor = {"亿": 10**8, "万": 10**4, "元": 1}[character]
            yuan, group, digit = yuan + (group + digit) * factor, 0, 0
        elif character in "角分":
            fen, digit = fen + digit * (10 if character == "角" else 1), 0
    return Decimal(yuan) + Decimal(fen) / 100


@given(st.integers(min_value=0, max_value=99_999_999_999_999))
def test_what_is_written_reads_back_as_the_same_amount(fen: int) -> None:
    amount = Decimal(fen) / 100
    assert read(in_words(amount)) == amount


@given(st.integers(min_value=0, max_value=99_999_999_999_999))
def test_no_zero_stands_twice_or_before_a_place(fen: int) -> None:
    words = in_words(Decimal(fen) / 100)
    assert "零零" not in words
    if fen:
        assert not any(f"零{place}" in words for place in "拾佰仟万亿元角分整")
        assert not words.startswith("零")
    assert words.endswith("整") == (fen % 100 == 0)
