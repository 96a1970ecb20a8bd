"""Twins of a good letter, each tampered with in one way; none may pass."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from typing import Any

import pikepdf
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter, append_signature_field
from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigObjSetup
from pyhanko.sign.signers.pdf_byterange import SignatureObject

from signing.keys import SigningKey
from signing.running import run
from signing.signer import KeptKeySigner
from tests.building.sealing import (
    AT,
    NUMBER,
    YEAR,
    agency_key,
    careless,
    plain_pdf,
    rendered,
    sealed,
    sealed_by,
    sealer,
)

_name = generic.NameObject


def good() -> bytes:
    return sealed().content


def room() -> tuple[int, int]:
    """Offsets of the hexadecimal digits of the good letter's signature."""
    found = re.search(rb"/Contents <([0-9A-F]+)>", good())
    assert found is not None
    return found.span(1)


def flipped(offset: int, bits: int = 1) -> bytes:
    """The good letter with these bits of one byte turned over."""
    changed = bytearray(good())
    changed[offset] ^= bits
    return bytes(changed)


def replaced(old: bytes, new: bytes, pdf: bytes | None = None) -> bytes:
    """One place changed, at the same length."""
    content = good() if pdf is None else pdf
    assert len(old) == len(new)
    assert content.count(old) == 1
    return content.replace(old, new)


def updated(pdf: bytes, change: Callable[[IncrementalPdfFileWriter], object]) -> bytes:
    """An incremental update appended, as any PDF editor does."""
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    change(writer)
    stream = BytesIO()
    writer.write(stream)
    return stream.getvalue()


def signed_again(pdf: bytes, key: SigningKey, *, subfilter: str | None = None) -> bytes:
    """A further signature over everything; pyHanko's own signer would refuse to."""
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    embedder = PdfCMSEmbedder(SigFieldSpec("Other")).write_cms("Other", writer)
    next(embedder)
    value = SignatureObject(timestamp=AT, subfilter=SigSeedSubFilter.PADES, bytes_reserved=16384)
    if subfilter is not None:
        value[_name("/SubFilter")] = _name(subfilter)
    embedder.send(SigObjSetup(sig_placeholder=value))
    digest, output = embedder.send(SigIOSetup(md_algorithm="sha256", in_place=True))
    cms = run(KeptKeySigner(key).async_sign(digest.document_digest, "sha256", use_pades=True))
    embedder.send(cms)
    content: bytes = output.getvalue()
    return content


def _page(writer: IncrementalPdfFileWriter) -> Any:
    reference, _ = writer.find_page_for_modification(0)
    writer.mark_update(reference)
    return reference.get_object()


def _add_annotation(writer: IncrementalPdfFileWriter) -> None:
    note = generic.DictionaryObject(
        {
            _name("/Type"): _name("/Annot"),
            _name("/Subtype"): _name("/FreeText"),
            _name("/Rect"): generic.ArrayObject(map(generic.NumberObject, (50, 50, 300, 100))),
            _name("/Contents"): generic.TextStringObject("another amount"),
        }
    )
    _page(writer)["/Annots"].append(writer.add_object(note))


def _add_content(writer: IncrementalPdfFileWriter) -> None:
    page = _page(writer)
    more = generic.StreamObject(stream_data=b"1 0 0 rg 0 0 200 200 re f")
    page[_name("/Contents")] = generic.ArrayObject(
        [page.raw_get("/Contents"), writer.add_object(more)]
    )


def _add_page(writer: IncrementalPdfFileWriter) -> None:
    pages = writer.root["/Pages"]
    copy = generic.DictionaryObject(_page(writer))
    pages["/Kids"].append(writer.add_object(copy))
    pages[_name("/Count")] = generic.NumberObject(2)
    writer.update_container(pages)


def _swap_seal(writer: IncrementalPdfFileWriter) -> None:
    """Another picture where the seal is."""
    picture = _page(writer)["/Annots"][0]["/AP"].raw_get("/N")
    form = picture.get_object()
    form._data = b"0 0 1 rg 0 0 100 100 re f"
    form._encoded_data = None
    writer.mark_update(picture)


def _change_title(writer: IncrementalPdfFileWriter) -> None:
    writer.root[_name("/Lang")] = generic.TextStringObject("en")
    writer.update_root()


def _without_signature() -> bytes:
    stream = BytesIO()
    with pikepdf.open(BytesIO(good())) as pdf:
        del pdf.Root["/AcroForm"]
        del pdf.Root["/Perms"]
        del pdf.pages[0]["/Annots"]
        pdf.save(stream)
    return stream.getvalue()


def _behind_empty_table() -> bytes:
    """Objects appended behind a cross-reference table that names none (isa-3)."""
    pdf = good()
    root = re.findall(rb"/Root (\d+ \d+ R)", pdf)[-1]
    previous = re.findall(rb"startxref\s+(\d+)", pdf)[-1]
    objects = b"\n3 0 obj\n<< /Type /Page /Contents 9 0 R >>\nendobj\n"
    start = len(pdf) + len(objects)
    table = b"xref\n0 0\ntrailer\n<< /Size 99 /Root %s /Prev %s >>\n" % (root, previous)
    return pdf + objects + table + b"startxref\n%d\n%%%%EOF\n" % start


