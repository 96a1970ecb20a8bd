"""An update of a sealed letter while its pieces can still be exchanged; written, and stamped."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from signing.running import run
from tests.building.forging.base import Base
from tests.building.levels import LATER
from tests.building.stamping import stamp_key, stamper

#: bytes for a time stamp's token
_ROOM = 4096
_HOLE = b"/Contents <%s>" % (b"0" * 2 * _ROOM)
_NO_RANGE = b"/ByteRange [0 %s]" % (b"9" * 32)

#: stands for the /Size that is right once all objects are there
RIGHT = b"?"

#: number → offset of the forged objects, and of a hidden section by the name "section"
Found = dict[int | str, int]


@dataclass
class Row:
    """What a section says of an object: table 18's three fields."""

    number: int
    kind: int
    second: int
    third: int


@dataclass
class Item:
    """An object of an update."""

    number: int
    #: as it is spelled, a stream with its data
    value: bytes
    head: bytes = b"%d 0 obj\n"
    tail: bytes = b"\nendobj\n"
    #: what stands before it
    before: bytes = b""
    listed: bool = True

    def spelled(self) -> bytes:
        return (self.head % self.number if b"%d" in self.head else self.head) + self.value


@dataclass
class Draft:
    """An update; ``written`` puts it together, as right as its pieces are."""

    base: Base
    items: list[Item]
    in_streams: bool
    size: int
    #: names and values, in order
    trailer: list[tuple[bytes, bytes]]
    #: changes of the rows, of the section's own entries (/W, /Index …) and of its bytes
    row_edits: list[Callable[[list[Row], Found], object]] = field(default_factory=list)
    widths: tuple[int, int, int] = (1, 4, 2)
    index: bytes | None = None
    table_edits: list[Callable[[bytes], bytes]] = field(default_factory=list)
    #: what ends the trailer's dictionary, and what follows
    trailer_end: bytes = b" >>"
    #: objects that are hidden, by number, and how they stand where they are hidden
    forged: dict[int, bytes] = field(default_factory=dict)
    #: made from the offsets of the forged objects, which stand where the bytes are put
    before_section: Callable[[Found], bytes] = lambda _: b""
    before_trailer: Callable[[Found], bytes] = lambda _: b""
    before_startxref: Callable[[Found], bytes] = lambda _: b""
    trailer_more: Callable[[Found], bytes] = lambda _: b""
    startxref: Callable[[int], bytes] = lambda offset: b"startxref\n%d\n" % offset
    end: bytes = b"%%EOF\n"
    whole_edits: list[Callable[[bytes], bytes]] = field(default_factory=list)

    def item(self, number: int) -> Item:
        """The object with this number, which the draft has."""
        return next(item for item in self.items if item.number == number)

    def own(self, number: int) -> bytes:
        """An object as the update has it, or as the letter has it."""
        for item in self.items:
            if item.number == number and item.listed:
                return item.value
        return self.base.objects.get(number, b"<< >>")

    def put(self, number: int, value: bytes) -> None:
        """The object is ``value`` in the update."""
        for item in self.items:
            if item.number == number and item.listed:
                item.value = value
                return
        self.items.append(Item(number, value))

    def written(self) -> bytes:
        """The letter with the update, stamped; offsets are known from writing it once before."""
        found: Found = {}
        for _ in range(3):
            pdf, start = self._spelled(found)
            found = self._found(pdf, start)
        return _stamped(pdf, len(self.base.pdf))

    def _found(self, pdf: bytes, start: int) -> Found:
        found: Found = {"start": start}
        for number, value in self.forged.items():
            found[number] = max(pdf.rfind(forged_object(number, value)), 0)
        found["section"] = max(pdf.rfind(b"xref\n%d 1\n" % min(self.forged, default=0)), 0)
        found["stream"] = max(pdf.rfind(b"%d 0 obj\n<< /Type /XRef /Hidden" % (self.size - 2)), 0)
        return found

    def _spelled(self, found: Found) -> tuple[bytes, int]:
        pdf = self.base.pdf
        rows = [] if self.in_streams else [Row(0, 0, 0, 65535)]
        for item in self.items:
            pdf += item.before
            if item.listed:
                rows.append(Row(item.number, 1, len(pdf), 0))
            pdf += item.spelled() + item.tail
        pdf += self.before_section(found)
        start = len(pdf)
        if self.in_streams:
            rows.append(Row(self.size - 1, 1, start, 0))
        rows.sort(key=lambda row: row.number)
        for edit in self.row_edits:
            edit(rows, found)
        section = self._stream(rows, found) if self.in_streams else self._table(rows, found)
        pdf += section + self.before_startxref(found) + self.startxref(start) + self.end
        for change in self.whole_edits:
            pdf = self.base.pdf + change(pdf[len(self.base.pdf) :])
        return pdf, start

    def _entries(self, found: Found) -> bytes:
        top = max([item.number for item in self.items], default=0) + 1
        size = b"%d" % max(top, self.base.size, self.size if self.in_streams else 0)
        pairs = ((name, size if value == RIGHT else value) for name, value in self.trailer)
        entries = b"".join(b" %s %s" % pair for pair in pairs)
        return entries + self.trailer_more(found)

    def _table(self, rows: list[Row], found: Found) -> bytes:
        table = b"xref\n" + b"".join(map(_line, rows))
        for edit in self.table_edits:
            table = edit(table)
        entries = self._entries(found)
        return (
            table + self.before_trailer(found) + b"trailer\n<<" + entries + self.trailer_end + b"\n"
        )

    def _stream(self, rows: list[Row], found: Found) -> bytes:
        data = b"".join(
            (value % 256**width).to_bytes(width)
            for row in rows
            for value, width in zip((row.kind, row.second, row.third), self.widths, strict=True)
        )
        index = self.index or b"[%s]" % b" ".join(b"%d 1" % row.number for row in rows)
        own = b"%d 0 obj\n<< /Type /XRef /W [%d %d %d] /Index %s /Length %d" % (
            self.size - 1,
            *self.widths,
            index,
            len(data),
        )
        return (
            own
            + self._entries(found)
            + self.trailer_end
            + b"\nstream\n"
            + data
            + b"\nendstream\nendobj\n"
        )


