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
#: around a line of text (ISO 32000-1, 9.4.1)
_BEGIN, _END = b"\nBT\n", b"\nET\n"
#: text in one font (ISO 32000-1, 9.4): where it begins, its font, its codes
_RUN = re.compile(
    rb"(?:(?P<x>[-0-9.]+) (?P<y>[-0-9.]+) Td "
    rb"|\n?1 0 0 1 (?P<at_x>[-0-9.]+) (?P<at_y>[-0-9.]+) Tm\n)"
    rb"/(?P<font>F[0-9]+) (?P<size>[0-9.]+) Tf"
    rb"(?:(?P<plain><[0-9A-F]+>)Tj|\[(?P<spaced>(?:<[0-9A-F]+>(?:-?[0-9]+)?)+)\]TJ)"
)
#: codes, and by how many thousandths of the size the next ones stand nearer
_CODES = re.compile(rb"<([0-9A-F]+)>(-?[0-9]+)?")
#: a code: between brackets, where numbers are not
_CODE = re.compile(rb"([0-9A-F]{2})(?=[0-9A-F]*>)")
#: what draws something else, or text in another way
_OTHER = re.compile(rb"\(|\b(?:Tf|Tj|TJ|Do|BI|gs|sh|scn|SCN)\b")
#: the same within words, which is looked for quickly: nearly always it is not there
_MAYBE_OTHER = re.compile(rb"\(|T[fjJ]|Do|BI|gs|sh|scn|SCN")


@dataclass(frozen=True, slots=True)
class _Placed:
    """A glyph on its line."""

    font: OwnFont
    code: bytes
    #: thousandths of a point
    x: int
    y: bytes
    #: thousandths of the size
    width: int


class _Numbering:
    """The codes that one letter has for the glyphs of a font of the batch, in two digits each."""

    def __init__(self, typeface: Typeface) -> None:
        self.typeface = typeface
        self.fonts: dict[bytes, OwnFont] = {}
        #: the name of a font of the letter → the codes in the batch of its glyphs, and those in it
        self.own: dict[str, dict[bytes, bytes]] = {}

    def add(self, code: bytes, font: OwnFont, own: int) -> None:
        self.fonts[code] = font
        self.own.setdefault(font.name, {})[code] = b"%02X" % own


class Redrawing:
    """One letter's pages, given in their order."""

    def __init__(self, typefaces: Mapping[str, Typeface]) -> None:
        """``typefaces``: the batch's fonts by the names that its pages have for them."""
        self._numberings = {
            name.encode("ascii"): _Numbering(typeface) for name, typeface in typefaces.items()
        }
        self._latest: dict[str, OwnFont] = {}
        #: those that the pages until now are drawn with
        self.fonts: list[OwnFont] = []

    def page(self, content: bytes) -> bytes:
        """The page's content, drawn with ``fonts``.

        Raises ``NotReadable`` where it is not as LibreOffice was seen to write it.
        """
        head, *texts = content.split(_BEGIN)
        drawn, others = [head], [head]
        for text in texts:
            line, end, other = text.partition(_END)
            if not end:
                raise NotReadable("a line of text without an end")
            drawn += (_BEGIN, self._line(line), _END, other)
            others.append(other)
        told = b"\n".join(others)
        if _MAYBE_OTHER.search(told) and _OTHER.search(told):
            raise NotReadable("a page draws more than text and lines")
        return b"".join(drawn)

    def _line(self, text: bytes) -> bytes:
        runs = list(_runs(text))
        if len(runs) == 1 and (alone := self._respelt(runs[0])) is not None:
            return alone[-1]
        if len({run["size"] for run in runs}) > 1:
            raise NotReadable("a line of several sizes")
        own = [self._respelt(run) for run in runs]
        whole = [each for each in own if each is not None]
        # two runs of one font at one height would be one
        if len(whole) < len(own) or any(a[:2] == b[:2] for a, b in pairwise(whole)):
            return _drawn([glyph for run in runs for glyph in self._placed(run)], runs[0]["size"])
        return b"".join(drawn for *_, drawn in whole)

    def _respelt(self, run: "re.Match[bytes]") -> tuple[str, bytes, bytes] | None:
        """Its font, its height and the run in the letter's codes, where it stays in one font."""
        _, y, _, at_y, name, size, plain, spaced = run.groups()
        numbering = self._numberings[name]
        parts = _CODE.split(plain or spaced)
        codes = parts[1::2]
        for code in codes:
            if code not in numbering.fonts:
                self._number(numbering, code)
        font = numbering.fonts[codes[0]]
        try:
            parts[1::2] = map(numbering.own[font.name].__getitem__, codes)
        except KeyError:
            return None
        shown = b"".join(parts) + b"Tj" if plain else b"[%s]TJ" % b"".join(parts)
        head = run.string[run.start() : run.start("font")]
        drawn = b"%s%s %s Tf%s" % (head, font.name.encode("ascii"), size, shown)
        return font.name, y or at_y, drawn

    def _placed(self, run: "re.Match[bytes]") -> Iterator[_Placed]:
        numbering, size = self._numberings[run["font"]], float(run["size"])
        x, y = round(float(run["x"] or run["at_x"]) * _POINT), run["y"] or run["at_y"]
        for codes, nearer in _CODES.findall(run["plain"] or run["spaced"]):
            glyphs = _CODE.findall(codes + b">")
            for place, code in enumerate(glyphs, start=1):
                font, width = numbering.fonts[code], numbering.typeface.width(int(code, 16))
                yield _Placed(font, numbering.own[font.name][code], x, y, width)
                advance = width - (int(nearer or 0) if place == len(glyphs) else 0)
                x += round(advance * size / _STEP) * _STEP

    def _number(self, numbering: _Numbering, code: bytes) -> None:
        """The letter has a code for the glyph, in the latest of its fonts of this face."""
        typeface = numbering.typeface
        font = self._latest.get(typeface.face)
        if font is None or not font.has_room(typeface):
            place = len(self.fonts) + 1
            font = self._latest[typeface.face] = OwnFont(name=f"F{place}", place=place)
            self.fonts.append(font)
        numbering.add(code, font, font.add(typeface, int(code, 16)))


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
    pieces, spaced = [run[0].code], False
    for before, glyph in pairwise(run):
        advance = (glyph.x - before.x) / size
        # not rounded below 0: LibreOffice's way
        nearer = int(before.width - advance + 0.5)
        if nearer:
            pieces.append(b">%d<" % nearer)
            spaced = True
        pieces.append(glyph.code)
    codes = b"<%s>" % b"".join(pieces)
    return b"[%s]TJ" % codes if spaced else codes + b"Tj"


def _points(thousandths: int) -> bytes:
    return f"{thousandths / _POINT:.3f}".rstrip("0").rstrip(".").encode("ascii")
