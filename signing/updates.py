"""What may be added to a sealed letter: document time stamps and validation data, nothing else.

DocMDP P=1 forbids every change but these (ISO 32000-2, 12.8.2.2). Each object of an update has to
be one that an archive writes, in the form in which it is written, at a number that was free: the
sealed letter neither had nor mentioned it.
"""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import cached_property

from signing.entries import (
    dictionary_at,
    list_at,
    numbers_at,
    numbers_of,
    require_allowed,
    require_entries,
)
from signing.form import STAMP
from signing.metadata import same_description
from signing.syntax.document import Document
from signing.syntax.pages import page_tree
from signing.syntax.texts import date_of, text_of
from signing.syntax.values import (
    Name,
    Reference,
    Stream,
    Value,
    entries_of,
    same,
    same_but,
    walk,
)

#: entries of the catalogue that the archive changes; each has a rule of its own below
_CATALOGUE = frozenset({"/DSS", "/AcroForm", "/Extensions", "/Metadata"})
#: entries of /Info that a program which adds a revision may set anew
_INFORMATION = frozenset({"/ModDate", "/Producer"})
_LISTS = ("/Certs", "/OCSPs", "/CRLs")
#: validation data by signature (EN 319 142-1, 5.4.2.3): an index into the lists
_INDEX = ("/Cert", "/OCSP", "/CRL")
_INDEX_NAME = re.compile(r"/[0-9A-F]{40}")
_STORE = frozenset({"/Type", "/VRI", *_LISTS})
_STREAM = frozenset({"/Length", "/Filter"})
_FIELD = frozenset({"/Type", "/Subtype", "/FT", "/T", "/TU", "/V", "/F", "/P", "/Rect", "/AP"})
_STAMP = frozenset({"/Type", "/Filter", "/SubFilter", "/ByteRange", "/Contents", "/M", "/V"})
#: what PDFBox gives an invisible field as its look: a form without an operator
_LOOK = frozenset({"/Type", "/Subtype", "/BBox", "/Length"})
_LOOK_FORM = {"/Type": Name("/XObject"), "/Subtype": Name("/Form")}
_FIELD_FORM = {"/Type": Name("/Annot"), "/Subtype": Name("/Widget"), "/FT": Name("/Sig")}
#: bits of an annotation's flags (ISO 32000-2, table 167)
_MOST_FLAGS = 0x3FF
#: signatures exist, append only (ISO 32000-2, table 225)
_SIGNATURE_FLAGS = range(1, 4)
#: names of fields and programs: short, printable, nothing that turns the line about
_LABEL = re.compile(r"[ -~]{1,200}")
_DEVELOPER = re.compile(r"/[A-Za-z][A-Za-z0-9_]{1,15}")
_VERSION = re.compile(r"/(?:1\.[0-7]|2\.0)")
_RECTANGLE = 4
_IDS = 2


def require_archival(document: Document, revision: int) -> None:
    """Raise ``Refused`` unless the revision with this index adds what an archive adds."""
    comparison = _Comparison(document, revision)
    require_allowed(document.revisions[revision].objects.keys() <= set(comparison.permitted()))


