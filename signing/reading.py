"""What pyHanko reads byte by byte, read at once and with the same outcome.

To examine a sealed file takes it a call for each digit of the seal, each byte of a name and each
line of a table of objects (docs/performance.md). Whatever is not as plain as the files that are
met with every day is left to pyHanko's own ways.
"""

import re
from binascii import unhexlify
from typing import Any

from asn1crypto.x509 import RDNSequence
from pyhanko.pdf_utils import generic, xref
from pyhanko.pdf_utils.misc import (
    PDF_DELIMITERS,
    PDF_WHITESPACE,
    PdfReadError,
    read_non_whitespace,
)

_DIGITS = frozenset(generic.HEX_DIGITS)
#: bytes that are looked at for a string's end; a seal's container and its room are shorter
_AHEAD = 1 << 16
#: a name without escapes that ends as names do, and bytes that are looked at for it
_NAME = re.compile(rb"(/[A-Za-z0-9+.:_-]+)[%s]" % re.escape(PDF_WHITESPACE + PDF_DELIMITERS))
_NAME_AHEAD = 64
#: the head of a part of a table: the first number, and how many; not of an empty part
_PART = re.compile(rb"[\r\n]*(\d{1,10}) (\d{1,10}) ?[\r\n]{1,2}(?=\d)")
#: an entry (ISO 32000-1, 7.5.4): place, generation, whether it is in use
_ENTRY = re.compile(rb"(\d{10}) ([0-5]\d{4}|65535) ([nf])(?: \r| \n|\r\n)")
_ENTRY_SIZE = 20
#: bytes that are looked at for a table: some ten thousand entries
_TABLE_AHEAD = 1 << 18
_TRAILER = b"trailer"

#: as types they would not let themselves be changed
_Name: Any = generic.NameObject
_Section: Any = xref.XRefSectionData
_Names: Any = RDNSequence

_by_digits = generic.read_hex_string_from_stream
_by_bytes = _Name.read_from_stream
_by_lines = xref.parse_xref_table
_one_by_one = _Section.process_entries
_by_values = _Names.__eq__


def read_string(stream: Any) -> Any:
    """The string that begins at ``stream``'s place with ``<``; the stream stands behind its end.

    What is anything else than digits and white space up to the end is left to pyHanko: comments,
    and what is no string at all.
    """
    start = stream.tell()
    ahead = stream.read(_AHEAD)
    end = ahead.find(b">")
    digits = ahead[1:end].translate(None, PDF_WHITESPACE)
    if end < 0 or not _DIGITS.issuperset(digits):
        stream.seek(start)
        return _by_digits(stream)
    stream.seek(start + end + 1)
    # what lacks its last digit ends with 0 (ISO 32000-1, 7.3.4.3)
    return generic.pdf_string(unhexlify(digits + b"0" * (len(digits) % 2)))


def read_name(stream: Any) -> Any:
    """The name that begins at ``stream``'s place; the stream stands behind it."""
    start = stream.tell()
    name = _NAME.match(stream.read(_NAME_AHEAD))
    if name is None:
        stream.seek(start)
        return _by_bytes(stream)
    stream.seek(start + name.end(1))
    return generic.NameObject(name[1].decode("ascii"))


class _Table:
    """The entries of a plain table, in parts: the first number, and places, generations, states."""

    def __init__(self, parts: list[tuple[int, list[tuple[bytes, bytes, bytes]]]]) -> None:
        self._parts = parts

    def put(self, section: xref.XRefSectionData) -> int:
        """``section`` has the entries; the highest number among them."""
        highest = 0
        told = section.explicit_refs_in_revision
        for first, entries in self._parts:
            for number, (place, generation, state) in enumerate(entries, first):
                if number and state == b"n":
                    section.standard_xrefs[number] = (int(generation), int(place))
                    told.add((number, int(generation)))
                elif number:
                    section.freed[number] = int(generation)
                    told.add((number, int(generation) - 1))
            highest = max(highest, first + len(entries) - 1)
        return highest


class _Uncut:
    """A stream in which a table's entries and its end are not looked for behind the file's.

    PyHanko goes back by as much as it wanted to read, and so reads the last lines of a file that
    ends there for ever.
    """

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def read(self, size: int) -> bytes:
        """As of the stream; ``PdfReadError`` where an entry or the word behind all is cut off."""
        found: bytes = self._stream.read(size)
        if size in {_ENTRY_SIZE, len(_TRAILER)} and len(found) < size:
            raise PdfReadError("a table of objects is cut off")
        return found

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def read_table(stream: Any, strict: bool) -> Any:  # noqa: FBT001 -- as pyHanko calls it
    """The table of objects at ``stream``'s place; the stream stands at its trailer's dictionary.

    For ``put_entries`` alone.
    """
    start = stream.tell()
    content = stream.read(_TABLE_AHEAD)
    parts, place = [], 0
    while (head := _PART.match(content, place)) is not None:
        size = int(head[2])
        end = head.end() + size * _ENTRY_SIZE
        entries = _ENTRY.findall(content, head.end(), end)
        if not size or len(entries) != size:
            break
        parts.append((int(head[1]), entries))
        place = end
    if not (parts and content.startswith(_TRAILER, place)):
        stream.seek(start)
        return _by_lines(_Uncut(stream), strict=strict)
    stream.seek(start + place + len(_TRAILER))
    read_non_whitespace(stream, seek_back=True)
    return _Table(parts)


def put_entries(section: Any, entries: Any, strict: bool) -> int:  # noqa: FBT001 -- as above
    """``section`` has what ``read_table`` gave; the highest number of an object in it."""
    if isinstance(entries, _Table):
        return entries.put(section)
    return int(_one_by_one(section, entries, strict=strict))


def are_same(names: Any, others: Any) -> Any:
    """Whether two names of RFC 5280, 7.1, are the same: of the same bytes, or as they compare."""
    if isinstance(others, RDNSequence) and isinstance(names.contents, bytes):
        return names.contents == others.contents or _by_values(names, others)
    return _by_values(names, others)


def install() -> None:
    """PyHanko reads so in this process."""
    generic.read_hex_string_from_stream = read_string
    _Name.read_from_stream = staticmethod(read_name)
    xref.parse_xref_table = read_table
    _Section.process_entries = put_entries
    _Names.__eq__ = are_same
