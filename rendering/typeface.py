"""The fonts of a batch, and those that one of its letters has of its own (ISO 32000-1, 9.6)."""

import re
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from isal import isal_zlib
from pikepdf import Name, Stream

from rendering.cff import Glyph, write_cff
from rendering.objects import NewFile, entries
from rendering.truetype import cut_truetype
from rendering.type1 import NotReadable, Type1Font, as_type2, read_type1

#: a line of a ToUnicode map: a code of one byte and the characters it stands for, UTF-16
_MAPPED = re.compile(rb"<([0-9A-Fa-f]{2})>\s*<((?:[0-9A-Fa-f]{4})+)>")
#: entries of one block of such a map (9.10.3)
_BLOCK = 100
#: glyphs of a font of one byte's codes, code 0 left out
_FULL = 255
_LETTERS = 26
#: of ISA-L's compression: as small as zlib's third, in a sixth of its time
_LEVEL = 2
#: what a font of some glyphs does not say as the font that they are of
_OWN_OF_FONT = frozenset(
    {"/BaseFont", "/FirstChar", "/LastChar", "/Widths", "/FontDescriptor", "/ToUnicode"}
)
_OWN_OF_DESCRIPTOR = frozenset({"/FontName", "/FontFile", "/FontFile2"})
_MAP_HEAD = b"""/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<00> <FF>
endcodespacerange
"""
_MAP_TAIL = b"""endcmap
CMapName currentdict /CMap defineresource pop
end
end
"""


def put_packed(file: NewFile, content: bytes, entries: bytes = b"") -> int:
    """The number of a stream of ``file`` with the content, compressed."""
    packed = isal_zlib.compress(content, _LEVEL)
    return file.add_stream(packed, entries + b"/Filter/FlateDecode")


class Typeface:
    """A simple font that LibreOffice embedded for all letters of a batch."""

    def __init__(self, font: Any) -> None:
        """Raises ``NotReadable`` where it is not as LibreOffice was seen to write it."""
        self._font = font
        self._descriptor = font.FontDescriptor
        kind, entries = str(font.Subtype), set(self._descriptor.keys())
        self.is_truetype = kind == "/TrueType" and "/FontFile2" in entries
        is_type1 = kind == "/Type1" and "/FontFile" in entries
        if not (is_type1 or self.is_truetype) or not isinstance(font.get("/ToUnicode"), Stream):
            raise NotReadable(f"a font of the kind {kind}")
        #: its name without the tag of a font that is embedded in part (9.6.4)
        self.face = str(self._descriptor.FontName).partition("+")[2]

    def width(self, code: int) -> int:
        """Thousandths of the size; KeyError where the font has no such code."""
        return self._widths[code]

    @cached_property
    def characters(self) -> dict[int, bytes]:
        """Code → what it stands for, UTF-16 in hexadecimal digits."""
        told = self._font.ToUnicode.read_bytes()
        return {int(code, 16): text for code, text in _MAPPED.findall(told)}

    @cached_property
    def type1(self) -> Type1Font:
        """Its program; raises ``NotReadable``."""
        program = self._descriptor.FontFile
        return read_type1(program.read_bytes(), int(program.Length1))

    @property
    def truetype(self) -> bytes:
        """Its program."""
        program: bytes = self._descriptor.FontFile2.read_bytes()
        return program

    @cached_property
    def entries(self) -> bytes:
        """What a font of some of its glyphs says of itself as this one does."""
        return entries(self._font, without=_OWN_OF_FONT)

    @cached_property
    def description(self) -> bytes:
        """The same of its descriptor (9.8)."""
        return entries(self._descriptor, without=_OWN_OF_DESCRIPTOR)

    @cached_property
    def _widths(self) -> dict[int, int]:
        return dict(enumerate(map(int, self._font.Widths), int(self._font.FirstChar)))


