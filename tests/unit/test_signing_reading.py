"""What is read at once is what pyHanko reads byte by byte."""

from io import BytesIO
from typing import Any

import pytest
from asn1crypto.x509 import Name
from hypothesis import example, given
from hypothesis import strategies as st
from pyhanko.pdf_utils import generic, xref
from pyhanko.pdf_utils.misc import PdfError, PdfReadError

from signing import reading

_PIECES = [*(bytes([digit]) for digit in b"0123456789abcdefABCDEF \n\r\t\f\0%>g<"), b"FEFF", b"80"]
_STRINGS = st.lists(st.sampled_from(_PIECES), max_size=60).map(b"".join)


#: what a name may be made of, and what may come after it
_NAME_PIECES = [b"A", b"z9", b"#41", b"#4", b"#", b"-.+:_", b"\x80", b"~", b"x" * 70]
_AFTER_NAMES = [b"", b" ", b"/B", b"[", b"<<", b">>", b"%c\n", b"\0", b"\x0b", b"\r\n", b"]"]
_LINES = [
    *(b"0000000000 65535 f \n", b"0000000017 00000 n \n", b"0000000900 00003 n\r\n"),
    *(b"0000000000 00001 f \r", b"0000000001 65536 n \n", b"0000000001 99999 f \n"),
    *(
        b"000000017 00000 n \n",
        b"0000000017 00000 x \n",
        b"0000000017 00000 n\n",
        b"+000000017 00000 n \n",
    ),
    *(b"0000000017 00000 n \n ", b"\n", b"trailer"),
]
_HEADS = [
    b"0 %d\n",
    b"%d 1\n",
    b"7 %d \r\n",
    b"3 %d\r",
    b"\n5 %d\n",
    b"2  %d\n",
    b"%%c\n4 %d\n",
    b"%d\n",
]


def outcome(read: Any, content: bytes) -> tuple[Any, ...]:
    """What was read, of which type, and where the stream stands; or the error."""
    stream = BytesIO(b"/Contents " + content)
    stream.seek(10)
    try:
        found = read(stream)
    except PdfError as error:
        return type(error), str(error)
    return type(found), found, stream.tell()


@given(_STRINGS, st.sampled_from([b"", b">", b">> more", b"> endobj <00>"]))
def test_it_is_what_pyhanko_reads(digits: bytes, after: bytes) -> None:
    content = b"<" + digits + after
    by_digits = outcome(reading._by_digits, content)
    assert outcome(reading.read_string, content) == by_digits


@pytest.mark.parametrize("size", [10, 40_000, 100_000])
def test_long_strings_are_read_whole(size: int) -> None:
    digits = b"00ff" * size
    assert outcome(reading.read_string, b"<" + digits + b">")[1:] == (
        bytes.fromhex(digits.decode()),
        12 + len(digits),
    )


@given(st.lists(st.sampled_from(_NAME_PIECES), max_size=4), st.sampled_from(_AFTER_NAMES))
def test_a_name_is_what_pyhanko_reads(pieces: list[bytes], after: bytes) -> None:
    content = b"/" + b"".join(pieces) + after
    assert outcome(reading.read_name, content) == outcome(reading._by_bytes, content)


def test_a_name_is_an_object_of_its_own() -> None:
    """PyHanko writes into objects where they stand."""
    one, other = (reading.read_name(BytesIO(b"/Type ")) for _ in range(2))
    assert one is not other


def section(read: Any, put: Any, content: bytes, *, strict: bool) -> tuple[Any, ...]:
    """What a table comes to, and where the stream stands; or the error."""
    stream, found = BytesIO(b"xref" + content), xref.XRefSectionData()
    stream.seek(4)
    try:
        highest = put(found, read(stream, strict), strict)
    except (PdfError, ValueError, IndexError) as error:
        return (type(error),)
    said = (found.standard_xrefs, found.freed, found.explicit_refs_in_revision)
    return highest, *said, stream.tell()


def line_by_line(stream: Any, strict: bool) -> Any:  # noqa: FBT001 -- as pyHanko calls it
    """PyHanko's own reading, which would not come to an end where a file does."""
    return reading._by_lines(reading._Uncut(stream), strict=strict)


_PARTS = st.tuples(st.sampled_from(_HEADS), st.lists(st.sampled_from(_LINES[:2]), max_size=4))
_ODD_PARTS = st.tuples(st.sampled_from(_HEADS), st.lists(st.sampled_from(_LINES), max_size=4))


