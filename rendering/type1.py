"""A Type 1 font as LibreOffice embeds it: its glyphs, read (Adobe Type 1 Font Format, 1990)."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction as Number
from functools import lru_cache

from rendering.type2 import number

#: keys of the two encryptions (chapter 7), and the bytes at the beginning of each that mean nothing
_FILE_KEY, _GLYPH_KEY, _LEAD = 55665, 4330, 4
_ENCODED = re.compile(rb"dup (\d+) /(\S+) put")
_BOX = re.compile(rb"/FontBBox ?\{([-\d ]+)\}")
_MATRIX = b"/FontMatrix [0.001 0 0 0.001 0 0]"
_HINTS = re.compile(
    rb"/(BlueValues|OtherBlues|FamilyBlues|FamilyOtherBlues|StdHW|StdVW|StemSnapH|StemSnapV)"
    rb" ?\[([-\d ]*)\]"
)
_GLYPH = re.compile(rb"/(\S+) (\d+) (?:RD|-\|) ")
#: commands of a charstring (chapter 6) that mean the same in Type 2
_DRAWN = frozenset({4, 5, 6, 7, 8, 21, 22, 30, 31})
_HSTEM, _VSTEM, _CLOSEPATH, _ENDCHAR, _HSBW = 1, 3, 9, 14, 13
#: commands of two bytes, the second above this
_ESCAPE = 12
_DIV = 0x0C0C
#: commands that hint → the command of one stem
_HINTING = {_HSTEM: _HSTEM, _VSTEM: _VSTEM, 0x0C02: _HSTEM, 0x0C01: _VSTEM}


class NotReadable(ValueError):
    """The font holds what LibreOffice was not seen to write."""


@dataclass(frozen=True, kw_only=True)
class Type1Font:
    """What is embedded, as it was written."""

    #: code → glyph's name
    encoding: Mapping[int, str]
    #: glyph's name → its charstring, encrypted
    glyphs: Mapping[str, bytes] = field(repr=False)
    #: entries of the private dictionary that hint: name → numbers
    hints: Mapping[str, tuple[int, ...]]
    box: tuple[int, ...]


def read_type1(content: bytes, clear: int) -> Type1Font:
    """The font of ``content``, whose first ``clear`` bytes are not encrypted (Length1).

    Raises ``NotReadable``.
    """
    head, private = content[:clear], _decrypted(content[clear:], _FILE_KEY)
    box = _BOX.search(head)
    start = private.find(b"/CharStrings")
    if box is None or _MATRIX not in head or start < 0:
        raise NotReadable("no Type 1 font of LibreOffice's")
    return Type1Font(
        encoding={int(code): name.decode("ascii") for code, name in _ENCODED.findall(head)},
        glyphs=_glyphs(private, start),
        hints={
            name.decode("ascii"): tuple(map(int, numbers.split()))
            for name, numbers in _HINTS.findall(private[:start])
        },
        box=tuple(map(int, box[1].split())),
    )


def _glyphs(private: bytes, place: int) -> dict[str, bytes]:
    glyphs = {}
    while (entry := _GLYPH.search(private, place)) is not None:
        place = entry.end() + int(entry[2])
        glyphs[entry[1].decode("ascii")] = private[entry.end() : place]
    return glyphs


def _decrypted(content: bytes, key: int) -> bytes:
    found = bytearray(len(content))
    for place, byte in enumerate(content):
        found[place] = byte ^ (key >> 8)
        key = ((byte + key) * 52845 + 22719) & 0xFFFF
    return bytes(found[_LEAD:])


@lru_cache(maxsize=8192)
def as_type2(charstring: bytes) -> bytes:
    """The same outline as a Type 2 charstring (Adobe TN 5177) for a nominal width of 0.

    Of the hints those stay that stand before the outline: LibreOffice writes the later ones
    without the replacement that both formats demand. Raises ``NotReadable``.
    """
    width, drawn = Number(0), bytearray()
    stems: dict[int, list[tuple[Number, Number]]] = {_HSTEM: [], _VSTEM: []}
    for command, numbers in _commands(_decrypted(charstring, _GLYPH_KEY)):
        if command in _DRAWN:
            drawn += b"".join(map(number, numbers)) + bytes([command])
        elif command in _HINTING:
            if not drawn:
                pairs = zip(numbers[::2], numbers[1::2], strict=True)
                stems[_HINTING[command]].extend(pairs)
        elif command == _HSBW and numbers[0] == 0:
            width = numbers[1]
        elif command == _ENDCHAR:
            hints = _stems(_HSTEM, stems[_HSTEM]) + _stems(_VSTEM, stems[_VSTEM])
            return number(width) + hints + bytes(drawn) + bytes([_ENDCHAR])
        elif command != _CLOSEPATH:
            raise NotReadable(f"a glyph with command {command}")
    raise NotReadable("a glyph without an end")


def _stems(command: int, stems: list[tuple[Number, Number]]) -> bytes:
    """In rising order and apart, each told from the edge before it."""
    written, edge = b"", Number(0)
    for start, width in sorted(stems):
        if start >= edge or not written:
            written += number(start - edge) + number(width)
            edge = start + width
    return written + bytes([command]) if written else b""


def _commands(charstring: bytes) -> Iterator[tuple[int, list[Number]]]:
    numbers, place = list[Number](), 0
    while place < len(charstring):
        byte = charstring[place]
        length, value = next(read for most, read in _NUMBERS if byte <= most)
        if byte == _ESCAPE:
            byte, length = _ESCAPE << 8 | charstring[place + 1], 2
        if value is not None:
            numbers.append(Number(value(charstring[place : place + length])))
        elif byte == _DIV:
            numbers[-2:] = [numbers[-2] / numbers[-1]]
        else:
            yield byte, numbers
            numbers = []
        place += length


def _signed(content: bytes) -> int:
    return int.from_bytes(content[1:5], "big", signed=True)


#: the highest first byte of each kind, its length, its value (6.2); None: a command
_NUMBERS: tuple[tuple[int, tuple[int, Callable[[bytes], int] | None]], ...] = (
    (31, (1, None)),
    (246, (1, lambda content: content[0] - 139)),
    (250, (2, lambda content: (content[0] - 247) * 256 + content[1] + 108)),
    (254, (2, lambda content: -(content[0] - 251) * 256 - content[1] - 108)),
    (255, (5, _signed)),
)
