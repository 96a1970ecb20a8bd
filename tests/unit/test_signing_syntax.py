"""The grammar takes what every reader reads alike, and refuses what two may read in two ways."""

import zlib
from decimal import Decimal

import pytest

from signing.syntax.document import read_document
from signing.syntax.filters import decoded
from signing.syntax.lexicon import FREE, PLAIN, Lexicon, read_value
from signing.syntax.packed import read_packed
from signing.syntax.values import Malformed, Name, Reference, Stream, TooLarge, Unread, Value
from tests.building.grammar import BASE, HEADER, Part, table, updated, written


def _value(text: bytes, lexicon: Lexicon = PLAIN) -> Value:
    value, end = read_value(text + b"\n", 0, lexicon)
    assert end == len(text)
    return value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (b"true", True),
        (b"null", None),
        (b"-17", -17),
        (b"595.303937007874", Decimal("595.303937007874")),
        (b"/Name", Name("/Name")),
        (b"12 0 R", Reference(12, 0)),
        (b"[1 2 3]", [1, 2, 3]),
        (b"[1 0 R 2]", [Reference(1, 0), 2]),
        (b"<0aFF>", b"\x0a\xff"),
        (rb"(a\)b\055\n)", b"a)b-\n"),
        (b"<</A/B/C[<</D(e)>>]>>", {"/A": "/B", "/C": [{"/D": b"e"}]}),
    ],
)
def test_values_are_read(text: bytes, value: Value) -> None:
    assert _value(text) == _value(text, FREE) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (b"<< /A % a remark >>\n 1 >>", {"/A": 1}),
        (b"/A#20B", Name("/A B")),
        (b"(a(b)c)", b"a(b)c"),
        (b"(a\\\nb\r\nc\\7)", b"ab\nc\x07"),
        (b"<0 A F>", b"\x0a\xf0"),
        (b"\0\t\x0c12", 12),
        (b"+7", 7),
        (b"3 5 R", Reference(3, 5)),
    ],
)
def test_other_writers_spellings_are_read_in_what_was_sealed_alone(
    text: bytes, value: Value
) -> None:
    assert _value(text, FREE) == value
    with pytest.raises(Malformed):
        _value(b"[" + text + b"]", PLAIN)


@pytest.mark.parametrize(
    "text",
    [
        b"<< /A 1 >",
        b"<< /A 1 > /B 2 >>",
        b"<< /A 1 /A 2 >>",
        b"<< /A >>",
        b"<< 1 2 >>",
        b"[1 2>>",
        b"<</A 1]",
        b"2\x0b0 R",
        b"2\xa00 R",
        b"4294967297 0 R",
        b"0 0 R",
        b"99999999999",
        b"1e5",
        b"--1",
        b"/",
        b"/A\x80",
        b"/A#00",
        b"(a",
        b"<0G>",
        b"TRUE",
    ],
)
def test_what_readers_read_in_several_ways_is_refused_in_every_file(text: bytes) -> None:
    for lexicon in (FREE, PLAIN):
        with pytest.raises(Malformed):
            _value(b"[/Before " + text + b" /After]", lexicon)


def test_values_are_not_nested_without_end() -> None:
    with pytest.raises(TooLarge):
        _value(b"[" * 100 + b"]" * 100)
    with pytest.raises(TooLarge):
        _value(b"[" + b"/A " * 300_000 + b"]")


def test_a_file_and_its_update_are_read_whole() -> None:
    document = read_document(updated())
    assert [sorted(revision.objects) for revision in document.revisions] == [[1, 2, 3, 4], [5]]
    assert document.state(0).follow(Reference(5, 0)) is None
    assert document.state(1).follow(Reference(5, 0)) == {"/Kind": "/New"}
    assert document.state(1).catalogue["/Type"] == "/Catalog"


