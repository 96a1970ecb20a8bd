"""The number that the signature names is the one that the page shows."""

import pytest

from signing.printed import held_against_page, require_printed
from signing.verdict import Refused, Verdict, Word
from signing.verifier import verify
from tests.building.pages import letter_saying, page_of
from tests.building.sealing import NUMBER, root

OTHER = "稽（止付）字〔2026〕第7号"
TITLE = "多领社会保险待遇追缴告知书"


@pytest.mark.parametrize(
    "lines",
    [
        [TITLE, NUMBER, "刘晓云："],
        [TITLE, "稽（待遇）字〔2026〕第 12 号", "刘晓云："],
        [f"{NUMBER}  2026年3月5日", f"我单位以{OTHER}通知"],
        ["稽（待遇）字〔2026〕", "第12号", f"我单位以{OTHER}通知"],
        [f"编号：{NUMBER}"],
        # an agency's own template: the number stands at the foot, alone on its line
        [f"我单位于3月以{OTHER}通知贵行", "停止支付", f"文号：{NUMBER}"],
        # a title page
        [f"{TITLE}\f{NUMBER}"],
    ],
)
def test_a_page_that_shows_the_number_has_it(lines: list[str]) -> None:
    assert require_printed(page_of(*lines), NUMBER)


def test_a_radical_that_a_font_s_table_has_instead_is_its_character() -> None:
    assert require_printed(page_of("\u2f08社字〔2026〕第12号"), "人社字〔2026〕第12号")


@pytest.mark.parametrize(
    "lines",
    [
        [TITLE, OTHER],
        [TITLE, NUMBER.replace("12", "112")],
        [TITLE, NUMBER.replace("2026", "2025")],
        # another agency's series ends as ours does
        [TITLE, f"雨花{NUMBER}"],
        # the number is cited, the letter has its own
        [OTHER, f"我单位以{NUMBER}通知"],
        [OTHER, f"我单位以{NUMBER}"],
        [OTHER, "我单位以", f"{NUMBER}通知"],
    ],
)
def test_another_number_is_seen(lines: list[str]) -> None:
    with pytest.raises(Refused) as refused:
        require_printed(page_of(*lines), NUMBER)
    assert refused.value.code == "number_contradicted"


def test_what_is_no_number_is_not_found_though_it_is_on_the_page() -> None:
    with pytest.raises(Refused):
        require_printed(page_of(NUMBER, "雨花区某某路1号"), "雨花区某某路1号")


@pytest.mark.parametrize("lines", [[TITLE], ["湘人社规〔2022〕30号文件"], [""]])
def test_a_page_without_a_number_has_none(lines: list[str]) -> None:
    assert not require_printed(page_of(*lines), NUMBER)


def test_what_pdfium_cannot_read_is_not_genuine() -> None:
    with pytest.raises(Refused) as refused:
        require_printed(b"%PDF-1.7\nnothing", NUMBER)
    assert refused.value.code == "pdf_malformed"


def _judged(*lines: str) -> Verdict:
    return verify(letter_saying(*lines), [root()])


def test_files_from_outside_are_compared() -> None:
    right, wrong, none = _judged(NUMBER), _judged(OTHER), _judged(TITLE)
    assert right.genuine
    assert "number_not_printed" not in [remark.code for remark in right.remarks]
    assert (wrong.word, [reason.code for reason in wrong.reasons]) == (
        Word.NOT_GENUINE,
        ["number_contradicted"],
    )
    assert none.genuine
    assert "number_not_printed" in [remark.code for remark in none.remarks]


@pytest.mark.parametrize("word", Word)
def test_another_number_is_worse_than_what_cannot_be_told(word: Word) -> None:
    verdict = Verdict(word=word, number=NUMBER)
    assert held_against_page(verdict, page_of(OTHER)).word is Word.NOT_GENUINE
    assert held_against_page(verdict, page_of(NUMBER)) == verdict
