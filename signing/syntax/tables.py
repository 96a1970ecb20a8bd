"""Cross-reference tables and streams with their trailers (ISO 32000-2, 7.5.4, 7.5.5, 7.5.8)."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from signing.syntax.bodies import Body, read_body
from signing.syntax.filters import decoded
from signing.syntax.lexicon import Lexicon, read_value
from signing.syntax.values import Malformed, Reference, Stream, Unread, Value

_WORD = re.compile(rb"xref ?(?:\r\n|\n|\r)")
_PART = re.compile(rb"(0|[1-9]\d{0,6}) ([1-9]\d{0,6}) ?(?:\r\n|\n|\r)")
_ENTRY = re.compile(rb"(\d{10}) ([0-5]\d{4}|6[0-4]\d{3}|65[0-4]\d{2}|655[0-2]\d|6553[0-5]) ([nf])")
_ENTRY_ENDS = frozenset({b" \n", b" \r", b"\r\n"})
_ENTRY_SIZE = 20
_TRAILER = re.compile(rb"trailer(?=[\x00\t\n\x0c\r <])")
#: the end of a revision; its last line end may be missing where the file ends
_LAST = re.compile(
    rb"startxref ?(?:\r\n|\n|\r)(0|[1-9]\d{0,9}) ?(?:\r\n|\n|\r)%%EOF(?:\r\n|\n|\r)?"
)
#: number of the head of the list of free objects, and its generation
_FREE_HEAD = (0, 65535)
#: types in a cross-reference stream (table 18)
_FREE, _IN_USE, _PACKED = 0, 1, 2
#: widths of the three fields
_FIELDS, _WIDEST = 3, 8
#: entries of a trailer, and beside them of the stream that serves as one, in an update
_OF_TRAILER = frozenset({"/Size", "/Root", "/Info", "/ID", "/Prev", "/DocChecksum"})
_OF_STREAM = frozenset({"/Type", "/W", "/Index", "/Length", "/Filter", "/DecodeParms"})


class Packed(NamedTuple):
    """An object in an object stream."""

    #: number of the stream
    stream: int
    #: which one in it, from 0
    ordinal: int


class Place(NamedTuple):
    """An object of its own."""

    offset: int
    generation: int


@dataclass(frozen=True, kw_only=True)
class Section:
    """What one cross-reference section says."""

    #: of its word ``xref``, or of the stream that it is
    offset: int
    #: behind its trailer
    end: int
    used: dict[int, Place | Packed] = field(repr=False)
    freed: frozenset[int]
    #: the trailer's entries, or the stream's
    trailer: dict[str, Value] = field(repr=False)
    #: the stream that it is; None for a table
    body: Body | None

    @property
    def earlier(self) -> int | None:
        """Offset of the section before it. Raises ``Malformed``."""
        offset = self.trailer.get("/Prev")
        if offset is not None and type(offset) is not int:
            raise Malformed(self.offset, "/Prev is no offset")
        return offset


def last_section(data: bytes) -> int:
    """The offset that the file's last lines name. Raises ``Malformed``."""
    start = data.rfind(b"startxref")
    found = _LAST.match(data, start) if start >= 0 else None
    if found is None:
        raise Malformed(len(data), "the file does not end with startxref, an offset and %%EOF")
    if found.end() != len(data):
        raise Unread(found.end(), "something behind the file's end")
    return int(found[1])


def revision_end(data: bytes, section: Section, lexicon: Lexicon) -> tuple[int, int]:
    """Offsets behind ``%%EOF`` of the revision that ``section`` closes, and behind its line end.

    Raises ``Malformed`` where another section is named there, or none.
    """
    found = _LAST.match(data, lexicon.after_gap(data, section.end))
    if found is None:
        raise Malformed(section.end, "something between a trailer and startxref")
    if int(found[1]) != section.offset:
        raise Malformed(section.end, "startxref names another section")
    return found.start() + found[0].rindex(b"%%EOF") + len(b"%%EOF"), found.end()


def read_section(data: bytes, offset: int, lexicon: Lexicon) -> Section:
    """The section at ``offset``. Raises ``Malformed``."""
    if _WORD.match(data, offset):
        section = _table(data, offset, lexicon)
    else:
        section = _stream(data, offset, lexicon)
    _require_form(section, plain=lexicon.plain)
    return section


def _require_form(section: Section, *, plain: bool) -> None:
    trailer, offset = section.trailer, section.offset
    require_root(trailer, offset)
    require_size(trailer.get("/Size"), section.used, offset)
    if "/Encrypt" in trailer or "/XRefStm" in trailer:
        raise Malformed(offset, "an encrypted file, or one with two sections in one")
    if not plain:
        return
    allowed = _OF_TRAILER if section.body is None else _OF_TRAILER | _OF_STREAM
    if not trailer.keys() <= allowed:
        raise Malformed(offset, "a trailer with entries that do not belong there")
    require_nothing_freed(section.freed, offset)


def require_root(trailer: dict[str, Value], offset: int) -> None:
    """Raise ``Malformed`` for a trailer without /Root: some readers look for an earlier one."""
    root = trailer.get("/Root")
    if not isinstance(root, Reference) or root.generation:
        raise Malformed(offset, "a trailer without its catalogue")


def require_size(size: Value, numbers: Collection[int], offset: int) -> None:
    """Raise ``Malformed`` unless /Size is above every number: some readers stop there."""
    if type(size) is not int or any(number >= size for number in numbers):
        raise Malformed(offset, "/Size is not above every number")


