"""What a strict clerk looks at: the lines, rules and tables of a letter's pages.

Measures are millimetres from the upper left corner of an A4 page.
"""

import ctypes
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any

import pikepdf
import pypdfium2
import pypdfium2.raw as pdfium

from schemas.documents import RenderedPdf, SealSpot

MM = 72 / 25.4
#: the type area of 156 × 225 mm (5.2.1)
LEFT, RIGHT, TOP, BOTTOM = 28.0, 184.0, 37.0, 262.0
#: 28 characters of body text fill a line, 22 lines a page (5.2.3)
ADVANCE, PITCH = 156 / 28, 225 / 22
#: sizes of body text and titles, points
BODY, TITLE = 16.0, 22.0
DATE = re.compile(r"[1-9]\d{3}年\d{1,2}月\d{1,2}日")
PAGE_NUMBER = re.compile(r"—\s*\d+\s*—")
_DEMO = re.compile(r"DEMO\s*演示")
_MARKS = frozenset("。，、；：！？…—（）《》「」『』【】〔〕")
#: a path that is thinner is a line
_THIN = 0.6


@dataclass(frozen=True, kw_only=True)
class Glyph:
    """A printed character."""

    text: str
    left: float
    right: float
    baseline: float
    #: where its advance begins
    origin: float
    #: points
    size: float
    #: True where white space stands before it in the text
    spaced: bool


@dataclass(frozen=True, kw_only=True)
class Line:
    """Characters on one baseline, from left to right."""

    #: 0-based
    page: int
    glyphs: tuple[Glyph, ...]

    @cached_property
    def text(self) -> str:
        """Its characters, without white space."""
        return "".join(glyph.text for glyph in self.glyphs)

    @property
    def left(self) -> float:
        """Where it begins."""
        return self.glyphs[0].left

    @property
    def right(self) -> float:
        """Where it ends."""
        return max(glyph.right for glyph in self.glyphs)

    @property
    def centre(self) -> float:
        """Half way between its ends."""
        return (self.left + self.right) / 2

    @property
    def baseline(self) -> float:
        """Where its characters stand."""
        return self.glyphs[0].baseline

    @property
    def size(self) -> float:
        """Of its largest character, in points."""
        return max(glyph.size for glyph in self.glyphs)

    @property
    def indented(self) -> bool:
        """True where it begins two characters from the margin, as a paragraph does."""
        return abs(self.left - LEFT - 2 * ADVANCE) < ADVANCE / 2


@dataclass(frozen=True, kw_only=True)
class Stroke:
    """A straight line, across or down."""

    #: 0-based
    page: int
    left: float
    top: float
    right: float
    bottom: float

    @property
    def down(self) -> bool:
        """True for one from above to below."""
        return self.right - self.left < _THIN

    def passes(self, x: float, y: float) -> bool:
        """True where it crosses the horizontal at ``y`` if it is down, the vertical at ``x``."""
        return self.top <= y <= self.bottom if self.down else self.left <= x <= self.right


@dataclass(frozen=True, kw_only=True)
class Row:
    """A row of a table."""

    #: the pages that its text is on, 0-based
    pages: tuple[int, ...]
    header: bool


@dataclass(frozen=True, kw_only=True)
class Letter:
    """The lines of a letter's pages, from top to bottom; page numbers and the demo's mark apart."""

    lines: tuple[Line, ...]
    marks: tuple[Line, ...]
    strokes: tuple[Stroke, ...]
    #: the rows of each table
    tables: tuple[tuple[Row, ...], ...]
    seal_at: SealSpot
    #: points
    page_height: float

    def page(self, number: int) -> list[Line]:
        """The lines of a page, 0-based."""
        return [line for line in self.lines if line.page == number]

    @cached_property
    def pages(self) -> list[list[Line]]:
        """The lines of each page that has some."""
        return [list(group) for _, group in groupby(self.lines, key=lambda line: line.page)]

    @cached_property
    def date(self) -> Line | None:
        """The line with the date of issue, where it stands alone."""
        found = [
            line
            for line in self.page(self.seal_at.page)
            if DATE.fullmatch(line.text) and line.size == BODY
        ]
        return found[-1] if found else None

    @cached_property
    def signature(self) -> list[Line]:
        """The lines of the agency's name over the date, the lowest last."""
        if self.date is None:
            return []
        above = [
            line
            for line in self.page(self.date.page)
            if line.baseline < self.date.baseline and line.size == BODY
        ]
        found: list[Line] = []
        at = self.date.baseline
        for line in reversed(above):
            if at - line.baseline > PITCH * 1.2 or line.indented or line.left < LEFT + 1:
                break
            found.insert(0, line)
            at = line.baseline
        return found


