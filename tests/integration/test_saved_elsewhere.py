"""Templates after other programs saved them: lint passes them, the letters stay the same."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from rendering.engines import Engines
from rendering.pdf import PdfFile
from rendering.typst.compiler import compile_template, unknown_in
from schemas.documents import DocumentKind
from templates.catalogue import load
from templates.lint import lint
from tests.building.renderers import running_renderer
from tests.building.saved import by_libreoffice, by_python_docx, by_word, by_wps
from tests.building.variations import variation

pytestmark = pytest.mark.timeout(300)

KINDS = list(DocumentKind)
#: page numbers, and the heads of tables that are printed anew on each page
_AROUND = re.compile("—[0-9]+—|DEMO演示|序号材料名称份数备注")
DAY = date(2026, 3, 5)
Saving = Callable[[bytes], bytes]


@pytest.fixture(scope="module")
def engines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engines]:
    for renderer in running_renderer(tmp_path_factory.mktemp("typst")):
        yield renderer.engines


@pytest.mark.parametrize("saving", [by_word, by_wps, by_python_docx])
@pytest.mark.parametrize("kind", KINDS)
def test_a_saved_template_is_sound_and_compiles_to_the_same(
    kind: DocumentKind, saving: Saving
) -> None:
    template = load(kind)
    saved = replace(template, docx=saving(template.docx))
    assert saved.docx != template.docx
    assert [str(finding.message_en) for finding in lint(saved)] == []
    assert unknown_in(saved.docx) == ()
    assert compile_template(saved.docx).source == compile_template(template.docx).source


@pytest.mark.office
@pytest.mark.parametrize("kind", KINDS)
def test_a_template_that_libreoffice_saved_makes_the_same_letters(
    engines: Engines, tmp_path: Path, kind: DocumentKind
) -> None:
    template = load(kind)
    saved = replace(template, docx=by_libreoffice(template.docx, tmp_path))
    assert [str(finding.message_en) for finding in lint(saved)] == []
    assert unknown_in(saved.docx) == ()
    for data in (template.sample, variation(template, 0)):
        one, other = (
            engines.convert(kind.value, each.docx, data, title="题", dated=DAY)
            for each in (template, saved)
        )
        # it forgets that there are no gaps between Chinese and Latin text: lines end elsewhere
        assert abs(len(one.pages) - len(other.pages)) <= (data is not template.sample)
        assert _said(one) == _said(other)
        assert (one.marks or {}).keys() == (other.marks or {}).keys()


def _said(file: PdfFile) -> Counter[str]:
    """The characters of the text, without page numbers and what is printed on every page."""
    return Counter(_AROUND.sub("", "".join(file.texts())))