def require_nothing_freed(numbers: Collection[int], offset: int) -> None:
    """Raise ``Malformed`` where an update frees an object: readers differ on whether it is gone."""
    if set(numbers) - {_FREE_HEAD[0]}:
        raise Malformed(offset, "an update that frees objects")


def require_ascending(numbers: Sequence[int], offset: int) -> None:
    """Raise ``Malformed`` where a number stands twice or before a smaller one in a section."""
    if any(one >= other for one, other in pairwise(numbers)):
        raise Malformed(offset, "numbers that do not ascend")


def require_known(kind: int, offset: int) -> None:
    """Raise ``Malformed`` for an entry whose type is not of table 18: readers differ on it."""
    if kind not in {_FREE, _IN_USE, _PACKED}:
        raise Malformed(offset, "an entry of an unknown type")


# -- tables -----------------------------------------------------------------------------------


def _table(data: bytes, offset: int, lexicon: Lexicon) -> Section:
    used: dict[int, Place | Packed] = {}
    freed = set()
    numbers: list[int] = []
    end = offset + len(_matched(_WORD, data, offset)[0])
    while (part := _PART.match(data, end)) is not None:
        first, count = int(part[1]), int(part[2])
        end = part.end() + count * _ENTRY_SIZE
        for number, (place, generation, in_use) in zip(
            range(first, first + count), _entries(data, part.end(), end), strict=True
        ):
            numbers.append(number)
            if in_use:
                used[number] = Place(place, generation)
            else:
                freed.add(_free(number, place, generation, lexicon))
    require_ascending(numbers, offset)
    trailer, end = read_value(data, _matched(_TRAILER, data, end).end(), lexicon)
    if not isinstance(trailer, dict):
        raise Malformed(end, "a trailer that is no dictionary")
    return Section(
        offset=offset, end=end, used=used, freed=frozenset(freed), trailer=trailer, body=None
    )


def _entries(data: bytes, start: int, end: int) -> Iterator[tuple[int, int, bool]]:
    if end > len(data):
        raise Malformed(start, "a table that is cut off")
    for offset in range(start, end, _ENTRY_SIZE):
        found = _matched(_ENTRY, data, offset)
        if data[found.end() : offset + _ENTRY_SIZE] not in _ENTRY_ENDS:
            raise Malformed(offset, "an entry of another length than 20 bytes")
        yield int(found[1]), int(found[2]), found[3] == b"n"


def _free(number: int, place: int, generation: int, lexicon: Lexicon) -> int:
    if lexicon.plain and number == _FREE_HEAD[0] and (place, generation) != (0, _FREE_HEAD[1]):
        raise Malformed(place, "a list of free objects in an update")
    return number


def _matched(pattern: re.Pattern[bytes], data: bytes, offset: int) -> re.Match[bytes]:
    found = pattern.match(data, offset)
    if found is None:
        raise Malformed(offset, "no cross-reference table")
    return found


# -- streams ----------------------------------------------------------------------------------


def _stream(data: bytes, offset: int, lexicon: Lexicon) -> Section:
    body = read_body(data, offset, lexicon, lambda _: None)
    if not isinstance(body.value, Stream) or body.value.entries.get("/Type") != "/XRef":
        raise Malformed(offset, "no cross-reference section")
    used: dict[int, Place | Packed] = {}
    freed = set()
    numbers = list(_numbers(body.value.entries, offset))
    rows = list(_rows(body.value, offset))
    if len(rows) != len(numbers):
        raise Malformed(offset, "a cross-reference stream of another length than it says")
    require_ascending(numbers, offset)
    for number, (kind, second, third) in zip(numbers, rows, strict=True):
        require_known(kind, offset)
        if kind == _IN_USE:
            used[number] = Place(second, third)
        elif kind == _PACKED:
            used[number] = Packed(second, third)
        elif kind == _FREE:
            freed.add(number)
    return Section(
        offset=offset,
        end=body.end,
        used=used,
        freed=frozenset(freed),
        trailer=body.value.entries,
        body=body,
    )


def _numbers(entries: dict[str, Value], offset: int) -> Iterator[int]:
    index = entries.get("/Index", [0, entries.get("/Size")])
    if not isinstance(index, list) or not index or len(index) % 2:
        raise Malformed(offset, "/Index does not name pairs")
    size = entries.get("/Size")
    for first, count in zip(index[::2], index[1::2], strict=True):
        if type(first) is not int or type(count) is not int or type(size) is not int:
            raise Malformed(offset, "/Index does not name pairs")
        if first < 0 or count < 1 or first + count > size:
            raise Malformed(offset, "/Index names objects that /Size does not know")
        yield from range(first, first + count)


def _rows(stream: Stream, offset: int) -> Iterator[tuple[int, int, int]]:
    widths = stream.entries.get("/W")
    if not isinstance(widths, list) or len(widths) != _FIELDS:
        raise Malformed(offset, "/W does not give three widths")
    first, second, third = (width if type(width) is int else -1 for width in widths)
    # a first field of no width means type 1 to some readers, and nothing to others
    if not (1 <= first <= _WIDEST and 1 <= second <= _WIDEST and 0 <= third <= _WIDEST):
        raise Malformed(offset, "/W does not give three widths")
    content, size = decoded(stream), first + second + third
    if len(content) % size:
        raise Malformed(offset, "a cross-reference stream that is cut off")
    for start in range(0, len(content), size):
        row = content[start : start + size]
        yield (
            int.from_bytes(row[:first]),
            int.from_bytes(row[first : first + second]),
            int.from_bytes(row[first + second :]),
        )
