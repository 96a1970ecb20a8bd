"""A font program in the Compact Font Format (Adobe TN 5176) with the glyphs that are named."""

import struct
from collections.abc import Mapping, Sequence
from itertools import accumulate
from typing import NamedTuple

from rendering.type2 import long_number, number

#: operators of the top dictionary (table 9)
_BOX, _CHARSET, _ENCODING, _GLYPHS, _PRIVATE = b"\x05", b"\x0f", b"\x10", b"\x11", b"\x12"
#: operators of the private dictionary (table 23): arrays are told in differences
_ARRAYS = {
    "BlueValues": b"\x06",
    "OtherBlues": b"\x07",
    "FamilyBlues": b"\x08",
    "FamilyOtherBlues": b"\x09",
    "StemSnapH": b"\x0c\x0c",
    "StemSnapV": b"\x0c\x0d",
}
_SINGLES = {"StdHW": b"\x0a", "StdVW": b"\x0b"}
#: strings that every reader has (appendix A)
_STANDARD_STRINGS = 391


class Glyph(NamedTuple):
    """A glyph and the code under which it is drawn."""

    code: int
    name: str
    #: Type 2, with its width before its first operator
    charstring: bytes


def write_cff(
    name: str,
    glyphs: Sequence[Glyph],
    *,
    missing: bytes,
    box: Sequence[int],
    hints: Mapping[str, Sequence[int]],
) -> bytes:
    """The font ``name`` with ``glyphs``, and ``missing`` for every other code.

    ``hints`` are entries of the private dictionary. ValueError where a number is too large.
    """
    header = b"\x01\x00\x04\x04"
    names = _index([name.encode("ascii")])
    strings = _index([glyph.name.encode("ascii") for glyph in glyphs]) + _index([])
    encoding = bytes([0, len(glyphs), *(glyph.code for glyph in glyphs)])
    called = range(_STANDARD_STRINGS, _STANDARD_STRINGS + len(glyphs))
    charset = b"\x00" + struct.pack(f">{len(glyphs)}H", *called)
    charstrings = _index([missing, *(glyph.charstring for glyph in glyphs)])
    private = _private(hints)
    parts = (encoding, charset, charstrings, private)
    start = len(header) + len(names) + len(_top(box, [0] * 4, 0)) + len(strings)
    places = [start + sum(map(len, parts[:place])) for place in range(len(parts))]
    return b"".join((header, names, _top(box, places, len(private)), strings, *parts))


def _top(box: Sequence[int], places: Sequence[int], private: int) -> bytes:
    """The top dictionary; as long for any places."""
    encoding, charset, charstrings, private_at = map(long_number, places)
    entries = (
        b"".join(map(number, box)) + _BOX,
        charset + _CHARSET,
        encoding + _ENCODING,
        charstrings + _GLYPHS,
        long_number(private) + private_at + _PRIVATE,
    )
    return _index([b"".join(entries)])


def _private(hints: Mapping[str, Sequence[int]]) -> bytes:
    """Widths stand in the glyphs: the default and nominal width are 0."""
    written = b""
    for name, values in hints.items():
        if name in _ARRAYS and values:
            before = (0, *values[:-1])
            steps = (value - last for value, last in zip(values, before, strict=True))
            written += b"".join(map(number, steps)) + _ARRAYS[name]
        elif name in _SINGLES and values:
            written += number(values[0]) + _SINGLES[name]
    return written


def _index(entries: Sequence[bytes]) -> bytes:
    """An INDEX (5): count, size of offsets, offsets from 1, the entries."""
    if not entries:
        return b"\x00\x00"
    offsets = accumulate(map(len, entries), initial=1)
    head = struct.pack(f">HB{len(entries) + 1}I", len(entries), 4, *offsets)
    return head + b"".join(entries)