@given(
    parts=st.lists(_PARTS | _ODD_PARTS, max_size=3),
    end=st.sampled_from(
        [b"trailer\n<<>>", b"trailer<<", b"trailer %c\n <<", b"trailer", b"<<", b""]
    ),
    odd=st.sampled_from([0, 0, 0, 1, -1]),
    strict=st.booleans(),
)
@example(parts=[(b"0 %d\n", _LINES[:3])], end=b"trailer\n<<>>", odd=0, strict=True)
@example(parts=[(b"2  %d\n", [])] * 3, end=b"<<", odd=0, strict=False)
def test_a_table_is_what_pyhanko_reads(
    *, parts: list[tuple[bytes, list[bytes]]], end: bytes, odd: int, strict: bool
) -> None:
    content = b"\n"
    for head, lines in parts:
        content += head.replace(b"%d", b"%d" % max(len(lines) + odd, 0)) + b"".join(lines)
    by_lines = section(line_by_line, reading._one_by_one, content + end, strict=strict)
    assert (
        section(reading.read_table, reading.put_entries, content + end, strict=strict) == by_lines
    )


@pytest.mark.timeout(30)
@pytest.mark.parametrize("strict", [True, False])
def test_a_table_that_ends_within_an_entry_is_not_read_for_ever(*, strict: bool) -> None:
    # an entry that begins with the end of a line is looked for a byte further, and further again
    content = b"\n0 2\n" + _LINES[0] + b"\n" + b"1" * 18
    found = section(reading.read_table, reading.put_entries, content, strict=strict)
    assert found == (PdfReadError,)


def test_a_plain_table_is_read_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_by_lines", lambda *_, **__: pytest.fail("line by line"))
    content = b"\n0 2\n" + _LINES[0] + _LINES[1] + b"7 1\n" + _LINES[1] + b"trailer\n<<"
    found = section(reading.read_table, reading.put_entries, content, strict=True)
    assert found == (7, {1: (0, 17), 7: (0, 17)}, {}, {(1, 0), (7, 0)}, 4 + len(content) - 2)


def test_a_table_longer_than_what_is_looked_at_is_whole() -> None:
    number = reading._TABLE_AHEAD // 20 + 5
    content = b"\n0 %d\n" % number + _LINES[0] + _LINES[1] * (number - 1) + b"trailer\n<<"
    found = section(reading.read_table, reading.put_entries, content, strict=True)
    assert found[0] == number - 1
    assert len(found[1]) == number - 1


_WORDS = st.text("aA \u3000长沙ß", max_size=4)


@given(_WORDS, _WORDS)
def test_names_of_people_and_offices_compare_as_they_did(one: str, other: str) -> None:
    values = [
        Name.build({"common_name": f"x{word}", "country_name": "CN"}) for word in (one, other)
    ]
    again = Name.load(values[0].dump())
    by_values = reading._by_values(values[0].chosen, values[1].chosen)
    assert reading.are_same(values[0].chosen, values[1].chosen) == by_values
    assert reading.are_same(again.chosen, values[0].chosen)
    assert not reading.are_same(again.chosen, "CN")


def test_names_that_cannot_be_compared_are_the_same_where_their_bytes_are() -> None:
    one, same, other = (Name.build({"common_name": "\ue000" * number}) for number in (1, 1, 2))
    assert reading.are_same(one.chosen, same.chosen)
    with pytest.raises(ValueError, match="private use"):
        reading.are_same(one.chosen, other.chosen)


def test_an_examination_reads_strings_so(monkeypatch: pytest.MonkeyPatch) -> None:
    import signing.examination  # noqa: F401, PLC0415 -- whoever examines has it

    monkeypatch.setattr(reading, "_by_digits", lambda _: pytest.fail("digit by digit"))
    found: Any = generic.read_object(BytesIO(b"<48414E59>"), generic.Dereferenceable())
    assert found == "HANY"
    assert generic.NameObject.read_from_stream is reading.read_name
    assert xref.parse_xref_table is reading.read_table


@pytest.mark.timeout(60)
@pytest.mark.parametrize("cut", [b"2 0\n", b"2 0\ntrail", b"0 0\n2 0\n<<"])
def test_a_file_that_ends_in_its_table_is_not_read_for_ever(cut: bytes) -> None:
    """PyHanko goes back by seven bytes where fewer are left, and reads the same again."""
    kind, *_ = section(reading.read_table, reading.put_entries, b"\n" + cut, strict=True)
    assert issubclass(kind, PdfError)