_PAGE = b"9 0 obj\n<< /Type /Page >>\nendobj\n"
_UPDATES: dict[str, dict[str, object]] = {
    "no catalogue": {"trailer": b""},
    "another catalogue": {"trailer": b"/Root 3 0 R"},
    "a catalogue of another generation": {"trailer": b"/Root 1 1 R"},
    "an entry that a trailer has not": {"trailer": b"/Root 1 0 R /Pages 2 0 R"},
    "two sections in one": {"trailer": b"/Root 1 0 R /XRefStm 9"},
    "encrypted": {"trailer": b"/Root 1 0 R /Encrypt 3 0 R"},
    "an entry for another object": {"rows": b"5 1\n0000000009 00000 n \n"},
    "no entry": {"rows": b"0 1\n0000000000 65535 f \n"},
    "an entry twice": {"rows": table({5: 0}) * 2},
    "entries that descend": {"rows": b"5 1\n0000000000 00000 n \n3 1\n0000000009 00000 n \n"},
    "an object freed": {"rows": b"3 1\n0000000000 00001 f \n" + table({5: 0})},
    "an object that is not listed": {"bodies": [_PAGE]},
    "a remark between objects": {"bodies": [b"% a remark\n"]},
    "words between objects": {"bodies": [b"obj\n"]},
    "something behind the trailer": {"before_startxref": _PAGE},
    "a remark behind the trailer": {"before_startxref": b"% a remark\n"},
    "another offset": {"startxref": b"9"},
    "an offset with zeros before it": {"startxref": b"0000000009"},
    "an end of its own": {"end": b"%%EOF\n%%EOF\n"},
    "something at the end": {"end": b"%%EOF\n" + _PAGE},
    "an object that is a reference": {"objects": {5: b"3 0 R"}},
    "an object in a string": {"objects": {5: b"(9 0 obj << >> endobj)"}},
    "an object in digits": {"objects": {5: b"<%s>" % _PAGE.hex().encode()}},
    "an object in a stream": {
        "objects": {5: b"<< /Length %d >>\nstream\n%s\nendstream" % (len(_PAGE), _PAGE)}
    },
    "a stream that is longer": {"objects": {5: b"<< /Length 2 >>\nstream\nabc\nendstream"}},
    "a stream that is shorter": {"objects": {5: b"<< /Length 9 >>\nstream\nabc\nendstream"}},
    "a length elsewhere": {"objects": {5: b"<< /Length 6 0 R >>\nstream\nabc\nendstream", 6: b"3"}},
    "a stream after a lone return": {"objects": {5: b"<< /Length 3 >>\nstream\rabc\nendstream"}},
    "a generation": {"objects": {5: b"[3 1 R]"}},
}


@pytest.mark.parametrize("what", _UPDATES)
def test_an_update_of_another_spelling_is_refused(what: str) -> None:
    with pytest.raises(Malformed):
        read_document(updated(**_UPDATES[what]))


def _offsets(pdf: bytes, *numbers: int) -> dict[int, int]:
    return {number: pdf.rindex(b"%d 0 obj" % number) for number in numbers}


def test_each_refusal_is_of_what_was_changed() -> None:
    """The same pieces, right, are taken: no update is refused for the way the tests write it."""
    pdf = updated()
    assert read_document(updated(rows=table(_offsets(pdf, 5))))
    assert read_document(updated(rows=b"0 1\n0000000000 65535 f \n" + table(_offsets(pdf, 5))))
    assert read_document(updated(trailer=b"/Root 1 0 R /ID [<00> <01>]"))
    assert read_document(updated(objects={5: b"<< /Length 3 >>\nstream\nabc\nendstream"}))
    assert read_document(updated(before_section=b"\r\n"))
    assert read_document(updated(end=b"%%EOF"))


def test_bytes_behind_the_end_are_told_from_a_broken_file() -> None:
    for more in (b" ", b"\n", _PAGE, b"%%EOF\n"):
        with pytest.raises(Unread):
            read_document(updated() + more)
    with pytest.raises(Malformed) as refused:
        read_document(updated()[:-4])
    assert not isinstance(refused.value, Unread)


@pytest.mark.parametrize(
    "pdf",
    [
        b"",
        b" " + updated(),
        updated().replace(HEADER, b"%PDF-3.1\n"),
        written(Part(objects=BASE, trailer=b"/Root 1 0 R /Prev 9")),
        written(Part(objects=BASE, trailer=b"/Root 1 0 R /Prev -1")),
        written(Part(objects=BASE, trailer=b"/Root 1 0 R /Prev 9.0")),
    ],
    ids=["empty", "behind a space", "of another kind", "not a section", "negative", "real"],
)
def test_a_file_has_one_beginning(pdf: bytes) -> None:
    with pytest.raises(Malformed):
        read_document(pdf)


