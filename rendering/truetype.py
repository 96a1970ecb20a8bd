"""A TrueType font as LibreOffice embeds it, with fewer outlines (OpenType 1.9: glyf, loca)."""

import struct
from collections.abc import Iterator
from collections.abc import Set as AbstractSet

#: flags of a component (glyf, "Composite Glyph Description")
_WORDS, _SCALE, _MORE, _TWO_SCALES, _MATRIX = 0x0001, 0x0008, 0x0020, 0x0040, 0x0080
#: what the sum of a font file comes to (head, checkSumAdjustment), and where its correction stands
_WHOLE, _ADJUSTMENT = 0xB1B0AFBA, 8


def cut_truetype(content: bytes, kept: AbstractSet[int]) -> bytes:
    """The font with the outlines of the glyphs ``kept``, of their parts and of glyph 0 alone.

    Numbers and widths of all glyphs stay. struct.error, KeyError or IndexError where it is no such
    font.
    """
    tables = _tables(content)
    long = struct.unpack_from(">h", tables["head"], 50)[0] == 1
    count = struct.unpack_from(">H", tables["maxp"], 4)[0]
    places = (
        list(struct.unpack_from(f">{count + 1}L", tables["loca"]))
        if long
        else [2 * place for place in struct.unpack_from(f">{count + 1}H", tables["loca"])]
    )
    outlines = [tables["glyf"][places[each] : places[each + 1]] for each in range(count)]
    wanted = _with_parts(outlines, {0, *kept})
    outlines = [each if place in wanted else b"" for place, each in enumerate(outlines)]
    tables["glyf"], tables["loca"] = _joined(outlines, long=long)
    return _file(content[:4], tables)


def _tables(content: bytes) -> dict[str, bytes]:
    tables = {}
    for place in range(struct.unpack_from(">H", content, 4)[0]):
        tag, _, start, length = struct.unpack_from(">4sLLL", content, 12 + 16 * place)
        tables[tag.decode("ascii")] = content[start : start + length]
    return tables


def _with_parts(outlines: list[bytes], wanted: set[int]) -> set[int]:
    found, open_ones = set(wanted), list(wanted)
    while open_ones:
        for part in _parts(outlines[open_ones.pop()]):
            if part not in found:
                found.add(part)
                open_ones.append(part)
    return found


def _parts(outline: bytes) -> Iterator[int]:
    """The glyphs of which a glyph is put together."""
    if not outline or struct.unpack_from(">h", outline)[0] >= 0:
        return
    place, flags = 10, _MORE
    while flags & _MORE:
        flags, part = struct.unpack_from(">HH", outline, place)
        yield part
        place += 4 + (4 if flags & _WORDS else 2)
        place += (
            2 * bool(flags & _SCALE) + 4 * bool(flags & _TWO_SCALES) + 8 * bool(flags & _MATRIX)
        )


def _joined(outlines: list[bytes], *, long: bool) -> tuple[bytes, bytes]:
    pieces = [each + bytes(-len(each) % 4) for each in outlines]
    places, place = [0], 0
    for piece in pieces:
        place += len(piece)
        places.append(place)
    if long:
        return b"".join(pieces), struct.pack(f">{len(places)}L", *places)
    return b"".join(pieces), struct.pack(f">{len(places)}H", *(each // 2 for each in places))


def _file(version: bytes, tables: dict[str, bytes]) -> bytes:
    head = bytearray(tables["head"])
    head[_ADJUSTMENT : _ADJUSTMENT + 4] = bytes(4)
    tables["head"] = bytes(head)
    count, power = len(tables), len(tables).bit_length() - 1
    written = version + struct.pack(">HHHH", count, 16 << power, power, 16 * (count - (1 << power)))
    place, bodies = 12 + 16 * count, b""
    for tag in sorted(tables):
        body = tables[tag]
        written += struct.pack(
            ">4sLLL", tag.encode("ascii"), _sum(body), place + len(bodies), len(body)
        )
        bodies += body + bytes(-len(body) % 4)
    whole = bytearray(written + bodies)
    at = place + sum(
        len(tables[tag]) + -len(tables[tag]) % 4 for tag in sorted(tables) if tag < "head"
    )
    struct.pack_into(">L", whole, at + _ADJUSTMENT, (_WHOLE - _sum(bytes(whole))) & 0xFFFFFFFF)
    return bytes(whole)


def _sum(body: bytes) -> int:
    padded = body + bytes(-len(body) % 4)
    words: tuple[int, ...] = struct.unpack(f">{len(padded) // 4}L", padded)
    return sum(words) & 0xFFFFFFFF
