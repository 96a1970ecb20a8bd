"""A strict clerk: looks at every page of a letter as GB/T 9704-2012 and a careful reader do.

Measures are millimetres from the upper left corner of an A4 page.
"""

import ctypes
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby, pairwise

import pypdfium2
import pypdfium2.raw as pdfium

from schemas.documents import RenderedPdf, SealSpot

_MM = 72 / 25.4
#: the type area of 156 × 225 mm (5.2.1)
LEFT, RIGHT, TOP, BOTTOM = 28.0, 184.0, 37.0, 262.0
#: 28 characters of body text fill a line, 22 lines a page (5.2.3)
ADVANCE, PITCH = 156 / 28, 225 / 22
_BODY, _TITLE, _FORM = 16.0, 22.0, 12.0
#: what a baseline, an edge or a centre may be off
_NEAR = 1.0
#: a seal of the demo's size
SEAL_RADIUS = 21.0
#: characters of a name that fit centred on a date with four characters' room
_SIGNED = 14
_DATE = re.compile(r"[1-9]\d{3}年\d{1,2}月\d{1,2}日")
_HEADING = re.compile(r"[一二三四五六七八九十]+、\S+|（[一二三四五六七八九十]+）\S+")
_PAGE_NUMBER = re.compile(r"—\s*\d+\s*—")
_DEMO = re.compile(r"DEMO\s*演示")
_MARKS = frozenset("。，、；：！？…—（）《》「」『』【】〔〕")


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
class Letter:
    """The lines of a letter's pages, from top to bottom; page numbers and the demo's mark apart."""

    lines: tuple[Line, ...]
    marks: tuple[Line, ...]
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
            if _DATE.fullmatch(line.text) and line.size == _BODY
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
            if line.baseline < self.date.baseline and line.size == _BODY
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
    marks = [line for line in every if _is_mark(line)]
    kept = [line for line in every if not _is_mark(line)]
    return Letter(
        lines=tuple(kept), marks=tuple(marks), seal_at=rendered.seal_at, page_height=height
    )


def faults(rendered: RenderedPdf) -> Iterator[tuple[str, str]]:
    """Each rule that a page breaks, and where."""
    letter = read(rendered)
    for rule, look in RULES.items():
        for where in look(letter):
            yield rule, where


def _is_mark(line: Line) -> bool:
    return _PAGE_NUMBER.fullmatch(line.text) is not None or _DEMO.fullmatch(line.text) is not None


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
        if not sign.strip() or ord(sign) < ord(" ") or pdfium.FPDFText_IsGenerated(text.raw, index):
            spaced = True
            continue
        pdfium.FPDFText_GetCharOrigin(text.raw, index, x, y)
        # a mark takes half of its room where a line begins or ends with it
        left, _, right, _ = text.get_charbox(index, loose=sign not in _MARKS)
        yield Glyph(
            text=sign,
            left=left / _MM,
            right=right / _MM,
            origin=x.value / _MM,
            baseline=(height - y.value) / _MM,
            size=round(pdfium.FPDFText_GetFontSize(text.raw, index), 1),
            spaced=spaced,
        )
        spaced = False


def _where(line: Line) -> str:
    return f"page {line.page + 1}, {line.baseline:.1f} mm: {line.text[:24]}"


def _outside(letter: Letter) -> Iterator[str]:
    for line in letter.lines:
        if line.left < LEFT - 0.5 or line.right > RIGHT + 0.5:
            yield f"{_where(line)} from {line.left:.1f} to {line.right:.1f}"
        elif line.baseline > BOTTOM + 0.5 or line.baseline < TOP:
            yield _where(line)


def _advance(letter: Letter) -> Iterator[str]:
    for line in _prose(letter):
        steps = [
            right.origin - left.origin
            for left, right in pairwise(line.glyphs)
            if _is_han(left.text) and _is_han(right.text) and not right.spaced
        ]
        if steps and line.right < RIGHT - ADVANCE and abs(min(steps) - ADVANCE) > 0.06:
            yield f"{_where(line)}: {min(steps):.2f} mm a character"


def _pitch(letter: Letter) -> Iterator[str]:
    for lines in letter.pages:
        body = [line for line in lines if line.size == _BODY]
        for above, line in pairwise(body):
            step = line.baseline - above.baseline
            if (
                line.left < LEFT + 1
                and PITCH * 0.6 < step < PITCH * 1.4
                and abs(step - PITCH) > 0.1
            ):
                yield f"{_where(line)}: {step:.2f} mm a line"


def _prose(letter: Letter) -> Iterator[Line]:
    return (line for line in letter.lines if line.size == _BODY and len(line.text) > 2)


def _is_han(sign: str) -> bool:
    return "\u4e00" <= sign <= "\u9fff"


def _page_number(letter: Letter) -> Iterator[str]:
    for mark in letter.marks:
        if _PAGE_NUMBER.fullmatch(mark.text):
            # the dash stands a third of its size over the baseline
            dash = mark.baseline - 0.33 * mark.size / _MM
            if abs(dash - BOTTOM - 7) > _NEAR:
                yield f"page {mark.page + 1}: its dash {dash - BOTTOM:.1f} mm under the type area"


