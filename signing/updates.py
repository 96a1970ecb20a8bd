"""What may be added to a sealed letter: document time stamps and validation data, nothing else.

DocMDP P=1 forbids every change but these (ISO 32000-2, 12.8.2.2). pyHanko is asked too
(``mathematics``); by itself it lets pass new document information, objects that hang nowhere, and
objects that the sealed file mentions and lacks.
"""

import re
from collections.abc import Iterator

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader

from signing.metadata import same_description
from signing.objects import numbers_in, same, same_but
from signing.verdict import Refused

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
_NOTHING = _Dictionary()


def demand_archival(before: PdfFileReader, after: PdfFileReader) -> None:
    """``after`` is ``before`` with time stamps and validation data added; else ``Refused``."""
    tables = after.xrefs
    added = range(before.xrefs.total_revisions, tables.total_revisions)
    touched = set()
    for revision in added:
        references = tables.explicit_refs_in_revision(revision)
        _demand(not tables.get_xref_data(revision).freed)
        _demand(all(reference.generation == 0 for reference in references))
        touched |= {reference.idnum for reference in references}
    _demand(touched <= set(_Comparison(before, after).permitted(added)))


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
        _demand(number == self._before.root_ref.idnum and same_but(old, new, _CATALOGUE))
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
        _demand(same_but(_held(old, "/Info"), _held(new, "/Info"), _INFORMATION))
        changed = _held(new, "/Info")
        for name in _INFORMATION & set(changed):
            _demand(isinstance(changed.raw_get(name), generic.TextStringObject))

    def _description(self, old: _Dictionary, new: _Dictionary) -> Iterator[int]:
        yield from self._place(old, new, "/Metadata")
        _demand(("/Metadata" in old) == ("/Metadata" in new))
        if "/Metadata" in old:
            _demand(same_description(old["/Metadata"], new["/Metadata"]))

    def _extensions(self, old: _Dictionary, new: _Dictionary) -> Iterator[int]:
        yield from self._place(old, new, "/Extensions")
        kept, now = _held(old, "/Extensions"), _held(new, "/Extensions")
        _demand(all(name in now and same(kept.raw_get(name), now.raw_get(name)) for name in kept))
        _demand(_is_plain(now, _EXTENSION_DEPTH))

    def _store(self, old: _Dictionary, new: _Dictionary) -> Iterator[int]:
        """/DSS only grows."""
        yield from self._place(old, new, "/DSS")
        kept, now = _held(old, "/DSS"), _held(new, "/DSS")
        _demand(set(kept) <= set(now) <= _STORE)
        streams: set[int] = set()
        for name in _LISTS:
            yield from self._place(kept, now, name)
            had, has = _numbers(kept, name), _numbers(now, name)
            _demand(set(had) <= set(has))
            for number in set(has) - set(had):
                _demand(_is_data(self._object(number)))
                yield self._fresh(number)
            streams.update(has)
        yield from self._index(kept, now, streams)

    def _index(self, old: _Dictionary, new: _Dictionary, streams: set[int]) -> Iterator[int]:
        yield from self._place(old, new, "/VRI")
        kept, now = _held(old, "/VRI"), _held(new, "/VRI")
        for name in now:
            _demand(_INDEX_NAME.fullmatch(name))
            yield from self._place(kept, now, name)
            entry = now[name]
            _demand(isinstance(entry, _Dictionary) and set(entry) <= _INDEX)
            for kind in ("/Cert", "/OCSP", "/CRL"):
                yield from self._place(_held(kept, name), entry, kind)
                _demand(set(_numbers(entry, kind)) <= streams)

    def _form(self, old: _Dictionary, new: _Dictionary) -> Iterator[int]:
        yield from self._place(old, new, "/AcroForm")
        kept, now = _held(old, "/AcroForm"), _held(new, "/AcroForm")
        _demand(same_but(kept, now, frozenset({"/Fields", "/SigFlags"})))
        _demand("/SigFlags" in now and isinstance(now.raw_get("/SigFlags"), int))
        yield from self._place(kept, now, "/Fields")
        had, has = _numbers(kept, "/Fields"), _numbers(now, "/Fields")
        _demand(has[: len(had)] == had)
        for number in has[len(had) :]:
            yield from self._stamp_field(number)
        yield from self._pages(set(has[len(had) :]))

    def _stamp_field(self, number: int) -> Iterator[int]:
        """An invisible field whose value is a document time stamp."""
        field = self._object(number)
        _demand(isinstance(field, _Dictionary) and set(field) <= _FIELD and "/V" in field)
        _demand(field["/FT"] == "/Sig" and not any(_held_list(field, "/Rect")))
        value = field.raw_get("/V")
        stamp = field["/V"]
        _demand(isinstance(value, generic.IndirectObject) and isinstance(stamp, _Dictionary))
        _demand(set(stamp) <= _STAMP and stamp["/Type"] == "/DocTimeStamp")
        yield self._fresh(number)
        yield self._fresh(value.idnum)

    def _pages(self, fields: set[int]) -> Iterator[int]:
        """Pages differ by the new fields among their annotations, which show nothing."""
        for number, old in _page_tree(self._before):
            new = self._object(number)
            _demand(isinstance(new, _Dictionary))
            _demand(same_but(old, new, frozenset({"/Annots"})))
            yield number
            yield from self._place(old, new, "/Annots")
            had, has = _held_list(old, "/Annots"), _held_list(new, "/Annots")
            _demand(len(has) >= len(had) and all(map(same, had, has)))
            more = has[len(had) :]
            _demand(all(isinstance(item, generic.IndirectObject) for item in more))
            _demand({item.idnum for item in more} <= fields)

    def _place(self, old: _Dictionary, new: _Dictionary, name: str) -> Iterator[int]:
        """The number of what ``name`` refers to: as it was, or one that was not there."""
        if name not in new or not isinstance(reference := new.raw_get(name), _Reference):
            return
        _demand(reference.generation == 0)
        earlier = old.raw_get(name) if name in old else None
        if isinstance(earlier, _Reference) and earlier.idnum == reference.idnum:
            yield reference.idnum
        else:
            yield self._fresh(reference.idnum)

    def _fresh(self, number: int) -> int:
        _demand(number not in self._taken)
        return number

    def _object(self, number: int) -> generic.PdfObject:
        return self._after.get_object(generic.Reference(number, 0, self._after))


