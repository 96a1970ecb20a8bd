"""The pages of one letter of a batch, drawn with fonts of its own as LibreOffice draws it alone.

LibreOffice gives the glyphs of a face their codes in the order in which they are drawn, 255 to a
font, and begins a run anew where a line changes between two fonts. Which glyphs share a font, and
so where each stands to a tenth of a point, hangs on all that was drawn before: on other letters.
So fonts and codes are given anew here, and lines are broken where those of the letter alone are.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from rendering.type1 import NotReadable
from rendering.typeface import OwnFont, Typeface

#: LibreOffice places glyphs in tenths of a point; places are in thousandths here
_STEP, _POINT = 100, 1000
_TEXT = re.compile(rb"\nBT\n(.*?)\nET\n", re.DOTALL)
#: text in one font (ISO 32000-1, 9.4): where it begins, its font, its codes
_RUN = re.compile(
    rb"(?:(?P<x>[-0-9.]+) (?P<y>[-0-9.]+) Td "
    rb"|\n?1 0 0 1 (?P<at_x>[-0-9.]+) (?P<at_y>[-0-9.]+) Tm\n)"
    rb"/(?P<font>F[0-9]+) (?P<size>[0-9.]+) Tf"
    rb"(?:(?P<plain><[0-9A-F]+>)Tj|\[(?P<spaced>(?:<[0-9A-F]+>(?:-?[0-9]+)?)+)\]TJ)"
)
#: codes, and by how many thousandths of the size the next ones stand nearer
_CODES = re.compile(rb"<([0-9A-F]+)>(-?[0-9]+)?")
#: what draws something else, or text in another way
_OTHER = re.compile(rb"\(|\b(?:Tf|Tj|TJ|Do|BI|gs|sh|scn|SCN)\b")


@dataclass(frozen=True, slots=True)
class _Placed:
    """A glyph on its line."""

    font: OwnFont
    code: int
    #: thousandths of a point
    x: int
    y: bytes
    #: thousandths of the size
    width: int


class Redrawing:
    """One letter's pages, given in their order."""

    def __init__(self, typefaces: Mapping[str, Typeface]) -> None:
        """``typefaces``: the batch's fonts by the names that its pages have for them."""
        self._typefaces = typefaces
        self._own: dict[Typeface, dict[int, tuple[OwnFont, int]]] = {}
        self._latest: dict[str, OwnFont] = {}
        #: those that the pages until now are drawn with
        self.fonts: list[OwnFont] = []

    def page(self, content: bytes) -> bytes:
        """The page's content, drawn with ``fonts``.

        Raises ``NotReadable`` where it is not as LibreOffice was seen to write it.
        """
        pieces, place = list[bytes](), 0
        for text in _TEXT.finditer(content):
            pieces += [content[place : text.start(1)], self._line(text[1])]
            place = text.end(1)
        pieces.append(content[place:])
        if any(map(_OTHER.search, pieces[::2])):
            raise NotReadable("a page draws more than text and lines")
        return b"".join(pieces)

    def _line(self, text: bytes) -> bytes:
        runs = list(_runs(text))
        if len(runs) == 1 and (line := self._respelt(runs[0])) is not None:
            return line
        if len({run["size"] for run in runs}) > 1:
            raise NotReadable("a line of several sizes")
        return _drawn([glyph for run in runs for glyph in self._placed(run)], runs[0]["size"])

    def _respelt(self, run: "re.Match[bytes]") -> bytes | None:
        """The run with other codes, where all of it stays in one font."""
        typeface, name, pieces = self._typeface(run), "", list[bytes]()
        for codes, nearer in _CODES.findall(run["plain"] or run["spaced"]):
            own = [self._numbered(typeface, code) for code in bytes.fromhex(codes.decode("ascii"))]
            if {font.name for font, _ in own} - {name or own[0][0].name}:
                return None
            name = own[0][0].name
            pieces.append(b"<%s>%s" % (_hexadecimal(code for _, code in own), nearer))
        shown = b"".join(pieces)
        shown = shown + b"Tj" if run["plain"] else b"[%s]TJ" % shown
        head = run.string[: run.start("font")]
        return b"%s%s %s Tf%s" % (head, name.encode("ascii"), run["size"], shown)

    def _placed(self, run: "re.Match[bytes]") -> Iterator[_Placed]:
        typeface, size = self._typeface(run), float(run["size"])
        x, y = round(float(run["x"] or run["at_x"]) * _POINT), run["y"] or run["at_y"]
        for codes, nearer in _CODES.findall(run["plain"] or run["spaced"]):
            glyphs = bytes.fromhex(codes.decode("ascii"))
            for place, code in enumerate(glyphs, start=1):
                font, own = self._numbered(typeface, code)
                width = typeface.width(code)
                yield _Placed(font, own, x, y, width)
                advance = width - (int(nearer or 0) if place == len(glyphs) else 0)
                x += round(advance * size / _STEP) * _STEP

    def _typeface(self, run: "re.Match[bytes]") -> Typeface:
        return self._typefaces[run["font"].decode("ascii")]

    def _numbered(self, typeface: Typeface, code: int) -> tuple[OwnFont, int]:
        """The font and the code in which the letter has a glyph of the batch."""
        numbered = self._own.setdefault(typeface, {})
        found = numbered.get(code)
        if found is None:
            font = self._latest.get(typeface.face)
            if font is None or not font.has_room(typeface):
                place = len(self.fonts) + 1
                font = self._latest[typeface.face] = OwnFont(name=f"F{place}", place=place)
                self.fonts.append(font)
            found = numbered[code] = (font, font.add(typeface, code))
        return found


def _runs(text: bytes) -> Iterator["re.Match[bytes]"]:
    place = 0
    while place < len(text):
        run = _RUN.match(text, place)
        if run is None:
            raise NotReadable("a line with other operators")
        yield run
        place = run.end()


def _drawn(glyphs: Sequence[_Placed], size: bytes) -> bytes:
    """The line, in runs of one font at one height."""
    written = list[bytes]()
    for _, run in groupby(glyphs, key=lambda glyph: (glyph.font.name, glyph.y)):
        first, *others = run
        place = b"%s %s" % (_points(first.x), first.y)
        written.append(b"\n1 0 0 1 %s Tm\n" % place if written else b"%s Td " % place)
        shown = _shown([first, *others], float(size))
        written.append(b"/%s %s Tf%s" % (first.font.name.encode("ascii"), size, shown))
    return b"".join(written)


def _shown(run: Sequence[_Placed], size: float) -> bytes:
    pieces, spaced = [b"%02X" % run[0].code], False
    for before, glyph in pairwise(run):
        advance = (glyph.x - before.x) / size
        # not rounded below 0: LibreOffice's way
        nearer = int(before.width - advance + 0.5)
        if nearer:
            pieces.append(b">%d<" % nearer)
            spaced = True
        pieces.append(b"%02X" % glyph.code)
    codes = b"<%s>" % b"".join(pieces)
    return b"[%s]TJ" % codes if spaced else codes + b"Tj"


def _hexadecimal(codes: Iterator[int]) -> bytes:
    return bytes(codes).hex().upper().encode("ascii")


def _points(thousandths: int) -> bytes:
    return f"{thousandths / _POINT:.3f}".rstrip("0").rstrip(".").encode("ascii")
