"""Files cut, joined, or led astray by their cross-reference tables and object streams."""

import re
import zlib
from collections.abc import Iterator
from functools import partial
from io import BytesIO

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from tests.building.attacks.attack import (
    WHITE,
    Attack,
    Make,
    bare_and_stamped,
    dictionary,
    name,
    page_of,
    variants,
)
from tests.building.letters import KIND, letter, raised_letter, rendered_letters
from tests.building.sealing import AT, sealer
from tests.building.stamping import QuietWriter

_WHOLE = (
    "bytes_unaccounted",
    "pdf_malformed",
    "signatures_unaccounted",
    "not_signed",
    "changed_after_sealing",
    "signature_form_unknown",
    "signature_invalid",
    "time_stamp_invalid",
)
_TOLD = (*_WHOLE, "update_after_sealing")


def _without_end(pdf: Make, length: int) -> bytes:
    return pdf()[:-length]


def _share(share: float) -> bytes:
    return letter()[: int(share * len(letter()))]


def _behind(pdf: Make, more: bytes) -> bytes:
    return pdf() + more


def _before(more: bytes) -> bytes:
    return more + letter()


def _cut() -> Iterator[tuple[str, Make]]:
    for length in (1, 2, 6, 7, 30, 1000):
        yield f"{length} bytes off", partial(_without_end, letter, length)
        yield f"{length} bytes off a raised one", partial(_without_end, raised_letter, length)
    for share in (0.1, 0.25, 0.5, 0.75, 0.9):
        yield f"{share:.0%} left", partial(_share, share)
    yield "the unsealed revision", lambda: letter()[: len(rendered_letters()[KIND].content)]
    yield "without its first byte", lambda: letter()[1:]
    yield "without its head", lambda: letter()[10:]
    yield "a raised one without its stamp's last revision", _without_stamp
    yield "its second half", lambda: letter()[len(letter()) // 2 :]
    yield "the head alone", lambda: letter()[:15]


def _without_stamp() -> bytes:
    """Validation data, no closing stamp any more."""
    return raised_letter()[: raised_letter().rindex(b"%%EOF", 0, -10) + 6]


def _joined() -> Iterator[tuple[str, Make]]:
    def other() -> bytes:
        sealed = sealer().seal(rendered_letters()[KIND], document_number="另〔2026〕第1号", at=AT)
        return sealed.content

    def plain() -> bytes:
        return rendered_letters()[KIND].content

    yield "twice the same", lambda: letter() + letter()
    yield "with another letter", lambda: letter() + other()
    yield "another letter before it", lambda: other() + letter()
    yield "an unsealed letter before it", lambda: plain() + letter()
    yield "an unsealed letter behind it", lambda: letter() + plain()
    yield "two raised ones", lambda: raised_letter() + raised_letter()
    yield "a raised one behind it", lambda: letter() + raised_letter()
    for what, more in (("a space", b" "), ("a line end", b"\n"), ("a zero", b"\0")):
        yield f"{what} behind it", partial(_behind, letter, more)
        yield f"{what} before it", partial(_before, more)
        yield f"{what} behind a raised one", partial(_behind, raised_letter, more)
    yield "a remark behind it", lambda: letter() + b"% a remark\n"
    yield "a remark and an end behind it", lambda: letter() + b"% a remark\n%%EOF\n"
    yield "an archive before it", lambda: b"PK\x03\x04" + bytes(60) + letter()
    yield "a page of HTML before it", lambda: b"<html><body></body></html>\n" + letter()


def _tail(objects: bytes, *, entries: bytes = b"0 0\n", more: bytes = b"", prev: int = -1) -> bytes:
    """``objects`` appended with a table of ``entries``, however wrong."""
    pdf = letter()
    root = re.findall(rb"/Root (\d+ \d+ R)", pdf)[-1]
    previous = int(re.findall(rb"startxref\s+(\d+)", pdf)[-1]) if prev < 0 else prev
    start = len(pdf) + len(objects)
    trailer = b"<< /Size 999 /Root %s /Prev %d %s >>" % (root, previous, more)
    table = b"xref\n%strailer\n%s\nstartxref\n%d\n%%%%EOF\n" % (entries, trailer, start)
    return pdf + objects + table


def _entry(number: int, offset: int, generation: int = 0, kind: bytes = b"n") -> bytes:
    return b"%d 1\n%010d %05d %s \n" % (number, offset, generation, kind)


def _page_number() -> int:
    found = re.search(rb"/Kids\s*\[\s*(\d+) 0 R", letter())
    assert found is not None
    return int(found[1])


_PAGE = b"\n%d 0 obj\n<< /Type /Page /Contents 990 0 R >>\nendobj\n"


def _page() -> bytes:
    return _PAGE % _page_number()


def _page_entry(offset: int | None = None, generation: int = 0, kind: bytes = b"n") -> bytes:
    """The first page's entry; by default it leads to what is appended."""
    at = len(letter()) + 1 if offset is None else offset
    return _entry(_page_number(), at, generation, kind)


def _first_table() -> int:
    return int(re.findall(rb"startxref\s+(\d+)", letter())[0])


def _other_root() -> bytes:
    catalogue = b"\n990 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"
    entries = _entry(990, len(letter()) + 1)
    return _tail(catalogue, entries=entries, more=b"/Root 990 0 R")


def _later_generation() -> bytes:
    page = b"\n%d 1 obj\n<< /Type /Page >>\nendobj\n" % _page_number()
    return _tail(page, entries=_page_entry(generation=1))


_TABLES: dict[str, Make] = {
    "objects behind an empty table": lambda: _tail(_page()),
    "an empty table": lambda: _tail(b"\n"),
    "a table that names a new page": lambda: _tail(_page(), entries=_page_entry()),
    "a page freed": lambda: _tail(b"\n", entries=_page_entry(0, 1, b"f")),
    "a page freed without a trace": lambda: _tail(b"\n", entries=_page_entry(0, 0, b"f")),
    "a page of a later generation": _later_generation,
    "a page at another object's place": lambda: _tail(
        b"\n", entries=_page_entry(letter().index(b" 0 obj") - 1)
    ),
    "the first revision as the one before": lambda: _tail(
        _page(), entries=_page_entry(), prev=_first_table()
    ),
    "no revision before": lambda: _tail(_page(), entries=_page_entry(), prev=0),
    "a table that leads to itself": lambda: _tail(_page(), prev=len(letter() + _page())),
    "a second table in a stream": lambda: _tail(
        _page(), more=b"/XRefStm %d" % letter().index(b" 0 obj")
    ),
    "another root": _other_root,
    "said to be encrypted": lambda: _tail(_page(), more=b"/Encrypt << /Filter /Standard >>"),
    "a wrong startxref": lambda: letter() + b"startxref\n0\n%%EOF\n",
    "the first table named last": lambda: letter() + b"startxref\n%d\n%%%%EOF\n" % _first_table(),
    "no end": lambda: _tail(_page()).rstrip().removesuffix(b"%%EOF"),
}


def _in_stream(*, compressed: bool, what: str) -> Make:
    """A newer copy of an object in an object stream, under a cross-reference stream."""

    def make() -> bytes:
        writer = QuietWriter(BytesIO(letter()), strict=False)
        writer.stream_xrefs = True
        stream = writer.prepare_object_stream(  # type: ignore[no-untyped-call]
            compress=compressed
        )
        number, content = _newer(writer, what)
        stream.add_object(number, content)
        writer._force_write_when_empty = True
        output = BytesIO()
        writer.write(output)  # type: ignore[no-untyped-call]
        return output.getvalue()

    return make


def _newer(writer: IncrementalPdfFileWriter, what: str) -> tuple[int, generic.PdfObject]:
    if what == "page":
        reference, _ = writer.find_page_for_modification(0)
        page = generic.DictionaryObject(reference.get_object())
        page[name("/Contents")] = writer.add_object(generic.StreamObject(stream_data=WHITE))
        return reference.idnum, page
    if what == "catalogue":
        root = generic.DictionaryObject(writer.root)
        root[name("/Lang")] = generic.TextStringObject("en")
        return writer.root_ref.idnum, root
    if what == "form":
        form = writer.root.raw_get("/AcroForm")
        return form.idnum, dictionary(Fields=[], SigFlags=3)
    page_of(writer)
    return writer.allocate_placeholder().idnum, dictionary(Type="/Annot", Subtype="/Text")


def _by_hand() -> bytes:
    """An object stream without pyHanko's help: the page, and nothing else."""
    pdf, number = letter(), _page_number()
    inner = b"%d 0 << /Type /Page /Parent 2 0 R /Contents 991 0 R >>" % number
    first = inner.index(b"<<")
    packed = zlib.compress(inner)
    head = (
        b"\n990 0 obj\n<< /Type /ObjStm /N 1 /First %d /Length %d /Filter /FlateDecode >>stream\n"
    )
    objects = head % (first, len(packed)) + packed + b"\nendstream\nendobj\n"
    root = re.findall(rb"/Root (\d+) \d+ R", pdf)[-1]
    previous = re.findall(rb"startxref\s+(\d+)", pdf)[-1]
    at = len(pdf) + len(objects)
    rows = b"\2" + (990).to_bytes(4) + b"\0" + b"\1" + (len(pdf) + 1).to_bytes(4) + b"\0"
    rows += b"\1" + at.to_bytes(4) + b"\0"
    table = (
        b"992 0 obj\n<< /Type /XRef /W [1 4 1] /Index [%d 1 990 1 992 1] /Size 993 /Root %s 0 R"
        b" /Prev %s /Length %d >>stream\n"
    ) % (number, root, previous, len(rows))
    return pdf + objects + table + rows + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % at


def _streams() -> Iterator[tuple[str, Make]]:
    for what in ("page", "catalogue", "form", "new object"):
        for compressed in (True, False):
            how = "compressed" if compressed else "plain"
            yield f"a newer {what}, {how}", _in_stream(compressed=compressed, what=what)
    yield "a newer page, written by hand", _by_hand


def attacks() -> Iterator[Attack]:
    yield from variants("truncated file", _cut(), *_TOLD)
    yield from variants("concatenated files", _joined(), *_WHOLE)
    yield from variants("cross-reference tricks", _TABLES.items(), *_TOLD, "time_stamp_untrusted")
    yield from variants("object stream hiding old objects", bare_and_stamped(_streams()), *_TOLD)
