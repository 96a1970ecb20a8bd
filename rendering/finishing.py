"""PDF from LibreOffice → checked PDF/A-2b with the place of its seal."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from pypdf import PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import DictionaryObject

from rendering.pdf import PdfFile
from schemas.documents import FormPdf, RenderedPdf, SealSpot
from schemas.errors import ProductionFailed

#: the Word bookmarks around the date of the 落款, as LibreOffice writes names into PDF
SEAL_FROM, SEAL_TO = "seal_from", "seal_to"
#: points from the top of the date's line up to the seal's centre: the line above it holds the
#: agency's name, and both stand a little below the centre (GB/T 9704-2012, 7.3.5.1)
_ABOVE_DATE = 20.0
#: ISO 19005-2, 6.6.4: the file says part 2, conformance B
_PART = re.compile(rb"pdfaid:part(?:>|=[\"'])2")
_CONFORMANCE = re.compile(rb"pdfaid:conformance(?:>|=[\"'])B")
#: how LibreOffice writes characters in names that are no letters or digits
_HEX = re.compile(r"5F")


def finish(pdf: PdfFile, *, must_say: Iterable[str]) -> RenderedPdf:
    """``pdf`` is one whole letter: PDF/A-2b, fonts embedded, ``must_say`` in its text.

    Raises ``ProductionFailed`` (not final: another conversion may be right).
    """
    with _as_unsound():
        _demand_sound(pdf.reader)
        rendered = RenderedPdf(
            content=pdf.content, pages=len(pdf.reader.pages), seal_at=_seal_spot(pdf.reader)
        )
    _demand_text(pdf, must_say)
    return rendered


def finish_form(pdf: PdfFile, *, must_say: Iterable[str]) -> FormPdf:
    """``pdf`` is one whole form without a place for a seal; otherwise as ``finish``."""
    with _as_unsound():
        _demand_sound(pdf.reader)
        form = FormPdf(content=pdf.content, pages=len(pdf.reader.pages))
    _demand_text(pdf, must_say)
    return form


def check_print(pdf: PdfFile, *, must_say: Iterable[str]) -> int:
    """The pages of a printed list, which is PDF/A-2b with ``must_say`` in its text, and no seal.

    Raises ``ProductionFailed`` (not final: another conversion may be right).
    """
    with _as_unsound():
        _demand_sound(pdf.reader)
        pages = len(pdf.reader.pages)
    _demand_text(pdf, must_say)
    return pages


@contextmanager
def _as_unsound() -> Iterator[None]:
    try:
        yield
    except (PyPdfError, KeyError, ValueError, AttributeError) as error:
        raise broken(type(error).__name__) from error


def _demand_sound(reader: PdfReader) -> None:
    _demand_archival(reader)
    _demand_embedded(reader)


def _demand_archival(reader: PdfReader) -> None:
    catalogue: Any = reader.trailer["/Root"]
    metadata = catalogue["/Metadata"].get_object().get_data()
    if not (_PART.search(metadata) and _CONFORMANCE.search(metadata)):
        raise broken("not PDF/A-2b")
    if not catalogue.get("/OutputIntents"):
        raise broken("no output intent")


def _demand_embedded(reader: PdfReader) -> None:
    for page in reader.pages:
        fonts = page.get("/Resources", DictionaryObject()).get_object().get("/Font", {})
        for name in fonts.get_object() if hasattr(fonts, "get_object") else fonts:
            font = fonts[name].get_object()
            descendant = font.get("/DescendantFonts", [font])[0].get_object()
            descriptor = descendant.get("/FontDescriptor", DictionaryObject()).get_object()
            if not any(key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3")):
                raise broken("a font is not embedded")


def _demand_text(pdf: PdfFile, must_say: Iterable[str]) -> None:
    """A letter without its number or its addressee is not this letter."""
    for index, wanted in enumerate(must_say):
        if "".join(wanted.split()) not in pdf.text:
            raise broken(f"expected text {index} is not in it")


def plain_name(name: str) -> str:
    """A destination's name as the Word file has it."""
    return _HEX.sub("_", name.lstrip("/"))


def _seal_spot(reader: PdfReader) -> SealSpot:
    places = {plain_name(name): place for name, place in _destinations(reader)}
    if SEAL_FROM not in places or SEAL_TO not in places:
        raise broken("the template's bookmarks seal_from and seal_to are not in it")
    first, last = places[SEAL_FROM], places[SEAL_TO]
    page, left, top = first
    # a date that was broken over two lines ends at the left: keep to where it began
    right = last[1] if last[0] == page and abs(last[2] - top) < 1 else left
    return SealSpot(page=page, x=(left + right) / 2, y=top + _ABOVE_DATE)


def _destinations(reader: PdfReader) -> Iterable[tuple[str, tuple[int, float, float]]]:
    for name, destination in reader.named_destinations.items():
        page: Any = destination.page
        number = reader.get_page_number(page.get_object())
        if number is not None and destination.left is not None and destination.top is not None:
            yield name, (number, float(destination.left), float(destination.top))


def broken(reason: str) -> ProductionFailed:
    """What another conversion may do right."""
    return ProductionFailed("rendering_unsound", final=False, reason=reason)
