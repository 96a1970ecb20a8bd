"""Templates that go by LibreOffice, counted."""

from pathlib import Path

from schemas.documents import DocumentKind
from templates.catalogue import WORD_FILE
from templates.library import Library
from tests.building.words import changed
from workers.metrics.templates import TemplateMetrics

FRAMED = changed(DocumentKind.STOP_PAYMENT_LETTER, "<w:pPr>", '<w:pPr><w:framePr w:w="100"/>')


def counted(metrics: TemplateMetrics) -> float:
    (family,) = metrics.read()
    value: float = family.samples[0].value
    return value


def test_the_first_scrape_counts_all_of_them(tmp_path: Path) -> None:
    for owner, content in (("430111", FRAMED.docx), ("430112", FRAMED.docx), ("430113", b"none")):
        folder = tmp_path / owner / FRAMED.kind.value
        folder.mkdir(parents=True)
        (folder / WORD_FILE).write_bytes(content)
    metrics = TemplateMetrics(Library(tmp_path))
    assert (counted(metrics), counted(metrics)) == (2, 2)


def test_no_shipped_template_goes_by_libreoffice() -> None:
    assert counted(TemplateMetrics(Library())) == 0
