"""Object streams and lengths that stand in them: as PDFBox writes them, and not otherwise."""

import re
import zlib
from collections.abc import Callable

import pytest

from signing.syntax.document import Document, read_document
from signing.syntax.lexicon import FREE, PLAIN, Lexicon
from signing.syntax.packed import read_packed
from signing.syntax.values import Malformed, Name, Stream, Value

_TREE = b"<< /Type /Pages /Kids [] /Count 0 >>"


def _packed(head: bytes, body: bytes = b"7 8 ") -> Stream:
    entries: dict[str, Value] = {"/Type": Name("/ObjStm"), "/N": 2, "/First": len(head)}
    return Stream(entries=entries, data=head + body)


@pytest.mark.parametrize("lexicon", [FREE, PLAIN], ids=["free", "plain"])
def test_a_list_of_objects_has_white_space_between_its_numbers(lexicon: Lexicon) -> None:
    assert read_packed(_packed(b"5 0 6 2\n"), lexicon) == [(5, 7), (6, 8)]


def test_a_list_of_objects_names_each_once() -> None:
    with pytest.raises(Malformed, match="twice in an object stream"):
        read_packed(_packed(b"5 0 5 2\n"), FREE)


def test_a_list_of_objects_in_an_update_has_spaces_and_line_ends_alone() -> None:
    assert read_packed(_packed(b"5\x000\t6 2\n"), FREE) == [(5, 7), (6, 8)]
    with pytest.raises(Malformed):
        read_packed(_packed(b"5\x000\t6 2\n"), PLAIN)


@pytest.mark.parametrize(
    "head",
    [
        b"5\x0b0 6 2\n",
        b"5 0 %\n6 2\n",
        b"5 0 6] 2\n",
        b"5 0 6 -2\n",
        b"5 0 6 2.\n",
        b"5 0 6 4294967298\n",
    ],
)
def test_a_list_of_objects_that_readers_may_read_differently_is_refused(head: bytes) -> None:
    for lexicon in (FREE, PLAIN):
        with pytest.raises(Malformed):
            read_packed(_packed(head), lexicon)


def _document(
    length_of_stream: bytes = b"3 0 R", packed: bytes = b"3 0 2 2\n5 " + _TREE
) -> Document:
    """Object 4 is a stream whose length is object 3, which stands in object stream 5."""
    parts = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        4: b"<< /Length %s >>\nstream\nhello\nendstream" % length_of_stream,
    }
    first = packed.index(b"\n") + 1
    data = zlib.compress(packed)
    entries = b"/N 2 /First %d /Filter /FlateDecode /Length %d" % (first, len(data))
    head = b"<< /Type /ObjStm %s >>\nstream\n" % entries
    parts[5] = head + data + b"\nendstream"
    pdf, places = b"%PDF-1.7\n", {}
    for number, value in parts.items():
        places[number] = len(pdf)
        pdf += b"%d 0 obj\n%s\nendobj\n" % (number, value)
    rows = [
        (0, 0, 65535),
        (1, places[1], 0),
        (2, 5, 1),
        (2, 5, 0),
        (1, places[4], 0),
        (1, places[5], 0),
    ]
    table = b"".join(bytes([kind]) + one.to_bytes(2) + two.to_bytes(2) for kind, one, two in rows)
    head = b"6 0 obj\n<< /Type /XRef /W [1 2 2] /Index [0 6] /Size 7 /Root 1 0 R /Length %d >>"
    start = len(pdf)
    pdf += head % len(table) + b"\nstream\n" + table + b"\nendstream\nendobj\n"
    return read_document(pdf + b"startxref\n%d\n%%%%EOF\n" % start)


def test_a_length_in_an_object_stream_is_found() -> None:
    stream = _document().revisions[0].objects[4].value
    assert isinstance(stream, Stream)
    assert stream.data == b"hello"


def test_a_section_that_does_not_name_itself_is_no_object() -> None:
    (revision,) = _document().revisions
    assert 6 not in revision.objects
    assert 6 in revision.machinery


@pytest.mark.parametrize(
    "make",
    [
        lambda: _document(b"9 0 R"),
        lambda: _document(b"2 0 R"),
        lambda: _document(packed=b"3 0 2 2\n4 " + _TREE),
        lambda: _document(packed=b"9 0 2 2\n5 " + _TREE),
    ],
    ids=["nowhere", "no number", "another number", "another object there"],
)
def test_a_length_that_is_not_there_or_wrong_is_refused(make: Callable[[], Document]) -> None:
    with pytest.raises(Malformed, match=re.compile("stream|object|section")):
        make()
