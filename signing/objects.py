"""Signatures and signature fields counted by a walk over the whole document.

pyHanko leaves out fields whose SubFilter it does not know, and looks below /AcroForm only.
"""

from collections.abc import Iterator

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader

_SIGNATURES = frozenset({"/Sig", "/DocTimeStamp"})
#: a letter has some hundreds of objects; a file with more than this is not one of ours
_MOST_OBJECTS = 200_000


class TooManyObjects(Exception):  # a limit, told as such
    """The walk ended at its limit."""


def count_signatures(reader: PdfFileReader) -> tuple[int, int]:
    """How many signature values and how many signature fields the document has, reached anyhow."""
    values = fields = 0
    for item in _dictionaries(reader):
        if "/ByteRange" in item or _value(item, "/Type") in _SIGNATURES:
            values += 1
        if _value(item, "/FT") == "/Sig":
            fields += 1
    return values, fields


def _value(item: generic.DictionaryObject, key: str) -> object:
    """The name behind ``key``; what stands in an object of its own is found too."""
    return str(item[key]) if key in item else None


def _dictionaries(reader: PdfFileReader) -> Iterator[generic.DictionaryObject]:
    """Every dictionary that hangs on the trailer, once."""
    waiting: list[generic.PdfObject] = [reader.trailer.flatten()]
    seen: set[tuple[int, int]] = set()
    visited = 0
    while waiting:
        item = waiting.pop()
        visited += 1
        if visited > _MOST_OBJECTS:
            raise TooManyObjects
        if isinstance(item, generic.IndirectObject):
            place = (item.idnum, item.generation)
            if place in seen:
                continue
            seen.add(place)
            item = item.get_object()
        if isinstance(item, generic.DictionaryObject):
            yield item
            waiting.extend(item.raw_get(key) for key in item)
        elif isinstance(item, generic.ArrayObject):
            waiting.extend(item.raw_get(place) for place in range(len(item)))
