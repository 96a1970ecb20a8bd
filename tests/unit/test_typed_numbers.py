"""A number is the same however a person types it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.documents import DocumentNumber
from schemas.typed_numbers import canonical, typed_case_numbers, typed_number

MEANT = DocumentNumber(series="稽（待遇）字", year=2026, seq=12)


@pytest.mark.parametrize(
    "text",
    [
        "稽（待遇）字〔2026〕第12号",
        "稽(待遇)字[2026]12",
        "稽（待遇）字〔2026〕12号",
        "稽(待遇)字(2026)第12号",
        "稽（待遇）字［２０２６］第１２号",
        "稽 (待遇) 字 【2026】 第 12 号",
        "稽[待遇]字[2026]012",
        "稽〔待遇〕字〔2026〕第12",
    ],
)
def test_a_number_is_meant_whatever_its_brackets_and_digits(text: str) -> None:
    assert typed_number(text) == MEANT


@pytest.mark.parametrize(
    "text", ["", "12", "稽（待遇）字", "稽（待遇）字2026第12号", "〔2026〕第1号"]
)
def test_what_is_no_number_is_none(text: str) -> None:
    assert typed_number(text) is None


@given(st.text(max_size=60))
def test_no_text_at_all_breaks_it(text: str) -> None:
    found = typed_number(text)
    assert found is None or found.series == canonical(found.series)
    assert typed_case_numbers(text)[0] == text


def test_a_case_number_is_meant_with_either_kind_of_bracket() -> None:
    assert "湘社稽〔2026〕12" in typed_case_numbers("湘社稽[2026]12")
    assert "湘社稽（2026）12" in typed_case_numbers("湘社稽(２０２６)12")