@dataclass(frozen=True, kw_only=True)
class OwnFont:
    """A font with the glyphs that one letter draws, of any fonts of the same face."""

    #: as pages name it, and the letter's first, second, … font
    name: str
    place: int
    #: code → the glyph's font in the batch, and its code there
    glyphs: dict[int, tuple[Typeface, int]] = field(default_factory=dict, repr=False)

    def has_room(self, typeface: Typeface) -> bool:
        """Whether a glyph more of ``typeface`` may stand in it."""
        return typeface.is_truetype or len(self.glyphs) < _FULL

    def add(self, typeface: Typeface, code: int) -> int:
        """The glyph is in it: its code. One of TrueType keeps it, as it is its number there."""
        own = code if typeface.is_truetype else len(self.glyphs) + 1
        self.glyphs[own] = (typeface, code)
        return own

    def put(self, file: NewFile) -> int:
        """The font's number in ``file``: no outline, width or character of another glyph is in it.

        Raises ``NotReadable``.
        """
        try:
            return self._put(file)
        except (KeyError, IndexError, ValueError, ArithmeticError, struct.error) as error:
            raise NotReadable("a glyph is not in its font") from error

    def _put(self, file: NewFile) -> int:
        one, _ = next(iter(self.glyphs.values()))
        tagged = f"{_tag(self.place)}+{one.face}"
        name = Name(f"/{tagged}").unparse()
        if one.is_truetype:
            program = self._truetype(one)
            font = put_packed(file, program, b"/Length1 %d" % len(program))
            embedded = b"/FontFile2 %d 0 R" % font
        else:
            font = put_packed(file, self._cff(tagged, one.type1), b"/Subtype/Type1C")
            embedded = b"/FontFile3 %d 0 R" % font
        descriptor = file.add(b"<<%s/FontName%s%s>>" % (one.description, name, embedded))
        first, last = min(self.glyphs), max(self.glyphs)
        widths = b" ".join(b"%d" % self._width(code) for code in range(first, last + 1))
        told = {code: face.characters[old] for code, (face, old) in self.glyphs.items()}
        return file.add(
            b"<<%s/BaseFont%s/FirstChar %d/LastChar %d/Widths[%s]/FontDescriptor %d 0 R"
            b"/ToUnicode %d 0 R>>"
            % (one.entries, name, first, last, widths, descriptor, put_packed(file, _map(told)))
        )

    def _width(self, code: int) -> int:
        """0 for a code between those that are drawn."""
        typeface, old = self.glyphs.get(code, (None, 0))
        return typeface.width(old) if typeface else 0

    def _cff(self, name: str, one: Type1Font) -> bytes:
        glyphs = []
        for code, (typeface, old) in sorted(self.glyphs.items()):
            font = typeface.type1
            called = font.encoding[old]
            charstring = as_type2(font.glyphs[called])
            glyphs.append(Glyph(code=code, name=called, charstring=charstring))
        missing = as_type2(one.glyphs[".notdef"])
        return write_cff(name, glyphs, missing=missing, box=one.box, hints=one.hints)

    def _truetype(self, one: Typeface) -> bytes:
        if any(typeface is not one for typeface, _ in self.glyphs.values()):
            raise NotReadable("a TrueType face in two fonts")
        # LibreOffice numbers the glyphs of such a font by their codes
        return cut_truetype(one.truetype, self.glyphs.keys())


def _tag(place: int) -> str:
    """Six capitals that no other font of the file has (9.6.4)."""
    letters = ""
    for _ in range(6):
        place, rest = divmod(place, _LETTERS)
        letters += chr(ord("A") + rest)
    return letters


def _map(characters: Mapping[int, bytes]) -> bytes:
    lines = [b"<%02X> <%s>\n" % (code, text) for code, text in sorted(characters.items())]
    blocks = [lines[start : start + _BLOCK] for start in range(0, len(lines), _BLOCK)]
    body = b"".join(
        b"%d beginbfchar\n%sendbfchar\n" % (len(block), b"".join(block)) for block in blocks
    )
    return _MAP_HEAD + body + _MAP_TAIL
