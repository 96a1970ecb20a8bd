"""Objects of a document, reached by a walk over the whole of it.

pyHanko leaves out signature fields whose SubFilter it does not know, and looks below /AcroForm
only; what a document mentions but does not have, it takes for null.
"""

from collections.abc import Iterable, Iterator

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader

_SIGNATURES = frozenset({"/Sig", "/DocTimeStamp"})
#: without these in its bytes a file has no signature
_TELLING = (b"/ByteRange", b"/Sig", b"/DocTimeStamp", b"/ObjStm")
#: a letter has some hundreds of objects; a file with more than this is not one of ours
_MOST_OBJECTS = 200_000
_HOLDERS = (generic.IndirectObject, generic.DictionaryObject, generic.ArrayObject)


class TooManyObjects(Exception):  # a limit, told as such
    """The walk ended at its limit."""


def count_signatures(reader: PdfFileReader, revision: int = 0) -> tuple[int, int]:
    """How many signature values and how many signature fields the document has, reached anyhow.

    Those that came in ``revision`` or later, where earlier ones are known to have none.
    """
    values = fields = 0
    for item in _walk(reader) if revision == 0 else _walk_since(reader, revision):
        if not isinstance(item, generic.DictionaryObject):
            continue
        if "/ByteRange" in item or _value(item, "/Type") in _SIGNATURES:
            values += 1
        if _value(item, "/FT") == "/Sig":
            fields += 1
    return values, fields


def unsigned_revisions(reader: PdfFileReader, pdf: bytes, base: bytes) -> int:
    """How many of the first revisions are those of ``base``, and nothing in it can sign.

    ``base`` is the file as it was written here, before it was sealed: not hostile, so its bytes
    tell. 0 where it is not, where it speaks of signatures, or hides objects in streams.
    """
    if not base or not pdf.startswith(base) or any(word in base for word in _TELLING):
        return 0
    revisions = range(reader.xrefs.total_revisions)
    starts = (reader.xrefs.get_startxref_for_revision(revision) for revision in revisions)
    return sum(1 for start in starts if start < len(base))


def numbers_in(reader: PdfFileReader) -> frozenset[int]:
    """Every object number that the document has or mentions, the dangling ones too."""
    tables = reader.xrefs
    had = {
        reference.idnum
        for revision in range(tables.total_revisions)
        for reference in tables.explicit_refs_in_revision(revision)
    }
    mentioned = {item.idnum for item in _walk(reader) if isinstance(item, generic.IndirectObject)}
    return frozenset(had | mentioned)


def same(one: object, other: object) -> bool:
    """True where both are the same object, references by their numbers and streams byte by byte."""
    if isinstance(one, generic.IndirectObject):
        return isinstance(other, generic.IndirectObject) and (one.idnum, one.generation) == (
            other.idnum,
            other.generation,
        )
    if isinstance(one, generic.StreamObject) and (
        not isinstance(other, generic.StreamObject) or one.encoded_data != other.encoded_data
    ):
        return False
    if isinstance(one, generic.DictionaryObject):
        return isinstance(other, generic.DictionaryObject) and same_but(one, other, frozenset())
    if isinstance(one, generic.ArrayObject):
        return (
            isinstance(other, generic.ArrayObject)
            and len(one) == len(other)
            and all(same(one.raw_get(n), other.raw_get(n)) for n in range(len(one)))
        )
    return type(one) is type(other) and one == other


def same_but(
    one: generic.DictionaryObject, other: generic.DictionaryObject, names: frozenset[str]
) -> bool:
    """True where both have the same entries, whatever those called ``names`` are."""
    kept = set(one) - names
    return kept == set(other) - names and all(
        same(one.raw_get(name), other.raw_get(name)) for name in kept
    )


def _value(item: generic.DictionaryObject, key: str) -> object:
    """The name behind ``key``; what stands in an object of its own is found too."""
    return str(item[key]) if key in item else None


def _walk(reader: PdfFileReader) -> Iterator[generic.PdfObject]:
    """Every dictionary and array that hangs on the trailer, once, and every reference."""
    return _walk_down([reader.trailer.flatten()], set())


def _walk_since(reader: PdfFileReader, revision: int) -> Iterator[generic.PdfObject]:
    """The same of what ``revision`` and later ones brought."""
    tables = reader.xrefs
    later = range(revision, tables.total_revisions)
    brought = {ref for each in later for ref in tables.explicit_refs_in_revision(each)}
    known = {
        (ref.idnum, ref.generation)
        for each in range(revision)
        for ref in tables.explicit_refs_in_revision(each)
        if ref not in brought
    }
    roots = [generic.IndirectObject(ref.idnum, ref.generation, reader) for ref in brought]
    return _walk_down([reader.trailer.flatten(), *roots], known)


def _walk_down(
    waiting: list[generic.PdfObject], seen: set[tuple[int, int]]
) -> Iterator[generic.PdfObject]:
    visited = 0
    while waiting:
        item = waiting.pop()
        visited += 1
        if visited > _MOST_OBJECTS:
            raise TooManyObjects
        yield item
        if isinstance(item, generic.IndirectObject):
            place = (item.idnum, item.generation)
            if place not in seen:
                seen.add(place)
                waiting.append(item.get_object())
        elif isinstance(item, generic.DictionaryObject):
            waiting.extend(_that_hold(item.raw_get(key) for key in item))
        elif isinstance(item, generic.ArrayObject):
            waiting.extend(_that_hold(item.raw_get(place) for place in range(len(item))))


def _that_hold(items: Iterable[generic.PdfObject]) -> Iterator[generic.PdfObject]:
    """Those of ``items`` that hold or name others; numbers and texts are the most of a letter."""
    return (item for item in items if isinstance(item, _HOLDERS))