def _transplanted() -> bytes:
    """The signature of one letter in another letter of the same length."""
    other = sealer().seal(rendered(), document_number=NUMBER.replace("12", "13"), at=AT).content
    first, last = room()
    assert len(other) == len(good())
    return good()[:first] + other[first:last] + good()[last:]


def _range_widened() -> bytes:
    """A /ByteRange that leaves out a little more than the signature."""
    found = re.search(rb"/ByteRange \[0 (\d+) (\d+) (\d+)\]( *)", good())
    assert found is not None
    first, second, last = (int(number) for number in found.groups()[:3])
    new = b"/ByteRange [0 %d %d %d]" % (first, second + 10, last - 10)
    return good().replace(found[0], new.ljust(len(found[0])))


def _range_of_nothing() -> bytes:
    found = re.search(rb"/ByteRange \[0 [\d ]+\] *", good())
    assert found is not None
    return good().replace(found[0], b"/ByteRange [0 0 0 0]".ljust(len(found[0])))


def _pages_of_an_other() -> bytes:
    """Saved anew by an editor: the same pages, other bytes."""
    stream = BytesIO()
    with pikepdf.open(BytesIO(good())) as pdf:
        pdf.save(stream)
    return stream.getvalue()


def _lower_case() -> bytes:
    first, last = room()
    return good()[:first] + good()[first:last].lower() + good()[last:]


def _hidden_in_the_room() -> bytes:
    _, last = room()
    return good()[: last - 40] + b"48494445" + good()[last - 32 :]


def _only_empty_field(writer: IncrementalPdfFileWriter) -> None:
    append_signature_field(writer, SigFieldSpec("Later"))


def _expired() -> bytes:
    key = careless(agency_key(since=AT - 2 * YEAR, until=AT - YEAR))
    return sealed_by(key)


def _not_yet() -> bytes:
    return sealed_by(careless(agency_key(since=AT + YEAR, until=AT + 2 * YEAR)))


#: what was done → the twin
TWINS: dict[str, Callable[[], bytes]] = {
    "a byte appended": lambda: good() + b" ",
    "a line end appended": lambda: good() + b"\n",
    "a comment appended": lambda: good() + b"% a remark\n%%EOF\n",
    "a remark appended": lambda: good() + b"% a remark\n",
    "content behind an empty table": _behind_empty_table,
    "an annotation added": lambda: updated(good(), _add_annotation),
    "content added": lambda: updated(good(), _add_content),
    "a page added": lambda: updated(good(), _add_page),
    "the catalogue changed": lambda: updated(good(), _change_title),
    "the seal's picture swapped": lambda: updated(good(), _swap_seal),
    "an empty signature field added": lambda: updated(good(), _only_empty_field),
    "a byte before the head": lambda: b" " + good(),
    "cut short by a byte": lambda: good()[:-1],
    "cut in the middle": lambda: good()[: len(good()) // 2],
    "cut behind the head": lambda: good()[:20],
    "empty": lambda: b"",
    "not a PDF": lambda: b"PK\x03\x04" + bytes(100),
    "two letters in one file": lambda: good() + sealed_by(agency_key("ours")),
    "twice the same": lambda: good() + good(),
    "a wider gap in the range": _range_widened,
    "a range of nothing": _range_of_nothing,
    "signed again by somebody else": lambda: signed_again(good(), agency_key("theirs")),
    "signed again by ourselves": lambda: signed_again(good(), agency_key()),
    "signed by an unknown method besides": lambda: signed_again(
        good(), agency_key("theirs"), subfilter="/Some.Other"
    ),
    "an authority of the same name": lambda: sealed_by(agency_key("theirs")),
    "an expired certificate": _expired,
    "a certificate of the future": _not_yet,
    "sealed tomorrow": lambda: sealed_by(agency_key(), at=datetime.now(UTC) + YEAR / 400),
    "an approval signature only": lambda: signed_again(plain_pdf(), agency_key()),
    "the signature taken out": _without_signature,
    "never sealed": plain_pdf,
    "the sealed file's first revision": lambda: good()[: len(plain_pdf())],
    "the signature of another letter": _transplanted,
    "saved anew": _pages_of_an_other,
    "the signature in small letters": _lower_case,
    "bytes hidden in the signature's room": _hidden_in_the_room,
    "the time changed": lambda: replaced(b"20260305", b"20260304"),
    "more changes allowed": lambda: replaced(b"/P 1\n", b"/P 3\n"),
    "the method's name changed": lambda: replaced(b"/ETSI.CAdES.detached", b"/adbe.pkcs7.detachex"),
}


@cache
def twin(what: str) -> bytes:
    return TWINS[what]()
