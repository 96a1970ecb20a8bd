"""Letters that run over pages: heads come again, no row is cut, the signature is never alone."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from rendering.golden import Word, words_of
from rendering.preview import sample_document
from rendering.renderer import Renderer
from schemas.documents import DocumentKind, RenderedPdf
from tests.building.renderers import running_renderer

pytestmark = [pytest.mark.office, pytest.mark.timeout(300)]

#: points from the top of an A4 page
_TYPE_AREA_END = 842 - 99
_PAGE_HEIGHT = 842
#: points that words of one line may differ by
_LINE = 3.0
LONG = "经核实，该员在服刑期间仍继续领取相关待遇，情况属实。" * 384
LONG_NAME = "阿卜杜热合曼·买买提吐尔逊·努尔艾合买提江·阿不都克里木"
ADDRESS = "新疆维吾尔自治区伊犁哈萨克自治州察布查尔锡伯自治县坎乡阿勒玛勒村二组幸福小区三单元"


@pytest.fixture(scope="module")
def renderer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Renderer]:
    yield from running_renderer(tmp_path_factory.mktemp("office"))


def rendered(renderer: Renderer, kind: DocumentKind, **values: Any) -> RenderedPdf:
    planned = sample_document(kind)
    return renderer.render(replace(planned, data={**planned.data, **values}))


def instalments(count: int) -> list[dict[str, str]]:
    """Rows whose cells but the amount are told from all others; the longest amount there is."""
    return [
        {
            "no": f"N{place}",
            "month": f"M{place}",
            "amount": "999999999999.99",
            "remaining": f"R{place}",
        }
        for place in range(1, count + 1)
    ]


def attachments(count: int) -> list[dict[str, str]]:
    return [
        {
            "place": f"P{place}",
            "name": "多领社会保险待遇追缴告知书" * (1 + place % 4),
            "number": f"稽（待遇）字〔2026〕第{place}号",
            "pages": f"S{place}",
            "form": "电子件",
            "digest": f"{place:064x}",
        }
        for place in range(1, count + 1)
    ]


def pages_with(words: list[Word], text: str) -> set[int]:
    return {word.page for word in words if word.text == text}


def once(words: list[Word]) -> dict[str, Word]:
    """The words that are there once, by their text."""
    counts = Counter(word.text for word in words)
    return {word.text: word for word in words if counts[word.text] == 1}


def demand_signed_with_text(letter: RenderedPdf, words: list[Word]) -> None:
    """Two lines of text and more stand over the seal on its page, all within the type area."""
    page = letter.seal_at.page + 1
    centre = _PAGE_HEIGHT - letter.seal_at.y
    above = {
        round(word.box[1] / _LINE)
        for word in words
        if word.page == page and 110 < word.box[1] < centre - 60
    }
    assert len(above) >= 2
    assert all(word.box[3] <= _TYPE_AREA_END + 45 for word in words)


@pytest.mark.parametrize("kind", ["deduction_agreement", "repayment_agreement"])
@pytest.mark.parametrize("count", [60, 300])
def test_a_schedule_has_its_head_on_every_page_and_no_row_in_two(
    renderer: Renderer, kind: str, count: int
) -> None:
    letter = rendered(renderer, DocumentKind(kind), rows=instalments(count))
    words = words_of(letter.content)
    found = once(words)
    for row in instalments(count):
        cells = [found[row[name]] for name in ("no", "month", "remaining")]
        assert len({cell.page for cell in cells}) == 1
        assert max(c.box[1] for c in cells) - min(c.box[1] for c in cells) < _LINE
        assert cells[0].box[3] < _TYPE_AREA_END
    on = {word.page for word in words if word.text.startswith("N")}
    assert len(on) > 1
    assert pages_with(words, "期次") == on


@pytest.mark.parametrize("kind", ["deduction_agreement", "repayment_agreement"])
@pytest.mark.parametrize("count", [1, 60, 67, 81])
def test_both_sides_sign_on_one_page_that_has_text_too(
    renderer: Renderer, kind: str, count: int
) -> None:
    letter = rendered(renderer, DocumentKind(kind), rows=instalments(count))
    words = words_of(letter.content)
    demand_signed_with_text(letter, words)
    pages = {w.page for w in words if w.text.startswith(("甲方（盖章）", "乙方（签名", "代理人（"))}
    assert pages == {letter.seal_at.page + 1} == {letter.pages}


def test_the_seal_of_an_agreement_is_on_the_agencys_name_and_not_on_the_others(
    renderer: Renderer,
) -> None:
    letter = rendered(renderer, DocumentKind.DEDUCTION_AGREEMENT)
    words = words_of(letter.content)
    (ours,) = (word for word in words if word.text.startswith("甲方（盖章）"))
    (theirs,) = (word for word in words if word.text.startswith("乙方（签名"))
    # 42 mm are 119 points; the centre is below the name, which begins a line under the label
    assert ours.box[0] < letter.seal_at.x < theirs.box[0] - 119 / 2
    assert ours.box[3] < _PAGE_HEIGHT - letter.seal_at.y < ours.box[3] + 80


def test_as_many_instalments_as_may_be_agreed_are_printed(renderer: Renderer) -> None:
    kind = DocumentKind.REPAYMENT_AGREEMENT
    letter = rendered(renderer, kind, rows=instalments(1200), facts=LONG)
    words = words_of(letter.content)
    assert len([word for word in words if word.text.startswith("N")]) == 1200
    demand_signed_with_text(letter, words)


def test_a_list_of_attachments_has_its_head_on_every_page_and_each_digest_on_one_line(
    renderer: Renderer,
) -> None:
    rows = attachments(60)
    letter = rendered(renderer, DocumentKind.REFERRAL_LETTER, attachments=rows)
    words = words_of(letter.content)
    found = once(words)
    for row in rows:
        cells = [found[row[name]] for name in ("place", "digest", "pages")]
        assert len({cell.page for cell in cells}) == 1
        assert cells[1].box[2] < cells[2].box[0]
    on = {word.page for word in words if len(word.text) == 64}
    assert len(on) > 2
    assert pages_with(words, "序号") == on


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (DocumentKind.ASSISTANCE_REPORT, "findings"),
        (DocumentKind.REFERRAL_LETTER, "grounds"),
        (DocumentKind.DEDUCTION_AGREEMENT, "facts"),
    ],
)
@pytest.mark.parametrize("cut", [0, 300])
def test_ten_thousand_characters_and_long_names_leave_the_signature_with_text(
    renderer: Renderer, kind: DocumentKind, name: str, cut: int
) -> None:
    values = {"party_name": LONG_NAME, "contact_address": ADDRESS, name: LONG[cut:]}
    letter = rendered(renderer, kind, **values)
    words = words_of(letter.content)
    assert letter.pages > 15
    demand_signed_with_text(letter, words)
