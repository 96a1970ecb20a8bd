"""What an own template says otherwise: by paragraph, row and entry."""

from dataclasses import replace

import pytest

from schemas.documents import DocumentKind
from templates.catalogue import MANIFEST, Template, load
from templates.differences import Change, differences
from templates.word import DOCUMENT, WordFile
from tests.building.words import changed, zipped

STOP, NOTICE, OPINION = (
    DocumentKind.STOP_PAYMENT_LETTER,
    DocumentKind.RECOVERY_NOTICE,
    DocumentKind.AUDIT_OPINION,
)


def found(own: Template) -> list[Change]:
    return differences(load(own.kind), own)


@pytest.mark.parametrize("kind", DocumentKind)
def test_a_template_does_not_differ_from_itself(kind: DocumentKind) -> None:
    assert found(load(kind)) == []


def test_another_word_is_a_change_of_its_paragraph() -> None:
    (change,) = found(changed(STOP, "（裁　剪　线）", "（沿此线剪下）"))
    assert change == Change(part=DOCUMENT, shipped="（裁　剪　线）", own="（沿此线剪下）")


def test_words_that_word_tore_into_runs_are_no_change() -> None:
    assert found(changed(STOP, "{{ stop_from }}", "{{ stop_</w:t></w:r><w:r><w:t>from }}")) == []


def test_another_layout_is_no_change_of_words() -> None:
    assert found(changed(STOP, "<w:rPr>", '<w:rPr><w:spacing w:val="9"/>')) == []


def test_a_row_of_a_table_is_a_line_with_its_cells() -> None:
    (change,) = found(changed(NOTICE, "{{ item.reason }}", "原因：{{ item.reason }}"))
    assert change.own is not None
    assert " | " in change.own
    assert "原因：{{ item.reason }}" in change.own


@pytest.mark.parametrize("added", [True, False])
def test_a_paragraph_too_many_or_too_few_is_one_line(*, added: bool) -> None:
    more = changed(STOP, "<w:body>", "<w:body><w:p><w:r><w:t>密级</w:t></w:r></w:p>")
    pair = (load(STOP), more) if added else (more, load(STOP))
    line = {"shipped": None, "own": "密级"} if added else {"shipped": "密级", "own": None}
    assert differences(*pair) == [Change(part=DOCUMENT, **line)]


def test_a_header_or_footer_is_compared_too() -> None:
    template = load(NOTICE)
    parts = WordFile.read(template.docx).parts
    footer = next(name for name in parts if name.startswith("word/footer"))
    said = parts[footer].replace(b"</w:p>", "<w:r><w:t>内部</w:t></w:r></w:p>".encode(), 1)
    own = replace(template, docx=zipped({**parts, footer: said}))
    assert [change.part for change in found(own)] == [footer]


def test_the_manifest_is_compared_by_what_it_says() -> None:
    template = load(STOP)
    variables = template.manifest.variables[:-1]
    manifest = template.manifest.model_copy(update={"variables": variables, "name": "止付函"})
    lines = found(replace(template, manifest=manifest))
    assert {change.part for change in lines} == {MANIFEST}
    assert lines[0].own == "name = 止付函"
    assert lines[-1].own is None
    assert (lines[-1].shipped or "").startswith(template.manifest.variables[-1].name)