class _Comparison:
    """The same document before and after a revision; goes through all that may differ."""

    def __init__(self, document: Document, revision: int) -> None:
        self._before = document.state(revision - 1)
        self._after = document.state(revision)
        self._added = document.revisions[revision]
        self._had = document.revisions[:revision]

    @cached_property
    def _taken(self) -> frozenset[int]:
        """Every number that the document had or mentioned, the dangling ones too."""
        found: set[int] = set()
        for revision in self._had:
            found.update(revision.objects)
            for value in (revision.trailer, *(each.value for each in revision.objects.values())):
                found.update(one.number for one in walk(value) if isinstance(one, Reference))
        return frozenset(found)

    def permitted(self) -> Iterator[int]:
        """Numbers of all objects that may be new or other than before. Raises ``Refused``."""
        old, new = self._before.catalogue, self._after.catalogue
        require_allowed(same_but(old, new, _CATALOGUE))
        yield self._after.root.number
        yield from self._extensions(old, new)
        yield from self._store(old, new)
        yield from self._form(old, new)
        yield from self._description(old, new)
        yield from self._information()
        self._require_trailer(self._before.trailer, self._after.trailer)
        yield from map(self._fresh, self._added.machinery)

    def _require_trailer(self, old: dict[str, Value], new: dict[str, Value]) -> None:
        had, has = list_at(self._before, old, "/ID"), list_at(self._after, new, "/ID")
        require_allowed(not had or (len(had) == len(has) == _IDS and same(had[0], has[0])))
        require_allowed(all(isinstance(part, bytes) for part in has))
        if "/DocChecksum" in new:
            # LibreOffice's checksum of its own bytes; programs copy it from any earlier trailer
            had_before = [revision.trailer.get("/DocChecksum") for revision in self._had]
            require_allowed(any(same(each, new["/DocChecksum"]) for each in had_before))

    def _information(self) -> Iterator[int]:
        old, new = self._before.trailer, self._after.trailer
        yield from self._place(old, new, "/Info")
        had = dictionary_at(self._before, old, "/Info")
        has = dictionary_at(self._after, new, "/Info")
        require_allowed("/Info" in new or "/Info" not in old)
        require_allowed(same_but(_as_text(had), _as_text(has), _INFORMATION))
        if not same(had, has):
            require_allowed("/ModDate" not in has or date_of(has["/ModDate"]) is not None)
            require_allowed("/Producer" not in has or _is_label(has["/Producer"]))

    def _description(self, old: dict[str, Value], new: dict[str, Value]) -> Iterator[int]:
        yield from self._place(old, new, "/Metadata")
        had, has = (
            self._before.follow(old.get("/Metadata")),
            self._after.follow(new.get("/Metadata")),
        )
        require_allowed((had is None) == (has is None))
        if had is not None and not same(had, has):
            require_allowed(same_description(had, has))

    def _extensions(self, old: dict[str, Value], new: dict[str, Value]) -> Iterator[int]:
        yield from self._place(old, new, "/Extensions")
        kept = dictionary_at(self._before, old, "/Extensions")
        now = dictionary_at(self._after, new, "/Extensions")
        require_allowed(all(name in now and same(kept[name], now[name]) for name in kept))
        for name in now.keys() - kept.keys():
            require_allowed(_DEVELOPER.fullmatch(name) and _is_extension(now[name]))

    def _store(self, old: dict[str, Value], new: dict[str, Value]) -> Iterator[int]:
        """/DSS only grows."""
        yield from self._place(old, new, "/DSS")
        kept = dictionary_at(self._before, old, "/DSS")
        now = dictionary_at(self._after, new, "/DSS")
        # an index (/VRI) says nothing that the lists do not say: the EU's DSS leaves it out
        require_allowed(kept.keys() - {"/VRI"} <= now.keys() <= _STORE)
        require_allowed(now.get("/Type", "/DSS") == "/DSS")
        streams: set[int] = set()
        for name in _LISTS:
            yield from self._place(kept, now, name)
            had = numbers_at(self._before, kept, name)
            has = numbers_at(self._after, now, name)
            require_allowed(set(had) <= set(has))
            yield from self._as_it_was(had)
            for number in set(has) - set(had):
                require_allowed(_is_data(self._object(number)))
                yield self._fresh(number)
            streams.update(has)
        yield from self._index(kept, now, streams)

    def _index(
        self, old: dict[str, Value], new: dict[str, Value], streams: set[int]
    ) -> Iterator[int]:
        yield from self._place(old, new, "/VRI")
        kept = dictionary_at(self._before, old, "/VRI")
        now = dictionary_at(self._after, new, "/VRI")
        for name in now:
            require_allowed(_INDEX_NAME.fullmatch(name))
            yield from self._place(kept, now, name)
            entry = dictionary_at(self._after, now, name)
            require_entries(entry, frozenset({"/Type", "/TU", *_INDEX}))
            require_allowed(entry.get("/Type", "/VRI") == "/VRI")
            require_allowed("/TU" not in entry or date_of(entry["/TU"]) is not None)
            for kind in _INDEX:
                yield from self._place(dictionary_at(self._before, kept, name), entry, kind)
                require_allowed(set(numbers_at(self._after, entry, kind)) <= streams)

    def _form(self, old: dict[str, Value], new: dict[str, Value]) -> Iterator[int]:
        yield from self._place(old, new, "/AcroForm")
        kept = dictionary_at(self._before, old, "/AcroForm")
        now = dictionary_at(self._after, new, "/AcroForm")
        require_allowed(same_but(kept, now, frozenset({"/Fields", "/SigFlags"})))
        flags = now.get("/SigFlags")
        require_allowed(type(flags) is int and flags in _SIGNATURE_FLAGS)
        yield from self._place(kept, now, "/Fields")
        had = numbers_at(self._before, kept, "/Fields")
        has = numbers_at(self._after, now, "/Fields")
        require_allowed(has[: len(had)] == had)
        yield from self._as_it_was(had)
        more = has[len(had) :]
        require_allowed(len(set(more)) == len(more))
        for number in more:
            yield from self._stamp_field(number)
        yield from self._pages(set(more))

    def _stamp_field(self, number: int) -> Iterator[int]:
        """An invisible field whose value is a document time stamp."""
        field = self._dictionary(number)
        require_entries(field, _FIELD, _FIELD_FORM)
        require_allowed(all(_is_label(field[name]) for name in ("/T", "/TU") if name in field))
        flags = field.get("/F", 0)
        require_allowed(type(flags) is int and 0 <= flags <= _MOST_FLAGS)
        self._require_no_extent(field, "/Rect")
        yield from self._empty_look(field)
        value = field.get("/V")
        require_allowed(isinstance(value, Reference))
        stamp = dictionary_at(self._after, field, "/V")
        require_entries(stamp, _STAMP, STAMP)
        require_allowed("/M" not in stamp or date_of(stamp["/M"]) is not None)
        require_allowed(type(stamp.get("/V", 0)) is int)
        yield self._fresh(number)
        yield from map(self._fresh, numbers_of([value]))

    def _empty_look(self, field: dict[str, Value]) -> Iterator[int]:
        """Objects of a look that paints nothing, where the field has one."""
        yield from self._place({}, field, "/AP")
        look = dictionary_at(self._after, field, "/AP")
        require_allowed("/AP" not in field or look.keys() == {"/N"})
        if look:
            yield from self._place({}, look, "/N")
            form = self._after.follow(look["/N"])
            require_allowed(isinstance(form, Stream) and not form.data)
            entries = entries_of(form) or {}
            require_entries(entries, _LOOK, _LOOK_FORM)
            self._require_no_extent(entries, "/BBox")

    def _require_no_extent(self, entries: dict[str, Value], name: str) -> None:
        corners = list_at(self._after, entries, name)
        require_allowed(len(corners) == _RECTANGLE and not any(corners))
        require_allowed(all(type(corner) in {int, Decimal} for corner in corners))

    def _as_it_was(self, numbers: Iterable[int]) -> Iterator[int]:
        """Those of ``numbers`` that are as before, written again or not: PDFBox writes them."""
        for number in numbers:
            if same(self._before.follow(Reference(number, 0)), self._object(number)):
                yield number

    def _pages(self, fields: set[int]) -> Iterator[int]:
        """Pages differ by the new fields among their annotations, which show nothing."""
        pages = dict(page_tree(self._before))
        for number in fields:
            page = self._dictionary(number).get("/P")
            require_allowed(page is None or (isinstance(page, Reference) and page.number in pages))
        for number, old in pages.items():
            new = self._dictionary(number)
            require_allowed(same_but(old, new, frozenset({"/Annots"})))
            yield from self._place(old, new, "/Annots")
            had = list_at(self._before, old, "/Annots")
            has = list_at(self._after, new, "/Annots")
            require_allowed(len(has) >= len(had) and all(map(same, had, has)))
            more = numbers_of(has[len(had) :])
            require_allowed(set(more) <= fields)
            if more:
                yield number

    def _place(self, old: dict[str, Value], new: dict[str, Value], name: str) -> Iterator[int]:
        """The number of what ``name`` refers to: as it was, or one that was not there."""
        reference = new.get(name)
        if not isinstance(reference, Reference):
            return
        earlier = old.get(name)
        require_allowed(reference.generation == 0)
        if isinstance(earlier, Reference) and earlier.number == reference.number:
            yield reference.number
        else:
            yield self._fresh(reference.number)

    def _fresh(self, number: int) -> int:
        require_allowed(number not in self._taken)
        return number

    def _object(self, number: int) -> Value:
        return self._after.follow(Reference(number, 0))

    def _dictionary(self, number: int) -> dict[str, Value]:
        found = self._object(number)
        require_allowed(isinstance(found, dict))
        return found if isinstance(found, dict) else {}


def _is_data(value: Value) -> bool:
    return isinstance(value, Stream) and value.entries.keys() <= _STREAM


def _as_text(information: dict[str, Value]) -> dict[str, Value]:
    """The entries with text strings in one encoding: programs write them anew in another."""
    texts = {key: text_of(value) for key, value in information.items()}
    return {key: (texts[key] or "").encode() or value for key, value in information.items()}


def _is_label(value: Value) -> bool:
    return _LABEL.fullmatch(text_of(value) or "") is not None


def _is_extension(value: Value) -> bool:
    """True for a developer extensions dictionary (ISO 32000-2, 7.12.2) without texts in it."""
    if not isinstance(value, dict):
        return False
    require_entries(value, frozenset({"/Type", "/BaseVersion", "/ExtensionLevel"}))
    version = value.get("/BaseVersion")
    return (
        value.get("/Type", "/DeveloperExtensions") == "/DeveloperExtensions"
        and isinstance(version, Name)
        and _VERSION.fullmatch(version) is not None
        and type(value.get("/ExtensionLevel")) is int
    )
