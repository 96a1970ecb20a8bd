"""Typst and LibreOffice on the same templates and data: the same text, no more pages."""

import ctypes
import os
import re
from collections import Counter
from collections.abc import Iterator

import pypdfium2
import pytest
from lxml import etree

from rendering.filling import WordTemplate
from rendering.pdf import PdfFile
from rendering.preview import drawn
from rendering.renderer import Renderer
from schemas.documents import DocumentKind, RenderedPdf
from templates.catalogue import load
from templates.word import DOCUMENT, W, WordFile
from tests.building.renderers import running_renderer
from tests.building.variations import variation

pytestmark = [pytest.mark.office, pytest.mark.timeout(3600)]

SETS = int(os.environ.get("HANYIN_TEST_SETS", "3"))
#: a millimetre in points
MM = 72 / 25.4
#: printed on every page, and by repeated rows; a hyphen at a line's end is read as another
_AROUND = re.compile("—[0-9]+—|DEMO演示")
#: what its date and seal stand on is not the line of a printed date
_BY_HAND = {
    DocumentKind.RECOVERY_NOTICE,
    DocumentKind.DEDUCTION_AGREEMENT,
    DocumentKind.REPAYMENT_AGREEMENT,
    DocumentKind.SERVICE_RECORD,
}


@pytest.fixture(scope="module")
def typst(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Renderer]:
    yield from running_renderer(tmp_path_factory.mktemp("typst"))


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Renderer]:
    yield from running_renderer(tmp_path_factory.mktemp("office"), typst=False)


def said(content: bytes) -> Counter[str]:
    """The characters of the pages, without what stands around each."""
    pages = PdfFile(content=content).texts()
    return Counter("".join(_AROUND.sub("", page) for page in pages).replace("\ufffe", "-"))


def wanted(kind: DocumentKind, data: dict[str, object]) -> Counter[str]:
    """The characters of the filled Word file, read by nobody who lays it out."""
    parts = dict(WordTemplate("test", load(kind).docx).fill(data).parts)
    texts = etree.fromstring(parts[DOCUMENT]).iter(f"{W}t")
    return Counter("".join("".join(node.text or "" for node in texts).split()))


def off_paper(content: bytes) -> int:
    """Characters that are not on the paper, its lowest centimetre left out."""
    count = 0
    for page in pypdfium2.PdfDocument(content):
        width, height = page.get_size()
        text = page.get_textpage()
        for index in range(text.count_chars()):
            left, bottom, right, top = text.get_charbox(index)
            on_paper = left >= 0 and right <= width and bottom > 10 * MM and top < height
            count += right > left and not on_paper
    return count


@pytest.mark.parametrize("kind", list(DocumentKind))
def test_the_same_text_on_no_more_pages(
    typst: Renderer, office: Renderer, kind: DocumentKind
) -> None:
    template = load(kind)
    heads = Counter("".join(_heads(template.docx)))
    for index in range(SETS):
        data = variation(template, index)
        one, other = drawn(typst, kind, data), drawn(office, kind, data)
        found, text = said(one.content), wanted(kind, data)
        assert text - found == Counter(), f"set {index}: something is not in it"
        assert set(found - text) <= set(heads), f"set {index}: something is in it besides"
        assert one.pages <= other.pages, f"set {index}"
        assert off_paper(one.content) == 0, f"set {index}"


def _heads(docx: bytes) -> Iterator[str]:
    """The words of rows and of cells over several rows, which are repeated on each page."""
    tree = WordFile.read(docx).tree(DOCUMENT)
    for row in tree.iter(f"{W}tr"):
        if row.find(f"{W}trPr/{W}tblHeader") is not None:
            yield "".join(node.text or "" for node in row.iter(f"{W}t"))
    for cell in tree.iter(f"{W}tc"):
        if cell.find(f"{W}tcPr/{W}vMerge") is not None:
            yield "".join(node.text or "" for node in cell.iter(f"{W}t"))


@pytest.mark.parametrize("kind", sorted(set(DocumentKind) - _BY_HAND))
def test_the_seal_stands_over_the_printed_date(typst: Renderer, kind: DocumentKind) -> None:
    for index in range(SETS):
        data = variation(load(kind), index)
        made = drawn(typst, kind, data)
        assert isinstance(made, RenderedPdf)
        left, right, baseline = _line_of(made, str(data["issued_on"]))
        assert abs(made.seal_at.x - (left + right) / 2) < MM, f"set {index}"
        # the line is 16 points high, its baseline at four fifths, the centre 20 points above
        assert abs(made.seal_at.y - (baseline + 12.8 + 20)) < MM, f"set {index}"


def _line_of(made: RenderedPdf, words: str) -> tuple[float, float, float]:
    """Left, right and baseline of where ``words`` stand last on the seal's page, points."""
    page = pypdfium2.PdfDocument(made.content)[made.seal_at.page].get_textpage()
    searcher, places = page.search(words), []
    while (found := searcher.get_next()) is not None:
        places.append(found)
    index, count = places[-1]
    x, y = ctypes.c_double(), ctypes.c_double()
    assert pypdfium2.raw.FPDFText_GetCharOrigin(page, index, x, y)
    last = page.get_charbox(index + count - 1, loose=True)
    return x.value, last[2], y.value


@pytest.mark.parametrize("kind", sorted({*DocumentKind} - {DocumentKind.SERVICE_RECORD}))
def test_the_seal_is_where_libreoffice_has_it_beside_what_does_not_move(
    typst: Renderer, office: Renderer, kind: DocumentKind
) -> None:
    sample = dict(load(kind).sample)
    one, other = drawn(typst, kind, sample), drawn(office, kind, sample)
    assert isinstance(one, RenderedPdf)
    assert isinstance(other, RenderedPdf)
    assert one.seal_at.page == other.seal_at.page
    assert abs(one.seal_at.x - other.seal_at.x) < MM