def read(rendered: RenderedPdf) -> Letter:
    """The pages of a letter as they are printed."""
    with pypdfium2.PdfDocument(rendered.content) as pdf:
        height = pdf[0].get_height()
        every = [line for number, page in enumerate(pdf) for line in _lines(number, page)]
        strokes = [stroke for number, page in enumerate(pdf) for stroke in _strokes(number, page)]
    marks = [line for line in every if _is_mark(line)]
    kept = [line for line in every if not _is_mark(line)]
    return Letter(
        lines=tuple(kept),
        marks=tuple(marks),
        strokes=tuple(strokes),
        tables=tuple(_tables(rendered.content)),
        seal_at=rendered.seal_at,
        page_height=height,
    )


def _is_mark(line: Line) -> bool:
    return PAGE_NUMBER.fullmatch(line.text) is not None or _DEMO.fullmatch(line.text) is not None


def _lines(number: int, page: pypdfium2.PdfPage) -> Iterator[Line]:
    glyphs = sorted(_glyphs(page), key=lambda glyph: (round(glyph.baseline, 1), glyph.left))
    for _, group in groupby(glyphs, key=lambda glyph: round(glyph.baseline, 1)):
        yield Line(page=number, glyphs=tuple(group))


def _glyphs(page: pypdfium2.PdfPage) -> Iterator[Glyph]:
    text, height = page.get_textpage(), page.get_height()
    x, y = ctypes.c_double(), ctypes.c_double()
    spaced = True
    for index in range(text.count_chars()):
        sign = chr(pdfium.FPDFText_GetUnicode(text.raw, index))
        if pdfium.FPDFText_IsGenerated(text.raw, index):
            # pdfium's own, where characters are far from each other
            continue
        if not sign.strip() or ord(sign) < ord(" "):
            spaced = True
            continue
        pdfium.FPDFText_GetCharOrigin(text.raw, index, x, y)
        # a mark takes half of its room where a line begins or ends with it
        left, _, right, _ = text.get_charbox(index, loose=sign not in _MARKS)
        yield Glyph(
            text=sign,
            left=left / MM,
            right=right / MM,
            origin=x.value / MM,
            baseline=(height - y.value) / MM,
            size=round(pdfium.FPDFText_GetFontSize(text.raw, index), 1),
            spaced=spaced,
        )
        spaced = False


def _strokes(number: int, page: pypdfium2.PdfPage) -> Iterator[Stroke]:
    height = page.get_height()
    for path in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_PATH]):
        left, bottom, right, top = (edge / MM for edge in path.get_bounds())
        if min(right - left, top - bottom) < _THIN:
            yield Stroke(
                page=number,
                left=left,
                top=height / MM - top,
                right=right,
                bottom=height / MM - bottom,
            )


def _tables(content: bytes) -> Iterator[tuple[Row, ...]]:
    """The rows of each table of the structure tree (ISO 32000-1, 14.8.4.3)."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        numbers = {page.objgen: number for number, page in enumerate(pdf.pages)}
        for table in _elements(pdf.Root.StructTreeRoot, "/Table"):
            yield tuple(
                Row(
                    pages=tuple(sorted({numbers[page] for page in _pages(row, None)})),
                    header="/TH" in {str(cell.get("/S")) for cell in _children(row)},
                )
                for row in _elements(table, "/TR")
            )


def _children(element: Any) -> Sequence[Any]:
    kids = element.get("/K", [])
    return list(kids) if isinstance(kids, pikepdf.Array) else [kids]


def _elements(element: Any, kind: str) -> Iterator[Any]:
    for child in _children(element):
        if isinstance(child, pikepdf.Dictionary):
            if child.get("/S") == kind:
                yield child
            else:
                yield from _elements(child, kind)


def _pages(element: Any, page: Any) -> Iterator[Any]:
    """The pages that ``element`` has text on, by number and generation of their objects."""
    page = element["/Pg"].objgen if "/Pg" in element else page
    for child in _children(element):
        if isinstance(child, pikepdf.Dictionary):
            yield from [child.Pg.objgen] if child.get("/Type") == "/MCR" else _pages(child, page)
        else:
            yield page
