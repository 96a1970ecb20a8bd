"""A Type 1 font as LibreOffice embeds it: its glyphs, read (Adobe Type 1 Font Format, 1990)."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction as Number
from functools import lru_cache

from rendering.eexec import FILE_KEY, GLYPH_KEY, decrypted
from rendering.type2 import number

_ENCODED = re.compile(rb"dup (\d+) /(\S+) put")
_BOX = re.compile(rb"/FontBBox ?\{([-\d ]+)\}")
_MATRIX = b"/FontMatrix [0.001 0 0 0.001 0 0]"
_HINTS = re.compile(
    rb"/(BlueValues|OtherBlues|FamilyBlues|FamilyOtherBlues|StdHW|StdVW|StemSnapH|StemSnapV)"
    rb" ?\[([-\d ]*)\]"
)
_GLYPH = re.compile(rb"/(\S+) (\d+) (?:RD|-\|) ")
#: numbers and a command; the numbers that Type 2 writes as Type 1 does (chapter 6)
_COMMAND = re.compile(
    rb"((?:[\x20-\xf6]|[\xf7-\xfe].|\xff.{4}|\x0c\x0c)*)(\x0c.|[\x00-\x0b\x0d-\x1f])", re.DOTALL
)
_ALIKE = re.compile(rb"(?:[\x20-\xf6]|[\xf7-\xfe].)*", re.DOTALL)
#: commands that mean the same in Type 2
_DRAWN = frozenset(map(bytes, zip((4, 5, 6, 7, 8, 21, 22, 30, 31), strict=True)))
_HSTEM, _VSTEM, _CLOSEPATH, _ENDCHAR, _HSBW = b"\x01", b"\x03", b"\x09", b"\x0e", b"\x0d"
#: commands that hint → the command of one stem
_HINTING = {_HSTEM: _HSTEM, _VSTEM: _VSTEM, b"\x0c\x02": _HSTEM, b"\x0c\x01": _VSTEM}
_DIV, _LONG = 0x0C, 0xFF


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
    head, private = content[:clear], decrypted(content[clear:], FILE_KEY)
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


@lru_cache(maxsize=8192)
def as_type2(charstring: bytes) -> bytes:
    """The same outline as a Type 2 charstring (Adobe TN 5177) for a nominal width of 0.

    Of the hints those stay that stand before the outline: LibreOffice writes the later ones
    without the replacement that both formats demand. Raises ``NotReadable``.
    """
    width, drawn = b"", bytearray()
    stems: dict[bytes, list[tuple[Number, Number]]] = {_HSTEM: [], _VSTEM: []}
    for operands, command in _commands(decrypted(charstring, GLYPH_KEY)):
        if command in _DRAWN:
            drawn += _as_type2(operands) + command
        elif command in _HINTING:
            if not drawn:
                numbers = _numbers(operands)
                stems[_HINTING[command]] += zip(numbers[::2], numbers[1::2], strict=True)
        elif command == _HSBW and _numbers(operands)[0] == 0:
            width = number(_numbers(operands)[1])
        elif command == _ENDCHAR:
            hints = _stems(_HSTEM, stems[_HSTEM]) + _stems(_VSTEM, stems[_VSTEM])
            return width + hints + bytes(drawn) + _ENDCHAR
        elif command != _CLOSEPATH:
            raise NotReadable(f"a glyph with command {command.hex()}")
    raise NotReadable("a glyph without an end")


def _as_type2(operands: bytes) -> bytes:
    if _ALIKE.fullmatch(operands):
        return operands
    return b"".join(map(number, _numbers(operands)))


def _stems(command: bytes, stems: list[tuple[Number, Number]]) -> bytes:
    """In rising order and apart, each told from the edge before it."""
    written, edge = b"", Number(0)
    for start, width in sorted(stems):
        if start >= edge or not written:
            written += number(start - edge) + number(width)
            edge = start + width
    return written + command if written else b""


def _commands(charstring: bytes) -> Iterator[tuple[bytes, bytes]]:
    """Commands with their operands before them."""
    place = 0
    while (found := _COMMAND.match(charstring, place)) is not None:
        yield found[1], found[2]
        place = found.end()


def _numbers(operands: bytes) -> list[Number]:
    numbers, place = list[Number](), 0
    while place < len(operands):
        length, value = next(read for most, read in _NUMBERS if operands[place] <= most)
        if operands[place] == _DIV:
            numbers[-2:] = [numbers[-2] / numbers[-1]]
        else:
            numbers.append(Number(value(operands[place : place + length])))
        place += length
    return numbers


def _signed(content: bytes) -> int:
    return int.from_bytes(content[1:5], "big", signed=True)


#: the highest first byte of each kind, its length, its value (6.2); first of all div
_NUMBERS: tuple[tuple[int, tuple[int, Callable[[bytes], int]]], ...] = (
    (_DIV, (2, len)),
    (246, (1, lambda content: content[0] - 139)),
    (250, (2, lambda content: (content[0] - 247) * 256 + content[1] + 108)),
    (254, (2, lambda content: -(content[0] - 251) * 256 - content[1] - 108)),
    (_LONG, (5, _signed)),
)