def _packed_update(
    inner: bytes = b"5 0 6 11 << /A 1 >>\n(text)",
    entries: bytes = b"/Type /ObjStm /N 2 /First 9",
    rows: bytes = b"\2\0\0\7\0\2\0\0\7\1",
    index: bytes = b"[5 2 7 2]",
    kind: int = 1,
) -> bytes:
    """The document with an update in an object stream and a cross-reference stream."""
    base = written(Part(objects=BASE))
    previous = base.rindex(b"xref\n1")
    packed = b"7 0 obj\n<< %s /Length %d >>\nstream\n%s\nendstream\nendobj\n" % (
        entries,
        len(inner),
        inner,
    )
    start = len(base) + len(packed)
    rows += b"\1" + len(base).to_bytes(3) + b"\0" + bytes((kind,)) + start.to_bytes(3) + b"\0"
    section = (
        b"8 0 obj\n<< /Type /XRef /W [1 3 1] /Index %s /Size 9 /Root 1 0 R /Prev %d /Length %d"
        b" >>\nstream\n%s\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n"
    ) % (index, previous, len(rows), rows, start)
    return base + packed + section


def test_packed_objects_are_read() -> None:
    state = read_document(_packed_update()).state(1)
    assert state.follow(Reference(5, 0)) == {"/A": 1}
    assert state.follow(Reference(6, 0)) == b"text"


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": 3},
        {"kind": 0},
        {"inner": b"5 0 5 10 << /A 1 >>\n(text)"},
        {"inner": b"5 0 6 11 << /A 1 >>/B(text)"},
        {"inner": b"5 0 6 11 << /A 1 >>\n(text) (more)"},
        {"inner": b"5 0 6 10 << /A 1 >>\n(text)"},
        {"entries": b"/Type /ObjStm /N 1 /First 9"},
        {"entries": b"/Type /ObjStm /N 2 /First 9 /Extends 3 0 R"},
        {"entries": b"/Type /ObjStm /N 2 /First 9 /F (elsewhere)"},
        {"entries": b"/N 2 /First 9"},
        {"rows": b"\2\0\0\7\0\2\0\0\7\0"},
        {"rows": b"\2\0\0\7\1\2\0\0\7\0"},
        {"rows": b"\2\0\0\7\0"},
        {"index": b"[5 1 5 1 7 2]"},
        {"index": b"[7 2 5 2]"},
        {"index": b"[5 2 7]"},
        {"index": b"[5 2 7 9]"},
    ],
)
def test_a_stream_of_objects_or_places_has_one_reading(changes: dict[str, object]) -> None:
    with pytest.raises(Malformed):
        read_document(_packed_update(**changes))  # type: ignore[arg-type]


def test_compressed_data_are_decoded_whole_or_refused() -> None:
    content = b"a certificate" * 40
    whole = zlib.compress(content)
    form: dict[str, Value] = {"/Filter": Name("/FlateDecode")}
    assert decoded(Stream(form, whole)) == content
    assert decoded(Stream({"/Filter": [Name("/FlateDecode")]}, whole)) == content
    for data in (whole[:-1], whole + b"\0", b"x" + whole):
        with pytest.raises(Malformed):
            decoded(Stream(form, data))
    others: list[Value] = [Name("/Fl"), [Name("/FlateDecode")] * 2, b"/FlateDecode", Name("/Crypt")]
    for names in others:
        with pytest.raises(Malformed):
            decoded(Stream({"/Filter": names}, whole))
    with pytest.raises(TooLarge):
        decoded(Stream(form, zlib.compress(bytes(20_000_000))))


def test_rows_of_a_predictor_are_put_together() -> None:
    rows = b"\2\1\2\3\2\1\1\1\0\\9\\9\\9".replace(rb"\9", b"\x09")
    parameters: Value = {"/Predictor": 12, "/Columns": 3}
    form: dict[str, Value] = {"/Filter": Name("/FlateDecode"), "/DecodeParms": parameters}
    assert decoded(Stream(form, zlib.compress(rows))) == b"\1\2\3\2\3\4\x09\x09\x09"
    for other in (b"\3\1\2\3", b"\2\1\2"):
        with pytest.raises(Malformed):
            decoded(Stream(form, zlib.compress(other)))


def test_an_object_stream_holds_values_and_nothing_else() -> None:
    form: dict[str, Value] = {"/Type": Name("/ObjStm"), "/N": 1, "/First": 4}
    assert read_packed(Stream(form, b"5 0 [1]"), FREE) == [(5, [1])]
    for data in (b"5 0", b"5 0 [1] endobj", b"+5 0[1]", b"5 9 [1]"):
        with pytest.raises(Malformed):
            read_packed(Stream(form, data), FREE)
