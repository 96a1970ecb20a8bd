"""Where forged objects stand, so that our reader may pass over them and another one find them."""

import re
from collections.abc import Callable
from datetime import timedelta
from functools import cache
from random import Random

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding

from tests.building.forging.draft import Draft, Found, Item, forged_object
from tests.building.sealing import AT, YEAR, subject

Hiding = Callable[[Draft, Random], None]


def hidden(draft: Draft, found: Found) -> bytes:
    """The forged objects one after another, and a table of them that /Prev may lead to."""
    objects = b"".join(forged_object(*each) for each in draft.forged.items())
    rows = b"".join(
        b"%d 1\n%010d 00000 n \n" % (number, found.get(number, 0))
        for number in sorted(draft.forged)
    )
    base = draft.base
    catalogue = max(draft.forged) if b"/Catalog" in draft.forged[max(draft.forged)] else base.root
    trailer = b"trailer\n<< /Size %d /Root %d 0 R /Prev %d >>\n" % (
        draft.size + 50,
        catalogue,
        base.section,
    )
    return objects + b"xref\n" + rows + trailer


def nowhere(draft: Draft, _: Random) -> None:
    """Not in the file: the trick alone."""
    del draft


def as_objects(draft: Draft, _: Random) -> None:
    """Listed like all others."""
    numbers = {item.number for item in draft.items}
    draft.items += [Item(*each) for each in draft.forged.items() if each[0] not in numbers]


def unlisted(draft: Draft, _: Random) -> None:
    """Between the objects, named by no section."""
    draft.items[:0] = [Item(*each, listed=False) for each in draft.forged.items()]


def behind_all_objects(draft: Draft, _: Random) -> None:
    draft.before_section = lambda found: hidden(draft, found)


def behind_the_table(draft: Draft, _: Random) -> None:
    draft.before_trailer = lambda found: hidden(draft, found)


def behind_the_trailer(draft: Draft, random: Random) -> None:
    """What ends it may be taken for an empty dictionary, as pyHanko's does."""
    more = random.choice([b"", b"<< >>\n", b"<< /Size 1 >>\n"])
    draft.before_startxref = lambda found: hidden(draft, found) + more


def in_a_string(draft: Draft, random: Random) -> None:
    """As the text of an entry of the trailer, or of a stamp's field."""
    name = random.choice([b"/DocChecksum", b"/X", b"/TU"])
    if name == b"/TU":
        field = draft.item(draft.base.size)
        field.value = field.value[:-2] + b" /TU (\n%s) >>" % hidden(draft, {})
        return
    draft.trailer_more = lambda found: b" %s (\n%s)" % (name, hidden(draft, found))


def in_remarks(draft: Draft, _: Random) -> None:
    """Behind a percent sign on each line, or on the first only."""
    draft.before_section = lambda found: b"% " + hidden(draft, found)


def in_a_stream(draft: Draft, random: Random) -> None:
    """In the data of a stream that nobody names, behind a length that may be too short."""
    length = random.choice([0, 5, 10**6])

    def stream(found: Found) -> bytes:
        content = hidden(draft, found)
        size = length or len(content)
        number = draft.size + 40
        head = b"%d 0 obj\n<< /Length %d >>\nstream\n" % (number, size)
        return head + content + b"\nendstream\nendobj\n"

    draft.before_section = stream


def behind_a_length(draft: Draft, _: Random) -> None:
    """In the data of a certificate, behind the end that its length gives."""
    objects = hidden(draft, dict.fromkeys(draft.forged, 10**9))
    der = _certificate(b"")
    _store(draft, der, objects, b"\nendstream\nendobj\n" + objects)


def in_a_certificate(draft: Draft, _: Random) -> None:
    """In an extension of a certificate among the validation data."""
    plain = hidden(draft, dict.fromkeys(draft.forged, 10**9))
    _store(draft, _certificate(plain), plain)


def in_a_certificate_without_ends(draft: Draft, _: Random) -> None:
    """The same, without the words that end objects and trailers."""
    objects = b"".join(
        forged_object(*each).replace(b"endobj\n", b"") for each in draft.forged.items()
    )
    _store(draft, _certificate(objects), objects)


def _store(draft: Draft, der: bytes, content: bytes, more: bytes = b"") -> None:
    """A certificate in /DSS, whose offsets are set once they are known."""
    number, base = draft.size - 4, draft.base
    catalogue = draft.own(base.root)
    if b"/DSS" in catalogue:
        return
    value = catalogue[:-2] + b" /DSS << /Type /DSS /Certs [%d 0 R] >> >>" % number
    stream = b"<< /Length %d >>\nstream\n%s%s\nendstream" % (len(der), der, more)
    draft.put(base.root, value)
    draft.put(number, stream)

    def set_offsets(update: bytes) -> bytes:
        """The rows in the certificate, at the same length."""
        start = update.find(content)
        offset = start + len(base.pdf)
        for place in re.finditer(rb"1000000000 00000 n", content):
            head = content[: place.start()].rsplit(b"\n", 2)[-2]
            inner = content.find(b"%s 0 obj" % head.split()[0])
            at = start + place.start()
            update = update[:at] + b"%010d" % (offset + inner) + update[at + 10 :]
        return update

    draft.whole_edits.append(set_offsets)


@cache
def _certificate(content: bytes) -> bytes:
    """DER of a certificate with ``content`` in an extension of no meaning."""
    private = generate_private_key(SECP256R1())
    extension = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4.5"), content)
    return (
        x509.CertificateBuilder()
        .subject_name(subject("Somebody"))
        .issuer_name(subject("Somebody"))
        .public_key(private.public_key())
        .serial_number(4711)
        .not_valid_before(AT - YEAR)
        .not_valid_after(AT + YEAR + timedelta(days=1))
        .add_extension(extension, critical=False)
        .sign(private, hashes.SHA256())
        .public_bytes(Encoding.DER)
    )


HIDINGS: tuple[Hiding, ...] = (
    nowhere,
    nowhere,
    nowhere,
    behind_a_length,
    as_objects,
    unlisted,
    behind_all_objects,
    behind_the_table,
    behind_the_trailer,
    in_a_string,
    in_remarks,
    in_a_stream,
    in_a_certificate,
    in_a_certificate_without_ends,
)
