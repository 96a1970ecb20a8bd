"""PDF from an engine → checked PDF/A-2 with the place of its seal."""

import re
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from typing import Any

from pikepdf import PdfError

from rendering.pdf import PdfFile
from rendering.shown import shown_text
from schemas.documents import FormPdf, RenderedPdf, SealSpot
from schemas.errors import ProductionFailed

#: the Word bookmarks around the date of the 落款, as LibreOffice writes names into PDF
SEAL_FROM, SEAL_TO = "seal_from", "seal_to"
#: points from the top of the date's line up to the seal's centre: the line above it holds the
#: agency's name, and both stand a little below the centre (GB/T 9704-2012, 7.3.5.1)
_ABOVE_DATE = 20.0
#: ISO 19005-2, 6.6.4: the file says part 2, conformance B or more
_PART = re.compile(rb"pdfaid:part(?:>|=[\"'])2")
_CONFORMANCE = re.compile(rb"pdfaid:conformance(?:>|=[\"'])[AB]")
#: how LibreOffice writes characters in names that are no letters or digits
_HEX = re.compile(r"5F")


def finish(pdf: PdfFile, *, must_say: Iterable[str] = ()) -> RenderedPdf:
    """``pdf`` is one whole letter: PDF/A-2, fonts embedded, ``must_say`` in its text.

    Raises ``ProductionFailed`` (not final: another conversion may be right).
    """
    with as_unsound():
        _demand_sound(pdf)
        rendered = RenderedPdf(content=pdf.content, pages=len(pdf.pages), seal_at=_seal_spot(pdf))
    _demand_text(pdf, must_say)
    return rendered


def finish_form(pdf: PdfFile, *, must_say: Iterable[str] = ()) -> FormPdf:
    """``pdf`` is one whole form without a place for a seal; otherwise as ``finish``."""
    with as_unsound():
        _demand_sound(pdf)
        form = FormPdf(content=pdf.content, pages=len(pdf.pages))
    _demand_text(pdf, must_say)
    return form


def check_print(pdf: PdfFile, *, must_say: Iterable[str]) -> int:
    """The pages of a printed list, which is PDF/A-2b with ``must_say`` in its text, and no seal.

    Raises ``ProductionFailed`` (not final: another conversion may be right).
    """
    with as_unsound():
        _demand_sound(pdf)
        pages = len(pdf.pages)
    _demand_text(pdf, must_say)
    return pages


@contextmanager
def as_unsound() -> Iterator[None]:
    """What reading a file comes to comes out as ``ProductionFailed`` rendering_unsound."""
    try:
        yield
    except (PdfError, LookupError, ValueError, AttributeError, TypeError, RuntimeError) as error:
        raise broken(type(error).__name__) from error


def _demand_sound(pdf: PdfFile) -> None:
    _demand_archival(pdf)
    _demand_embedded(pdf)


def _demand_archival(pdf: PdfFile) -> None:
    catalogue = pdf.pdf.Root
    metadata = catalogue.Metadata.read_bytes()
    if not (_PART.search(metadata) and _CONFORMANCE.search(metadata)):
        raise broken("not PDF/A-2b")
    if not len(catalogue.get("/OutputIntents", ())):
        raise broken("no output intent")


def _demand_embedded(pdf: PdfFile) -> None:
    for fonts in pdf.fonts():
        for font in fonts.values():
            descriptor = font.get("/DescendantFonts", [font])[0].get("/FontDescriptor", {})
            if not any(key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3")):
                raise broken("a font is not embedded")


def _demand_text(pdf: PdfFile, must_say: Iterable[str]) -> None:
    """A letter without its number or its addressee is not this letter."""
    wanted = {index: "".join(text.split()) for index, text in enumerate(must_say)}
    # mostly all of it is on the first page, and is found without loading its fonts
    with as_unsound():
        first = shown_text(pdf.pages[0])
    wanted = {index: words for index, words in wanted.items() if words not in first}
    with closing(pdf.texts()) as pages:
        text = ""
        while wanted:
            page = next(pages, None)
            if page is None:
                raise broken(f"expected text {min(wanted)} is not in it")
            text += page
            wanted = {index: words for index, words in wanted.items() if words not in text}


def plain_name(name: str) -> str:
    """A destination's name as the Word file has it."""
    return _HEX.sub("_", name.lstrip("/"))


def _seal_spot(pdf: PdfFile) -> SealSpot:
    places = _marked(pdf) if pdf.marks is not None else dict(_destinations(pdf))
    if SEAL_FROM not in places or SEAL_TO not in places:
        raise broken("the template's bookmarks seal_from and seal_to are not in it")
    first, last = places[SEAL_FROM], places[SEAL_TO]
    page, left, top = first
    # a date that was broken over two lines ends at the left: keep to where it began
    right = last[1] if last[0] == page and abs(last[2] - top) < 1 else left
    return SealSpot(page=page, x=(left + right) / 2, y=top + _ABOVE_DATE)


def _marked(pdf: PdfFile) -> dict[str, tuple[int, float, float]]:
    """Names of places as ``_destinations`` has them, which the engine looked up."""
    return {
        name: (mark.page, mark.x, float(pdf.pages[mark.page].MediaBox[3]) - mark.y)
        for name, mark in (pdf.marks or {}).items()
    }


def _destinations(pdf: PdfFile) -> Iterable[tuple[str, tuple[int, float, float]]]:
    """Names of places with the page, counted from 0, and how far from its left and bottom."""
    numbers = {page.objgen: number for number, page in enumerate(pdf.pages)}
    for name, where in destinations_of(pdf).items():
        page, fit, *place = where
        if fit == "/XYZ" and None not in place[:2]:
            yield plain_name(name), (numbers[page.objgen], float(place[0]), float(place[1]))


def destinations_of(pdf: PdfFile) -> dict[str, Any]:
    """Name → place, as LibreOffice writes both (ISO 32000-1, 12.3.2.3)."""
    return dict(pdf.pdf.Root.get("/Dests", {}).items())


def broken(reason: str) -> ProductionFailed:
    """What another conversion may do right."""
    return ProductionFailed("rendering_unsound", final=False, reason=reason)
