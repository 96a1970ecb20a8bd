"""Every signature in a file, wherever it hangs, and the bytes that each one covers.

A signature value or a signature field that is anywhere in any revision is counted, reached from
the catalogue or not: readers differ on which of them they look at.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from signing.der import NotDer, first_value
from signing.syntax.document import Document, State
from signing.syntax.values import Hexadecimal, Reference, Value, dictionaries_in, same
from signing.verdict import Refused

_SIGNATURES = frozenset({"/Sig", "/DocTimeStamp"})
#: capital digits, as our sealer spells them: another spelling is another file
_HEX = re.compile(rb"<(?:[0-9A-F]{2})+>")
#: the EU's DSS spells the time stamps that it adds in small ones; none is in both
_STAMP_HEX = re.compile(rb"<(?:(?:[0-9A-F]{2})+|(?:[0-9a-f]{2})+)>")
#: numbers in a /ByteRange
_PARTS = 4


@dataclass(frozen=True, kw_only=True)
class Signature:
    """A signature value with its field."""

    #: number of the value, and of the field
    number: int
    field_number: int
    #: index of the revision that brought it
    revision: int
    entries: dict[str, Value] = field(repr=False)
    field_entries: dict[str, Value] = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Span:
    """What one signature covers: all from the file's first byte to ``end``, but its own value."""

    #: the signature's DER, without the zeros behind it
    container: bytes = field(repr=False)
    #: offsets of the value's first byte and of the byte behind it
    gap: tuple[int, int]
    #: offset behind the last byte covered
    end: int

    @property
    def room(self) -> int:
        """Hexadecimal digits in the gap, the zeros behind the value among them."""
        return self.gap[1] - self.gap[0] - len("<>")

    def covered(self, pdf: bytes) -> bytes:
        """The covered bytes of ``pdf``."""
        return pdf[: self.gap[0]] + pdf[self.gap[1] : self.end]


@dataclass(frozen=True, kw_only=True)
class _Found:
    """A dictionary that is an object of its own."""

    number: int
    revision: int
    entries: dict[str, Value] = field(repr=False)


def signatures_of(document: Document) -> list[Signature]:
    """All signatures of the file, each of a revision of its own, the first one first.

    Raises ``Refused``: not_signed, or signatures_unaccounted where one has no field or no
    revision of its own, stands inside another object, or was written again.
    """
    values, fields = _found(document)
    if not values and not fields:
        raise Refused("not_signed")
    by_value = {
        value: each for each in fields if isinstance(value := each.entries.get("/V"), Reference)
    }
    if len(values) != len(fields) or len(by_value) != len(fields):
        raise Refused("signatures_unaccounted")
    signatures = [_signature(document, value, by_value) for value in values]
    if any(one.revision == other.revision for one, other in pairwise(signatures)):
        raise Refused("signatures_unaccounted")
    return signatures


def span_of(document: Document, signature: Signature) -> Span:
    """The span of ``signature``, up to its revision's end. Raises ``Refused``."""
    pdf, revision = document.pdf, document.revisions[signature.revision]
    parts, contents = signature.entries.get("/ByteRange"), signature.entries.get("/Contents")
    if not isinstance(parts, list) or len(parts) != _PARTS or not isinstance(contents, Hexadecimal):
        raise Refused("bytes_unaccounted")
    start, first, second, last = (part if type(part) is int else -1 for part in parts)
    if (start, first, second) != (0, contents.start, contents.end):
        raise Refused("bytes_unaccounted")
    end = second + last
    if not (first < second <= end and revision.marked <= end <= revision.end):
        raise Refused("bytes_unaccounted")
    digits = _STAMP_HEX if signature.entries.get("/Type") == "/DocTimeStamp" else _HEX
    if not digits.fullmatch(pdf, first, second):
        raise Refused("bytes_unaccounted")
    return Span(container=_without_zeros(contents), gap=(first, second), end=end)


def require_rising(
    document: Document, signatures: Sequence[Signature], spans: Sequence[Span]
) -> None:
    """Raise ``Refused`` unless each covers the ones before it, and the last one the whole file.

    Behind a document time stamp one revision may follow that nothing covers: pyHanko's command
    line puts the validation data of the stamp there (EN 319 142-1, 5.4.2.2, has it so too).
    """
    for earlier, later in pairwise(spans):
        if earlier.end > later.gap[0]:
            raise Refused("bytes_unaccounted")
    last = signatures[-1].revision
    stamped_at_end = len(spans) > 1 and len(document.revisions) == last + 2
    end = document.revisions[last].end if stamped_at_end else len(document.pdf)
    if spans[-1].end != end:
        raise Refused("bytes_unaccounted")


def _is_value(entries: dict[str, Value], state: State) -> bool:
    return "/ByteRange" in entries or state.follow(entries.get("/Type")) in _SIGNATURES


def _is_field(entries: dict[str, Value], state: State) -> bool:
    return state.follow(entries.get("/FT")) == "/Sig"


def _found(document: Document) -> tuple[list[_Found], list[_Found]]:
    """Signature values and fields, in the order of revisions; ``Refused`` for a hidden one."""
    state = document.state(len(document.revisions) - 1)
    values: list[_Found] = []
    fields: list[_Found] = []
    looked_for = ((values, _is_value), (fields, _is_field))
    for index, revision in enumerate(document.revisions):
        for entries in dictionaries_in(revision.trailer):
            if any(is_one(entries, state) for _, is_one in looked_for):
                raise Refused("signatures_unaccounted")
        for number, body in revision.objects.items():
            for entries in dictionaries_in(body.value):
                for found, is_one in looked_for:
                    if is_one(entries, state):
                        one = _Found(number=number, revision=index, entries=entries)
                        _add(one, found, whole=entries is body.value)
    return values, fields


def _add(one: _Found, found: list[_Found], *, whole: bool) -> None:
    """``found`` has ``one``; ``Refused`` where it is no object of its own or not as it was."""
    earlier = next((each for each in found if each.number == one.number), None)
    if not whole or (earlier and not same(earlier.entries, one.entries)):
        raise Refused("signatures_unaccounted")
    # PDFBox writes every field of the form again as it was when it adds one
    if earlier is None:
        found.append(one)


def _signature(document: Document, value: _Found, fields: dict[Reference, _Found]) -> Signature:
    field_of = fields.get(Reference(value.number, 0))
    later = document.revisions[value.revision + 1 :]
    again = any(value.number in revision.objects for revision in later)
    if field_of is None or again or value.number in document.revisions[value.revision].packed:
        raise Refused("signatures_unaccounted")
    return Signature(
        number=value.number,
        field_number=field_of.number,
        revision=value.revision,
        entries=value.entries,
        field_entries=field_of.entries,
    )


def _without_zeros(value: bytes) -> bytes:
    """The one DER value at the head of ``value``; behind it nothing but zeros."""
    try:
        container = first_value(value)
    except NotDer:
        raise Refused("signature_invalid") from None
    if any(value[len(container) :]):
        raise Refused("bytes_unaccounted")
    return container
