"""Hexadecimal strings of a file, read as pyHanko reads them, at once and not digit by digit.

A seal's /Contents has thousands of digits, and each costs pyHanko a call: a fifth of what it
takes to examine a file (docs/performance.md).
"""

from binascii import unhexlify
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.misc import PDF_WHITESPACE

_DIGITS = frozenset(generic.HEX_DIGITS)
#: bytes that are looked at for the end; a seal's container and its room are shorter
_AHEAD = 1 << 16
_by_digits = generic.read_hex_string_from_stream


def read_string(stream: Any) -> Any:
    """The string that begins at ``stream``'s place with ``<``; the stream stands behind its end.

    What is anything else than digits and white space up to the end is left to pyHanko: comments,
    and what is no string at all.
    """
    start = stream.tell()
    ahead = stream.read(_AHEAD)
    end = ahead.find(b">")
    digits = ahead[1:end].translate(None, PDF_WHITESPACE)
    if end < 0 or not _DIGITS.issuperset(digits):
        stream.seek(start)
        return _by_digits(stream)
    stream.seek(start + end + 1)
    # what lacks its last digit ends with 0 (ISO 32000-1, 7.3.4.3)
    return generic.pdf_string(unhexlify(digits + b"0" * (len(digits) % 2)))


def install() -> None:
    """PyHanko reads its strings so in this process, with the same outcome."""
    generic.read_hex_string_from_stream = read_string