def forged_object(number: int, value: bytes) -> bytes:
    """An object of a forged letter where it is hidden."""
    return b"%d 0 obj\n%s\nendobj\n" % (number, value)


def stamping_draft(base: Base, *, in_streams: bool | None = None) -> Draft:
    """What an archive appends: a field with a document time stamp, on the page and in the form."""
    field_, value, size = base.size, base.size + 1, base.size + 6
    form, page = base.objects[base.form], base.objects[base.page]
    items = [
        Item(base.page, _with(page, b"/Annots", field_)),
        Item(base.form, _with(form, b"/Fields", field_)),
        Item(
            field_,
            b"<< /FT /Sig /T (Later) /Type /Annot /Subtype /Widget /F 132 /Rect [0 0 0 0]"
            b" /P %d 0 R /V %d 0 R >>" % (base.page, value),
        ),
        Item(
            value,
            b"<< /Type /DocTimeStamp /Filter /Adobe.PPKLite /SubFilter /ETSI.RFC3161 %s %s >>"
            % (_HOLE, _NO_RANGE),
        ),
    ]
    trailer = [(b"/Size", RIGHT), (b"/Root", b"%d 0 R" % base.root)]
    if base.info:
        trailer.append((b"/Info", base.info))
    trailer += [(b"/ID", b"[%s]" % base.identity), (b"/Prev", b"%d" % base.section)]
    streams = base.in_streams if in_streams is None else in_streams
    return Draft(base=base, items=items, in_streams=streams, size=size, trailer=trailer)


def _with(value: bytes, name: bytes, number: int) -> bytes:
    """``value`` with one reference more in the array behind ``name``, which it may lack."""
    if name not in value:
        end = value.rindex(b">>")
        return value[:end] + name + b" [%d 0 R] " % number + value[end:]
    start = value.index(b"]", value.index(name))
    return value[:start] + b" %d 0 R " % number + value[start:]


def _line(row: Row) -> bytes:
    kind = b"f" if row.kind == 0 else b"n"
    return b"%d 1\n%010d %05d %s \n" % (row.number, row.second % 10**10, row.third % 10**5, kind)


@dataclass(frozen=True, kw_only=True)
class _Pattern:
    """A token of the trusted authority, and what in it depends on the digest."""

    der: bytes
    #: TSTInfo, signed attributes as they are signed (RFC 5652, 5.4), signature value
    said: bytes
    attributes: bytes
    signature: bytes


#: stands for the digest in the pattern
_DIGEST = hashlib.sha256(b"a digest").digest()


@cache
def _pattern() -> _Pattern:
    info = run(stamper("ours", LATER).async_timestamp(_DIGEST, "sha256"))
    signer = info["content"]["signer_infos"][0]
    return _Pattern(
        der=info.dump(),
        said=info["content"]["encap_content_info"]["content"].parsed.dump(),
        attributes=signer["signed_attrs"].untag().dump(),
        signature=signer["signature"].native,
    )


def _token(digest: bytes) -> bytes:
    """The authority's token over ``digest``, in a millisecond: pyHanko takes 150 for one."""
    pattern, private = _pattern(), stamp_key("ours").private
    assert isinstance(private, rsa.RSAPrivateKey)
    said = pattern.said.replace(_DIGEST, digest)
    old, new = (hashlib.sha256(each).digest() for each in (pattern.said, said))
    attributes = pattern.attributes.replace(old, new)
    signature = private.sign(attributes, padding.PKCS1v15(), hashes.SHA256())
    der = pattern.der.replace(_DIGEST, digest).replace(old, new)
    return der.replace(pattern.signature, signature)


def _stamped(pdf: bytes, sealed: int) -> bytes:
    """``pdf`` with the token over all of it in the hole behind ``sealed`` bytes."""
    hole = pdf.rfind(_HOLE)
    if hole < sealed:
        return pdf
    first, second = hole + len(b"/Contents "), hole + len(_HOLE)
    spans = b"/ByteRange [0 %d %d %d]" % (first, second, len(pdf) - second)
    pdf = pdf.replace(_NO_RANGE, spans.ljust(len(_NO_RANGE)))
    token = _token(hashlib.sha256(pdf[:first] + pdf[second:]).digest())
    digits = token.hex().upper().encode("ascii")
    return pdf[: first + 1] + digits.ljust(2 * _ROOM, b"0") + pdf[second - 1 :]
