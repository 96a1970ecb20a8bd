"""Letters as Typst makes them."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from rendering.finishing import finish
from rendering.golden import differences, remake
from rendering.pdf import text_of
from rendering.preview import drawn_sample, sample_document
from rendering.renderer import Renderer
from schemas.documents import DocumentKind, FormPdf, PlannedDocument
from schemas.errors import ProductionFailed
from templates.catalogue import load
from tests.building.renderers import running_renderer

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def renderer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Renderer]:
    yield from running_renderer(tmp_path_factory.mktemp("typst"))


def letter(kind: DocumentKind, **values: str) -> PlannedDocument:
    planned = sample_document(kind)
    return replace(planned, data={**planned.data, **values})


@pytest.mark.parametrize("kind", list(DocumentKind))
def test_every_kind_looks_as_it_did_when_somebody_last_looked(
    renderer: Renderer, kind: DocumentKind
) -> None:
    assert differences(kind, drawn_sample(renderer, kind)) == []


def test_golden_pages_are_as_black_as_the_letter_and_find_what_is_drawn_otherwise(
    renderer: Renderer, tmp_path: Path
) -> None:
    kind = DocumentKind.RECOVERY_NOTICE
    (tmp_path / kind.value).mkdir()
    remake(kind, renderer.render(sample_document(kind)), tmp_path)
    assert differences(kind, renderer.render(sample_document(kind)), tmp_path) == []
    other = renderer.render(letter(kind, party_category="企业职工养老保险待遇领取人员"))
    found = differences(kind, other, tmp_path)
    assert any("golden-1.png" in line for line in found)


def test_rare_characters_and_template_signs_are_printed_as_they_are(renderer: Renderer) -> None:
    facts = '𠅤㛃䶮 <甲&乙> "丙" {{ 丁 }} {% 戊 %}'
    rendered = renderer.render(letter(DocumentKind.RECOVERY_NOTICE, facts=facts))
    assert "".join(facts.split()) in text_of(rendered.content)


@pytest.mark.parametrize(("character", "name"), [("\ue000", "U+E000"), ("\U0002fa1e", "U+2FA1E")])
def test_a_character_that_no_font_has_is_named(
    renderer: Renderer, character: str, name: str
) -> None:
    with pytest.raises(ProductionFailed, match=name.replace("+", r"\+")) as caught:
        renderer.render(letter(DocumentKind.RECOVERY_NOTICE, facts=f"甲{character}"))
    assert caught.value.final
    assert caught.value.problem.code == "glyph_missing"


def test_nothing_of_a_letter_is_in_the_next(renderer: Renderer) -> None:
    renderer.render(letter(DocumentKind.RECOVERY_NOTICE, facts="前一份文书的内容"))
    after = renderer.render(letter(DocumentKind.RECOVERY_NOTICE, facts="这一份文书的内容"))
    assert "前一份" not in text_of(after.content)


def test_ten_thousand_characters_run_over_as_many_pages_as_it_takes(renderer: Renderer) -> None:
    short = renderer.render(sample_document(DocumentKind.RECOVERY_NOTICE))
    long = renderer.render(letter(DocumentKind.RECOVERY_NOTICE, facts="核实情况如下。" * 1428))
    assert long.pages > short.pages
    # a sentence may be cut in two by a page's end, a character is not
    more = text_of(long.content).count("况") - text_of(short.content).count("况")
    assert more >= 1428 - 1
    assert 0 < long.seal_at.page < long.pages


def test_the_file_names_its_number_and_nobody(renderer: Renderer) -> None:
    planned = sample_document(DocumentKind.STOP_PAYMENT_LETTER)
    content = renderer.render(planned).content
    utf16 = str(planned.number).encode("utf-16-be").hex().upper().encode()
    assert utf16 in content or str(planned.number).encode() in content
    assert b"/Author" not in content


def test_what_a_letter_must_say_is_looked_for_on_all_its_pages(renderer: Renderer) -> None:
    planned = sample_document(DocumentKind.RECOVERY_NOTICE)
    docx = load(planned.kind).docx
    file = renderer.engines.convert("x", docx, planned.data, title="x", dated=planned.issued_on)
    number, last = str(planned.number), "本表一式二份，社会保险经办机构、当事人各一份。"
    pages = list(file.texts())
    assert last in pages[-1]
    assert last not in "".join(pages[:-1])
    assert finish(file, must_say=[number, last]).pages == len(pages) > 1
    with pytest.raises(ProductionFailed, match="expected text 1"):
        finish(file, must_say=[number, "稽（待遇）字〔1999〕第9号", last])


def test_a_form_goes_out_without_a_seal_but_names_the_letter_it_belongs_to(
    renderer: Renderer,
) -> None:
    kind = DocumentKind.SERVICE_RECORD
    sample = load(kind).sample
    form = renderer.render_form(kind, sample)
    assert (type(form), form.pages) == (FormPdf, 1)
    with pytest.raises(ProductionFailed) as caught:
        renderer.render_form(kind, {**sample, "number": "\ue000"})
    assert caught.value.problem.code == "glyph_missing"
