"""The numbered objects of a PDF file, read and written in their bytes (ISO 32000-1, 7.5).

A letter's file takes hundreds of objects of a batch's file as they are, under other numbers: what
says in which order a screen reader reads it. A library makes a value of each and writes it again,
which is slower (docs/performance.md).
"""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cached_property
from typing import Any

from pikepdf import Dictionary

from rendering.type1 import NotReadable

#: the one table of places, as LibreOffice and QPDF write it (7.5.4)
_TABLE = re.compile(rb"xref\n0 \d+\n((?:\d{10} \d{5} [fn][ \r][\r\n])+)trailer")
#: bytes of an entry of it, and of what ends the entry
_ENTRY, _LINE_END = 20, 2
_FREE = b"65535 f"
_IN_USE = b"00000 n"
_USED = b"%010d " + _IN_USE
#: an object of generation 0: no other is in a table that was read
_REFERENCE = re.compile(rb"\b(\d+) 0 R\b")
#: a string that names no language: it may hide a reference, as streams and comments may
_WORDS = re.compile(rb"\((?![A-Za-z]{2,3}(?:-[A-Za-z0-9]+)*\))")
_START = b"startxref"
#: around an object, as LibreOffice and QPDF write it
_OBJECT, _OBJECT_END = b" 0 obj\n", b"\nendobj\n"
#: the version, and bytes by which the file is known not to be text (7.5.2)
_HEAD = re.compile(rb"%PDF-1\.\d\n%[\x80-\xff]{4,}\n")


class Objects:
    """The objects of a file whose places one table tells."""

    def __init__(self, content: bytes) -> None:
        """Raises ``NotReadable`` where it has other tables, or objects in streams."""
        start = content.rfind(_START)
        table = _TABLE.match(content, int(content[start + len(_START) :].split(maxsplit=1)[0]))
        head = _HEAD.match(content)
        if start < 0 or table is None or head is None:
            raise NotReadable("the file has another table of its objects")
        self._content = content
        self.head = head[0]
        self._places = table[1]

    def body(self, number: bytes) -> bytes:
        """The object as it is written; raises ``NotReadable`` where it is not in its place."""
        try:
            return self._bodies[number]
        except KeyError:
            raise NotReadable("an object is not in its place") from None

    @cached_property
    def _bodies(self) -> dict[bytes, bytes]:
        """Objects by their numbers in digits: all that begin where the table says.

        All in one go, which is quicker than to look for the end of each. Within a stream may stand
        what ends an object: the pieces that it is cut into are in no place of the table.
        """
        found, place, table = {}, len(self.head), self._places
        for piece in self._content[place:].split(_OBJECT_END):
            told, head, body = piece.partition(_OBJECT)
            number = told.lstrip()
            if head and number.isdigit():
                entry, start = _ENTRY * int(number), place + len(told) - len(number)
                if table[entry : entry + _ENTRY - _LINE_END] == _USED % start:
                    found[number] = body
            place += len(piece) + len(_OBJECT_END)
        return found


class NewFile:
    """A file that is put together of objects."""

    def __init__(self) -> None:
        self._bodies: dict[int, bytes] = {}
        self._last = 0

    def reserve(self) -> int:
        """The number of an object that is put later."""
        self._last += 1
        return self._last

    def put(self, number: int, body: bytes) -> None:
        """The object with a number that was reserved."""
        self._bodies[number] = body

    def add(self, body: bytes) -> int:
        """The number of another object."""
        number = self.reserve()
        self.put(number, body)
        return number

    def add_stream(self, content: bytes, entries: bytes) -> int:
        """The number of another stream; ``entries`` tell what it is, all but its length."""
        return self.add(
            b"<<%s/Length %d>>\nstream\n%s\nendstream" % (entries, len(content), content)
        )

    def content(self, head: bytes, *, root: int, information: int) -> bytes:
        """The file; its identity follows from its objects (14.4)."""
        pieces, places, place = [head], [b"%010d %s \n" % (0, _FREE)], len(head)
        for number in range(1, self._last + 1):
            piece = b"%d 0 obj\n%s\nendobj\n" % (number, self._bodies[number])
            pieces.append(piece)
            places.append(b"%010d %s \n" % (place, _IN_USE))
            place += len(piece)
        objects = b"".join(pieces)
        identity = hashlib.sha256(objects).hexdigest()[:32].encode("ascii")
        return (
            b"%sxref\n0 %d\n%strailer\n<</Size %d/Root %d 0 R/Info %d 0 R/ID[<%s><%s>]>>\n"
            b"startxref\n%d\n%%%%EOF\n"
        ) % (
            *(objects, len(places), b"".join(places), len(places), root, information),
            *(identity, identity, place),
        )


def demand_wordless(bodies: Iterable[bytes]) -> None:
    """Raises ``NotReadable`` where one is a stream or holds strings that are not languages."""
    told = b"\n".join(bodies)
    # each looked for by itself, which is ten times as fast as one pattern for all
    if b"%" in told or b"stream" in told or _WORDS.search(told) or b"<" in told.replace(b"<<", b""):
        raise NotReadable("an object with words in it")


def parts_of(body: bytes) -> list[bytes]:
    """An object between and around its references: text, number, text, …, number, text."""
    return _REFERENCE.split(body)


def renumbered(parts: list[bytes], numbers: Mapping[bytes, bytes]) -> bytes:
    """An object's ``parts`` with other numbers in its references; KeyError where one has none."""
    own = parts.copy()
    own[1::2] = [b"%s 0 R" % numbers[each] for each in parts[1::2]]
    return b"".join(own)


def replaced(parts: Sequence[bytes], values: Mapping[bytes, bytes]) -> list[bytes]:
    """An object's ``parts`` with values in the place of these references."""
    own = list(parts[:1])
    for number, text in zip(parts[1::2], parts[2::2], strict=True):
        if number in values:
            own[-1] += values[number] + text
        else:
            own += (number, text)
    return own


def entry(name: str, value: Any) -> bytes:
    """An entry of a dictionary with a value of pikepdf's, which holds no reference.

    Raises ``NotReadable`` for another.
    """
    written: bytes = Dictionary({name: value}).unparse()
    if _REFERENCE.search(written):
        raise NotReadable(f"{name} is an object of its own")
    return written.strip()[2:-2].strip()


def entries(dictionary: Any, *, without: AbstractSet[str]) -> bytes:
    """The entries of a dictionary of pikepdf's, as ``entry`` writes each."""
    return b"".join(entry(name, value) for name, value in dictionary.items() if name not in without)


def references(numbers: Iterable[int]) -> bytes:
    """An array of the objects with these numbers."""
    return b"[%s]" % b" ".join(b"%d 0 R" % number for number in numbers)
