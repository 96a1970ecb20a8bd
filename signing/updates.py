"""What may be added to a sealed letter: document time stamps and validation data, nothing else.

DocMDP P=1 forbids every change but these (ISO 32000-2, 12.8.2.2). pyHanko is asked too, afterwards
(``mathematics``); by itself it lets pass new document information, objects that hang nowhere, and
objects that the sealed file mentions and lacks.
"""

import re
from collections.abc import Iterator

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader

from signing.entries import demand_allowed, dictionary_at, list_at, numbers_at, numbers_of
from signing.metadata import same_description
from signing.objects import numbers_in, same, same_but

#: entries of the catalogue that the archive changes; each has a rule of its own below
_CATALOGUE = frozenset({"/DSS", "/AcroForm", "/Extensions", "/Metadata"})
#: entries of /Info that a program which adds a revision may set anew
_INFORMATION = frozenset({"/ModDate", "/Producer"})
_LISTS = ("/Certs", "/OCSPs", "/CRLs")
_STORE = frozenset({"/Type", "/VRI", *_LISTS})
_STREAM = frozenset({"/Length", "/Filter", "/DecodeParms"})
#: validation data by signature (EN 319 142-1, 5.4.2.3): an index into the lists
_INDEX = frozenset({"/Type", "/Cert", "/OCSP", "/CRL", "/TU"})
_INDEX_NAME = re.compile(r"/[0-9A-F]{40}")
_FIELD = frozenset({"/Type", "/Subtype", "/FT", "/T", "/TU", "/V", "/F", "/P", "/Rect"})
_STAMP = frozenset({"/Type", "/Filter", "/SubFilter", "/ByteRange", "/Contents", "/M", "/V"})
#: pages in pages in pages
_DEEPEST = 50
#: developer extensions: a dictionary of dictionaries
_EXTENSION_DEPTH = 2

_Dictionary = generic.DictionaryObject
_Reference = generic.IndirectObject


def demand_archival(before: PdfFileReader, after: PdfFileReader) -> None:
    """``after`` is ``before`` with time stamps and validation data added; else ``Refused``."""
    tables = after.xrefs
    added = range(before.xrefs.total_revisions, tables.total_revisions)
    touched = set()
    for revision in added:
        references = tables.explicit_refs_in_revision(revision)
        demand_allowed(not tables.get_xref_data(revision).freed)
        demand_allowed(all(reference.generation == 0 for reference in references))
        touched |= {reference.idnum for reference in references}
    demand_allowed(touched <= set(_Comparison(before, after).permitted(added)))


