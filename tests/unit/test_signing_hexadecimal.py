"""A string's digits read at once are what pyHanko reads digit by digit."""

from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.misc import PdfError

from signing import hexadecimal

_PIECES = [*(bytes([digit]) for digit in b"0123456789abcdefABCDEF \n\r\t\f\0%>g<"), b"FEFF", b"80"]
_STRINGS = st.lists(st.sampled_from(_PIECES), max_size=60).map(b"".join)


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
    by_digits = outcome(hexadecimal._by_digits, content)
    assert outcome(hexadecimal.read_string, content) == by_digits


@pytest.mark.parametrize("size", [10, 40_000, 100_000])
def test_long_strings_are_read_whole(size: int) -> None:
    digits = b"00ff" * size
    assert outcome(hexadecimal.read_string, b"<" + digits + b">")[1:] == (
        bytes.fromhex(digits.decode()),
        12 + len(digits),
    )


def test_an_examination_reads_strings_so(monkeypatch: pytest.MonkeyPatch) -> None:
    import signing.examination  # noqa: F401, PLC0415 -- whoever examines has it

    monkeypatch.setattr(hexadecimal, "_by_digits", lambda _: pytest.fail("digit by digit"))
    found: Any = generic.read_object(BytesIO(b"<48414E59>"), generic.Dereferenceable())
    assert found == "HANY"
