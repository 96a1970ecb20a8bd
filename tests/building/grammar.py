"""Small files for the grammar: a document, and updates of it, right to the last byte."""

from dataclasses import dataclass, field

HEADER = b"%PDF-1.7\n"
BASE = {
    1: b"<< /Type /Catalog /Pages 2 0 R >>",
    2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 10 10] >>",
    # a signature's value: what comes after it is read as updates are
    4: b"<< /ByteRange [0 1 2 3] /Contents <00> >>",
}


@dataclass(kw_only=True)
class Part:
    """One revision, whose pieces a test may exchange before it is written."""

    objects: dict[int, bytes]
    trailer: bytes = b"/Root 1 0 R"
    #: lines of the table that stand in place of the right ones
    rows: bytes | None = None
    before_section: bytes = b""
    before_startxref: bytes = b""
    startxref: bytes | None = None
    end: bytes = b"%%EOF\n"
    bodies: list[bytes] = field(default_factory=list)


def written(*parts: Part) -> bytes:
    """The file of ``parts``."""
    pdf, size, previous = HEADER, 0, b""
    for part in parts:
        offsets: dict[int, int] = {}
        for number, value in part.objects.items():
            offsets[number] = len(pdf)
            pdf += b"%d 0 obj\n%s\nendobj\n" % (number, value)
        for body in part.bodies:
            pdf += body
        pdf += part.before_section
        start, size = len(pdf), max(size, *part.objects, 0) + 1
        rows = part.rows if part.rows is not None else table(offsets)
        pdf += b"xref\n" + rows
        pdf += b"trailer\n<< /Size %d %s %s >>\n" % (size, part.trailer, previous)
        pdf += part.before_startxref
        pdf += b"startxref\n" + (part.startxref or b"%d" % start) + b"\n" + part.end
        previous = b"/Prev %d" % start
        size -= 1
    return pdf


def table(offsets: dict[int, int]) -> bytes:
    """The lines of a table, a part for each object."""
    return b"".join(
        b"%d 1\n%010d 00000 n \n" % (number, offset) for number, offset in sorted(offsets.items())
    )


def updated(**changes: object) -> bytes:
    """The document with an update of object 5."""
    objects = changes.pop("objects", {5: b"<< /Kind /New >>"})
    return written(Part(objects=BASE), Part(objects=objects, **changes))  # type: ignore[arg-type]
