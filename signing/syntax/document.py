"""A whole file, each of its bytes accounted for (ISO 32000-2, 7.5).

A revision is objects with white space between them, one cross-reference section that names each
of them once and where it stands, its trailer, and the section's own offset. What comes after a
signature is spelled plainly (``lexicon.PLAIN``) and holds nothing that a reader which searches
the file for objects could find in data.
"""

import re
from collections import ChainMap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from signing.syntax.bodies import Body, read_body
from signing.syntax.lengths import Lengths
from signing.syntax.lexicon import FREE, PLAIN, Lexicon
from signing.syntax.packed import read_packed
from signing.syntax.tables import (
    Packed,
    Place,
    Section,
    last_section,
    read_section,
    revision_end,
)
from signing.syntax.values import (
    Malformed,
    Reference,
    Stream,
    TooLarge,
    Unread,
    Value,
    entries_of,
    walk,
)

_HEADER = re.compile(rb"%PDF-(?:1\.[0-7]|2\.0)(?:\r\n|\n|\r)")
#: a letter is renewed every few years
_MOST_REVISIONS = 200
#: a letter has some hundreds of objects
_MOST_OBJECTS = 200_000
#: what a reader looks for that searches a broken file for its objects
_STRUCTURE = re.compile(rb"\d\s+\d+\s+obj|endobj|endstream|trailer|startxref|%%EOF|xref\s")

_Objects = Mapping[int, Body]


@dataclass(frozen=True, kw_only=True)
class Revision:
    """The file's first part, or one that was appended later."""

    #: offsets of its first byte, of the byte behind ``%%EOF``, and of that behind the line end
    start: int
    marked: int
    end: int
    #: by number; ``start`` and ``end`` of one from an object stream are those of the stream
    objects: dict[int, Body] = field(repr=False)
    #: numbers of object streams and of a cross-reference stream
    machinery: frozenset[int]
    #: numbers of objects that stand in object streams
    packed: frozenset[int]
    trailer: dict[str, Value] = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class State:
    """The document as of a revision."""

    objects: _Objects = field(repr=False)
    trailer: dict[str, Value] = field(repr=False)

    def follow(self, value: Value) -> Value:
        """``value``, or what it refers to; null where that is not there (7.3.10)."""
        if not isinstance(value, Reference):
            return value
        body = self.objects.get(value.number)
        if body is None or body.generation != value.generation:
            return None
        return body.value

    @property
    def root(self) -> Reference:
        """The reference to the catalogue."""
        root = self.trailer["/Root"]
        assert isinstance(root, Reference)  # noqa: S101 -- no trailer is read without one
        return root

    @property
    def catalogue(self) -> dict[str, Value]:
        """The catalogue. Raises ``Malformed`` where it is no dictionary."""
        catalogue = self.follow(self.root)
        if not isinstance(catalogue, dict):
            raise Malformed(0, "the catalogue is no dictionary")
        return catalogue


@dataclass(frozen=True, kw_only=True)
class Document:
    """A file that reads in one way."""

    pdf: bytes = field(repr=False)
    revisions: tuple[Revision, ...]

    def state(self, revision: int) -> State:
        """The document as of the revision with this index."""
        parts = [each.objects for each in reversed(self.revisions[: revision + 1])]
        return State(objects=ChainMap(*parts), trailer=self.revisions[revision].trailer)


def read_document(pdf: bytes) -> Document:
    """``pdf``, read whole. Raises ``Malformed`` or ``TooLarge``."""
    header = _HEADER.match(pdf)
    if header is None:
        raise Malformed(0, "no PDF header")
    revisions: list[Revision] = []
    start, lexicon = header.end(), FREE
    for offset in _section_offsets(pdf):
        revision = _revision(pdf, start, offset, lexicon, revisions)
        _require_catalogue(revision, revisions)
        revisions.append(revision)
        start = revision.end
        if any(map(_is_signed, revision.objects.values())):
            lexicon = PLAIN
    if start != len(pdf):
        raise Unread(start, "something behind the last revision")
    return Document(pdf=pdf, revisions=tuple(revisions))


def _section_offsets(pdf: bytes) -> list[int]:
    """Offsets of all sections, as each names the one before it, the first one first."""
    offsets = [last_section(pdf)]
    while (earlier := read_section(pdf, offsets[-1], FREE).earlier) is not None:
        if not 0 < earlier < offsets[-1]:
            raise Malformed(offsets[-1], "/Prev names no earlier section")
        if len(offsets) == _MOST_REVISIONS:
            raise TooLarge
        offsets.append(earlier)
    return offsets[::-1]


