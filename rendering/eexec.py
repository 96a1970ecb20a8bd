"""The cipher of Type 1 fonts, undone (Adobe Type 1 Font Format, 1990, chapter 7)."""

import struct

#: keys of a font's private part and of a glyph; the bytes that mean nothing are before all others
FILE_KEY, GLYPH_KEY, LEAD = 55665, 4330, 4
#: key of the next byte: (byte + key) * _TIMES + _MORE, in 16 bits
_TIMES, _MORE, _KEY = 52845, 22719, 0xFFFF
#: bytes that are undone one after the other; as many rows of them at once as there are
_ROW = 64
#: bytes of a number that holds a key and what it is multiplied to
_LANE = 4
#: below it, rows take longer than they save
_FEW = 2048


def decrypted(content: bytes, key: int) -> bytes:
    """What ``content`` says, without its ``LEAD``."""
    undone = _one_by_one(content, key) if len(content) < _FEW else _in_rows(content, key)
    return undone[LEAD:]


def _one_by_one(content: bytes, key: int) -> bytes:
    found = bytearray(len(content))
    for place, byte in enumerate(content):
        found[place] = byte ^ (key >> 8)
        key = ((byte + key) * _TIMES + _MORE) & _KEY
    return bytes(found)


def _in_rows(content: bytes, key: int) -> bytes:
    """All rows at once: a large number has a lane for each, and one sum serves all lanes.

    A key is a linear function of the key that its row begins with: from key 0 the rows tell what
    each adds to it, so that they can begin with their own.
    """
    rows = -(-len(content) // _ROW)
    padded = content + bytes(rows * _ROW - len(content))
    columns = [_lanes(padded[place::_ROW]) for place in range(_ROW)]
    mask, more = _number([_KEY] * rows), _number([_MORE] * rows)
    added = 0
    for column in columns:
        added = ((column + added) * _TIMES + more) & mask
    firsts, times = list[int](), pow(_TIMES, _ROW, _KEY + 1)
    for each in struct.unpack(f"<{rows}I", added.to_bytes(_LANE * rows, "little")):
        firsts.append(key)
        key = (key * times + each) & _KEY
    keys, lanes = bytearray(len(padded)), _number(firsts)
    for place, column in enumerate(columns):
        keys[place::_ROW] = lanes.to_bytes(_LANE * rows, "little")[1::_LANE]
        lanes = ((column + lanes) * _TIMES + more) & mask
    undone = int.from_bytes(padded, "little") ^ int.from_bytes(keys, "little")
    return undone.to_bytes(len(padded), "little")[: len(content)]


def _lanes(column: bytes) -> int:
    spread = bytearray(_LANE * len(column))
    spread[::_LANE] = column
    return int.from_bytes(spread, "little")


def _number(lanes: list[int]) -> int:
    return int.from_bytes(struct.pack(f"<{len(lanes)}I", *lanes), "little")
