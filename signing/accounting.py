"""Every byte of a signed file accounted for, by our own reading beside pyHanko's.

pyHanko's coverage adds up lengths and looks no further; content appended behind an empty
cross-reference table, or bytes hidden in the room left for the signature, pass it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

from signing.der import first_value
from signing.verdict import Refused

#: an indirect object's head; what may follow its end; a table with its trailer
_OBJECT = re.compile(rb"\d+ \d+ obj\b")
_AFTER = re.compile(rb"\s*(startxref\s+\d+\s+%%EOF\s*)?", re.DOTALL)
_TABLE = re.compile(rb"xref\s[\d nf\s]+trailer\s*<<.*>>\s*startxref\s+\d+\s+%%EOF\s*", re.DOTALL)
_HEX = re.compile(rb"<(?:[0-9A-F]{2})+>")
_END = re.compile(rb"%%EOF(\r\n|\r|\n)?")
#: numbers in a /ByteRange
_PARTS = 4


@dataclass(frozen=True, kw_only=True)
class Span:
    """What one signature covers: all from the file's first byte to ``end``, but its own value."""

    #: the signature's DER, without the zeros behind it
    container: bytes = field(repr=False)
    #: offsets of the value's first byte and of the byte behind it
    gap: tuple[int, int]
    #: offset behind the last byte covered
    end: int

    def covered(self, pdf: bytes) -> bytes:
        """The covered bytes of ``pdf``."""
        return pdf[: self.gap[0]] + pdf[self.gap[1] : self.end]


def span_of(pdf: bytes, signature: EmbeddedPdfSignature) -> Span:
    """The span of ``signature``; its value fills the gap wholly. Else ``Refused``."""
    numbers = list(signature.byte_range)
    if len(numbers) != _PARTS or not all(_is_offset(number) for number in numbers):
        raise Refused("bytes_unaccounted")
    start, first, second, last = (int(n) for n in numbers)
    if start != 0 or not first < second or second + last > len(pdf):
        raise Refused("bytes_unaccounted")
    gap = pdf[first:second]
    # capital digits, as pyHanko writes them: another spelling is another file
    if not _HEX.fullmatch(gap):
        raise Refused("bytes_unaccounted")
    value = bytes.fromhex(gap[1:-1].decode("ascii"))
    if value != bytes(signature.pkcs7_content):
        raise Refused("bytes_unaccounted")
    return Span(container=_without_zeros(value), gap=(first, second), end=second + last)


def demand_rising(spans: Sequence[Span], size: int) -> None:
    """Each signature covers the ones before it, the last one the whole file; else ``Refused``."""
    for earlier, later in pairwise(spans):
        if earlier.end > later.gap[0]:
            raise Refused("bytes_unaccounted")
    if spans[-1].end != size:
        raise Refused("bytes_unaccounted")


def demand_updates_plain(pdf: bytes, reader: PdfFileReader, *, after: int, revision: int) -> None:
    """What stands behind offset ``after`` is objects that the tables name, and tables.

    ``revision`` is the signed one. Else ``Refused``.
    """
    starts = _starts(reader, revision)
    if not starts or starts[0] < after or pdf[after : starts[0]].strip():
        raise Refused("update_after_sealing")
    for start, end in zip(starts, [*starts[1:], len(pdf)], strict=True):
        if not _is_plain(pdf[start:end]):
            raise Refused("update_after_sealing")


def ends_after(pdf: bytes, sealed: int) -> Iterator[int]:
    """Where the file ended when it was sealed, and after each revision since; plain ones only."""
    yield sealed
    for found in _END.finditer(pdf, sealed):
        yield found.end()


def _is_offset(number: object) -> bool:
    return isinstance(number, int) and not isinstance(number, bool) and number >= 0


def _starts(reader: PdfFileReader, revision: int) -> Sequence[int]:
    """Where the objects and tables of all later revisions begin, in order."""
    tables = reader.xrefs
    starts = set()
    for later in range(revision + 1, tables.total_revisions):
        starts.add(int(tables.get_startxref_for_revision(later)))
        for reference in tables.explicit_refs_in_revision(later):
            place = tables.get_historical_ref(reference, later)
            if isinstance(place, int):  # else in an object stream, which is an object itself
                starts.add(place)
    return sorted(starts)


def _is_plain(piece: bytes) -> bool:
    if _TABLE.fullmatch(piece):
        return piece.count(b"startxref") == 1
    if not _OBJECT.match(piece) or piece.count(b"endobj") != 1:
        return False
    return _AFTER.fullmatch(piece, piece.index(b"endobj") + len(b"endobj")) is not None


def _without_zeros(value: bytes) -> bytes:
    """The one DER value at the head of ``value``; behind it nothing but zeros."""
    container = first_value(value)
    if any(value[len(container) :]):
        raise Refused("bytes_unaccounted")
    return container