def _revision(
    pdf: bytes, start: int, offset: int, lexicon: Lexicon, earlier: list[Revision]
) -> Revision:
    """The revision from ``start`` on, whose section is at ``offset``."""
    section = read_section(pdf, offset, lexicon)
    bodies = list(_bodies(pdf, start, section, lexicon, earlier))
    if section.body is not None:
        bodies.append(section.body)
    packed = list(_unpacked(bodies, lexicon))
    _require_listed(bodies, packed, section)
    if lexicon.plain:
        require_nothing_hidden([*(body.value for body in bodies), section.trailer])
    streams = {listed.stream for _, listed in packed}
    # a cross-reference stream that does not name itself is no object: PDFBox uses its number again
    objects = {
        body.number: body
        for body in (*bodies, *(body for body, _ in packed))
        if body.number in section.used
    }
    marked, end = revision_end(pdf, section, lexicon)
    return Revision(
        start=start,
        marked=marked,
        end=end,
        objects=objects,
        machinery=frozenset(streams | ({section.body.number} if section.body else set())),
        packed=frozenset(body.number for body, _ in packed),
        trailer=section.trailer,
    )


def _bodies(
    pdf: bytes, start: int, section: Section, lexicon: Lexicon, earlier: list[Revision]
) -> Iterator[Body]:
    """The objects from ``start`` to the section, with nothing but white space between them."""

    def earlier_value(number: int) -> Value:
        found = (each.objects.get(number) for each in reversed(earlier))
        return next((body.value for body in found if body is not None), None)

    length_of = Lengths(pdf, section.used, lexicon, earlier_value)
    offset = lexicon.after_gap(pdf, start)
    count = 0
    while offset < section.offset:
        body = read_body(pdf, offset, lexicon, length_of)
        yield body
        offset = lexicon.after_gap(pdf, body.end)
        count += 1
        if count > _MOST_OBJECTS:
            raise TooLarge
    if offset != section.offset:
        raise Malformed(offset, "a section that begins inside an object")


def _unpacked(bodies: list[Body], lexicon: Lexicon) -> Iterator[tuple[Body, Packed]]:
    """The objects in the object streams among ``bodies``, and where each stands."""
    for body in bodies:
        if isinstance(body.value, Stream) and body.value.entries.get("/Type") == "/ObjStm":
            for index, (number, value) in enumerate(read_packed(body.value, lexicon)):
                inner = Body(
                    number=number, generation=0, value=value, start=body.start, end=body.end
                )
                yield inner, Packed(body.number, index)


def _require_listed(
    bodies: list[Body], packed: list[tuple[Body, Packed]], section: Section
) -> None:
    """Raise ``Malformed`` unless the section names each object once, where it stands."""
    found: dict[int, Place | Packed] = {
        body.number: Place(body.start, body.generation) for body in bodies
    }
    found |= {body.number: place for body, place in packed}
    require_once(len(found), len(bodies) + len(packed), section.offset)
    # a cross-reference stream need not name itself (ISO 32000-2, 7.5.8.1)
    if section.body is not None and section.body.number not in section.used:
        del found[section.body.number]
    require_same_places(found, section)


def require_once(numbers: int, objects: int, offset: int) -> None:
    """Raise ``Malformed`` where a revision has two objects of one number."""
    if numbers != objects:
        raise Malformed(offset, "a number stands twice in a revision")


def require_same_places(found: dict[int, Place | Packed], section: Section) -> None:
    """Raise ``Malformed`` unless the objects are where the section says, and no others."""
    if found != section.used:
        raise Malformed(section.offset, "a section and the objects before it are not the same")


def require_nothing_hidden(values: list[Value]) -> None:
    """Raise ``Malformed`` where data of an update read like parts of a file."""
    for value in values:
        if isinstance(value, Reference):
            raise Malformed(0, "an object that is a reference")
        for inner in walk(value):
            text = inner.data if isinstance(inner, Stream) else inner
            if isinstance(text, bytes) and _STRUCTURE.search(text):
                raise Malformed(0, "data of an update that read like parts of a file")


def _require_catalogue(revision: Revision, earlier: list[Revision]) -> None:
    if earlier and revision.trailer["/Root"] != earlier[0].trailer["/Root"]:
        raise Malformed(revision.end, "another catalogue than the first revision's")


def _is_signed(body: Body) -> bool:
    entries = entries_of(body.value)
    return entries is not None and "/ByteRange" in entries