_Reference = generic.IndirectObject


def _held(dictionary: _Dictionary, name: str) -> _Dictionary:
    """The dictionary behind ``name``; an empty one where there is none. Else ``Refused``."""
    value = dictionary[name] if name in dictionary else _NOTHING
    _demand(isinstance(value, _Dictionary))
    return value


def _held_list(dictionary: _Dictionary, name: str) -> list[generic.PdfObject]:
    value = dictionary[name] if name in dictionary else generic.ArrayObject()
    _demand(isinstance(value, generic.ArrayObject))
    return [value.raw_get(place) for place in range(len(value))]


def _numbers(dictionary: _Dictionary, name: str) -> list[int]:
    """The numbers in the list behind ``name``, which holds references alone; else ``Refused``."""
    found = _held_list(dictionary, name)
    _demand(all(isinstance(item, _Reference) and item.generation == 0 for item in found))
    return [item.idnum for item in found]  # type: ignore[attr-defined]


def _is_data(item: generic.PdfObject) -> bool:
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
        _demand(isinstance(reference, _Reference) and depth < _DEEPEST)
        node = reference.get_object()
        yield reference.idnum, node
        waiting.extend((kid, depth + 1) for kid in _held_list(node, "/Kids"))


def _demand(condition: object) -> None:
    if not condition:
        raise Refused("update_after_sealing")