def _date(letter: Letter) -> Iterator[str]:
    if letter.date is not None:
        right = RIGHT - 4 * ADVANCE
        # a name that is too long for two lines there takes the date along
        if any(len(line.text) > _SIGNED for line in letter.signature):
            return
        if abs(letter.date.right - right) > _NEAR:
            yield f"{_where(letter.date)} ends {RIGHT - letter.date.right:.1f} mm from the margin"


def _name(letter: Letter) -> Iterator[str]:
    if letter.date is None:
        return
    if not letter.signature:
        yield f"{_where(letter.date)}: no name over it"
    if len(letter.signature) > 2:
        yield f"{_where(letter.signature[0])}: in {len(letter.signature)} lines"
    for line in letter.signature:
        if abs(line.centre - letter.date.centre) > _NEAR:
            yield f"{_where(line)}: {line.centre - letter.date.centre:+.1f} mm off the date"
        if len(line.text) < 4:
            yield f"{_where(line)}: {len(line.text)} characters left"


def _titles(letter: Letter) -> Iterator[str]:
    for line in letter.lines:
        if line.size == _TITLE and len(line.text) < 2:
            yield _where(line)


def _widows(letter: Letter) -> Iterator[str]:
    for above, below in pairwise(letter.pages):
        last, first = above[-1], below[0]
        if last.size != _BODY or first.size != _BODY or first.left > LEFT + 1:
            continue
        if last.indented and not last.text.endswith(("：", "。")):
            yield f"{_where(last)}: a paragraph's first line alone"
        if len(below) > 1 and (below[1].indented or below[1].left > LEFT + 1):
            yield f"{_where(first)}: a paragraph's last line alone"


def _headings(letter: Letter) -> Iterator[str]:
    for lines in letter.pages[:-1]:
        if _HEADING.fullmatch(lines[-1].text) and lines[-1].indented:
            yield _where(lines[-1])


def _sealed_text(letter: Letter) -> Iterator[str]:
    if letter.date is not None and letter.signature:
        top = letter.signature[0].baseline
        above = [line for line in letter.page(letter.date.page) if line.baseline < top - 1]
        if len(above) < 2:
            yield f"page {letter.date.page + 1}: {len(above)} lines over the signature"


def _gaps(letter: Letter) -> Iterator[str]:
    for line in _prose(letter):
        for left, right in pairwise(line.glyphs):
            step = (right.origin - left.origin) * _MM / line.size
            if _is_han(left.text) and not right.spaced and 1.25 < step < 2:
                yield f"{_where(line)}: {step:.2f} em after {left.text}"
                break


def _under_seal(letter: Letter) -> Iterator[str]:
    spot = letter.seal_at
    x, y = spot.x / _MM, (letter.page_height - spot.y) / _MM
    signed = {id(line) for line in (*letter.signature, letter.date)}
    for line in letter.page(spot.page):
        if id(line) in signed:
            continue
        for glyph in line.glyphs:
            middle = glyph.baseline - glyph.size / _MM / 3
            # of a form only figures have to be read; an agreement is sealed over its party's name
            if (line.size < _FORM or letter.date is None) and not glyph.text.isdigit():
                continue
            if ((glyph.left + glyph.right) / 2 - x) ** 2 + (middle - y) ** 2 < SEAL_RADIUS**2:
                yield f"{_where(line)}: {glyph.text} lies under the seal"
                break


def _receipts(letter: Letter) -> Iterator[str]:
    heads = [line for line in letter.lines if "裁剪线" in line.text]
    if heads and letter.lines[-1].page != heads[-1].page:
        yield f"{_where(heads[-1])}: torn over {letter.lines[-1].page - heads[-1].page + 1} pages"


def _attachments(letter: Letter) -> Iterator[str]:
    for above, line in pairwise(letter.lines):
        if line.text.startswith("附件：") and line.page == above.page:
            step = line.baseline - above.baseline
            if step < 2 * PITCH - _NEAR:
                yield f"{_where(line)}: {step:.1f} mm below the text"


#: what is asked of every page, by name
RULES: dict[str, Callable[[Letter], Iterator[str]]] = {
    "inside the type area": _outside,
    "28 characters a line": _advance,
    "22 lines a page": _pitch,
    "page number 7 mm below": _page_number,
    "date with four characters' room": _date,
    "name centred on the date": _name,
    "no title of one character": _titles,
    "no line of a paragraph alone": _widows,
    "no heading at a page's end": _headings,
    "text over the seal": _sealed_text,
    "no line pulled apart": _gaps,
    "nothing under the seal": _under_seal,
    "receipt in one piece": _receipts,
    "attachments one line below": _attachments,
}


def summary(found: Sequence[tuple[str, str]]) -> dict[str, int]:
    """How often each rule was broken."""
    return {rule: sum(name == rule for name, _ in found) for rule in RULES}