class _Comparison:
    """The same document before and after; goes through all that may differ."""

    def __init__(self, before: PdfFileReader, after: PdfFileReader) -> None:
        self._before = before
        self._after = after
        self._taken = numbers_in(before)

    def permitted(self, added: range) -> Iterator[int]:
        """Numbers of all objects that may be new or other than before. Raises ``Refused``."""
        old, new = self._before.root, self._after.root
        number = self._after.root_ref.idnum
        demand_allowed(number == self._before.root_ref.idnum and same_but(old, new, _CATALOGUE))
        yield number
        yield from self._extensions(old, new)
        yield from self._store(old, new)
        yield from self._form(old, new)
        yield from self._description(old, new)
        yield from self._information()
        yield from self._tables(added)

    def _tables(self, added: range) -> Iterator[int]:
        """Cross-reference streams, and the streams that hold other objects."""
        tables = self._after.xrefs
        for revision in added:
            table = tables.get_xref_container_info(revision).stream_ref
            streams = tables.object_streams_used_in(revision)
            for reference in (*streams, *([table] if table is not None else [])):
                yield self._fresh(reference.idnum)

    def _information(self) -> Iterator[int]:
        old, new = self._before.trailer.flatten(), self._after.trailer.flatten()
        yield from self._place(old, new, "/Info")
        demand_allowed(
            same_but(dictionary_at(old, "/Info"), dictionary_at(new, "/Info"), _INFORMATION)
        )
        changed = dictionary_at(new, "/Info")
        for name in _INFORMATION & set(changed):
            demand_allowed(isinstance(changed.raw_get(name), generic.TextStringObject))

    def _description(self, old: _Dictionary, new: _Dictionary) -> Iterator[int]:
        yield from self._place(old, new, "/Metadata")
        demand_allowed(("/Metadata" in old) == ("/Metadata" in new))
        if "/Metadata" in old:
            demand_allowed(same_description(old["/Metadata"], new["/Metadata"]))

    def _extensions(self, old: _Dictionary, new: _Dictionary) -> Iterator[int]:
        yield from self._place(old, new, "/Extensions")
        kept, now = dictionary_at(old, "/Extensions"), dictionary_at(new, "/Extensions")
        demand_allowed(
            all(name in now and same(kept.raw_get(name), now.raw_get(name)) for name in kept)
        )
        demand_allowed(_is_plain(now, _EXTENSION_DEPTH))

    def _store(self, old: _Dictionary, new: _Dictionary) -> Iterator[int]:
        """/DSS only grows."""
        yield from self._place(old, new, "/DSS")
        kept, now = dictionary_at(old, "/DSS"), dictionary_at(new, "/DSS")
        demand_allowed(set(kept) <= set(now) <= _STORE)
        streams: set[int] = set()
        for name in _LISTS:
            yield from self._place(kept, now, name)
            had, has = numbers_at(kept, name), numbers_at(now, name)
            demand_allowed(set(had) <= set(has))
            for number in set(has) - set(had):
                demand_allowed(_is_data(self._dictionary(number)))
                yield self._fresh(number)
            streams.update(has)
        yield from self._index(kept, now, streams)

    def _index(self, old: _Dictionary, new: _Dictionary, streams: set[int]) -> Iterator[int]:
        yield from self._place(old, new, "/VRI")
        kept, now = dictionary_at(old, "/VRI"), dictionary_at(new, "/VRI")
        for name in now:
            demand_allowed(_INDEX_NAME.fullmatch(name))
            yield from self._place(kept, now, name)
            entry = now[name]
            demand_allowed(isinstance(entry, _Dictionary) and set(entry) <= _INDEX)
            for kind in ("/Cert", "/OCSP", "/CRL"):
                yield from self._place(dictionary_at(kept, name), entry, kind)
                demand_allowed(set(numbers_at(entry, kind)) <= streams)

    def _form(self, old: _Dictionary, new: _Dictionary) -> Iterator[int]:
        yield from self._place(old, new, "/AcroForm")
        kept, now = dictionary_at(old, "/AcroForm"), dictionary_at(new, "/AcroForm")
        demand_allowed(same_but(kept, now, frozenset({"/Fields", "/SigFlags"})))
        demand_allowed("/SigFlags" in now and isinstance(now.raw_get("/SigFlags"), int))
        yield from self._place(kept, now, "/Fields")
        had, has = numbers_at(kept, "/Fields"), numbers_at(now, "/Fields")
        demand_allowed(has[: len(had)] == had)
        for number in has[len(had) :]:
            yield from self._stamp_field(number)
        yield from self._pages(set(has[len(had) :]))

    def _stamp_field(self, number: int) -> Iterator[int]:
        """An invisible field whose value is a document time stamp."""
        field = self._dictionary(number)
        demand_allowed(set(field) <= _FIELD and "/V" in field)
        demand_allowed(field["/FT"] == "/Sig" and not any(list_at(field, "/Rect")))
        value, stamp = field.raw_get("/V"), dictionary_at(field, "/V")
        demand_allowed(isinstance(value, _Reference))
        demand_allowed(set(stamp) <= _STAMP and stamp["/Type"] == "/DocTimeStamp")
        yield self._fresh(number)
        yield self._fresh(value.idnum)

    def _pages(self, fields: set[int]) -> Iterator[int]:
        """Pages differ by the new fields among their annotations, which show nothing."""
        for number, old in _page_tree(self._before):
            new = self._dictionary(number)
            demand_allowed(same_but(old, new, frozenset({"/Annots"})))
            yield from self._place(old, new, "/Annots")
            had, has = list_at(old, "/Annots"), list_at(new, "/Annots")
            demand_allowed(len(has) >= len(had) and all(map(same, had, has)))
            more = numbers_of(has[len(had) :])
            demand_allowed(set(more) <= fields)
            if more:
                yield number

    def _place(self, old: _Dictionary, new: _Dictionary, name: str) -> Iterator[int]:
        """The number of what ``name`` refers to: as it was, or one that was not there."""
        if name not in new or not isinstance(reference := new.raw_get(name), _Reference):
            return
        demand_allowed(reference.generation == 0)
        earlier = old.raw_get(name) if name in old else None
        if isinstance(earlier, _Reference) and earlier.idnum == reference.idnum:
            yield reference.idnum
        else:
            yield self._fresh(reference.idnum)

    def _fresh(self, number: int) -> int:
        demand_allowed(number not in self._taken)
        return number

    def _dictionary(self, number: int) -> _Dictionary:
        found: _Dictionary = self._after.get_object(generic.Reference(number, 0, self._after))
        demand_allowed(isinstance(found, _Dictionary))
        return found


def _is_data(item: _Dictionary) -> bool:
    return isinstance(item, generic.StreamObject) and set(item) <= _STREAM


def _is_plain(item: generic.PdfObject, depth: int) -> bool:
    """True where ``item`` holds names, numbers and texts, in dictionaries not deeper than that."""
    if isinstance(item, _Dictionary):
        return depth > 0 and all(_is_plain(item.raw_get(name), depth - 1) for name in item)
    return isinstance(item, generic.NameObject | generic.TextStringObject | int)


def _page_tree(reader: PdfFileReader) -> Iterator[tuple[int, _Dictionary]]:
    """Each page and each node above it with its number."""
    waiting = [(reader.root.raw_get("/Pages"), 0)]
    while waiting:
        reference, depth = waiting.pop()
        demand_allowed(isinstance(reference, _Reference) and depth < _DEEPEST)
        node = reference.get_object()
        yield reference.idnum, node
        waiting.extend((kid, depth + 1) for kid in list_at(node, "/Kids"))
