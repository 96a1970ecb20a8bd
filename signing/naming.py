"""The seal's signature dictionary found in the bytes, and the number that it names; not judged.

For the relay, which hands out the letters that this installation sealed: is it the one that is told
of? The whole file read strictly says the same (``statement``) in fifty times the time. Whether a
file is genuine is ``examination``'s question.
"""

import re
from dataclasses import dataclass, field

from signing.reason import REASON

#: offsets of the covered bytes (ISO 32000-1, 12.8.1): all of the file but the signature's value
_RANGE = re.compile(rb"/ByteRange\s*\[\s*0\s+(\d{1,10})\s+(\d{1,10})\s+(\d{1,10})\s*\]")
_REASON = re.compile(rb"/Reason\s*(?=[(<])")
_OBJECT, _END = b" obj", b"endobj"
#: escapes of a literal string (ISO 32000-1, 7.3.4.2)
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|\r\n|.)", re.DOTALL)
_OCTAL = b"01234567"
_ESCAPED = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
_LINE_ENDS = {b"\r\n", b"\r", b"\n"}
_BOM = b"\xfe\xff"


@dataclass(frozen=True, kw_only=True)
class _Seal:
    """A signature as it stands in the file."""

    #: offset behind the last byte that it covers
    end: int
    #: the signature dictionary without its value
    dictionary: bytes = field(repr=False)


def number_named(pdf: bytes) -> str | None:
    """The document's number, as the first seal's /Reason says it; None where it says no one."""
    found = [_seal(pdf, match) for match in _RANGE.finditer(pdf)]
    seal = min((each for each in found if each), key=lambda each: each.end, default=None)
    reasons = [] if seal is None else _strings(seal.dictionary)
    if len(reasons) != 1 or not reasons[0].startswith(REASON):
        return None
    return reasons[0].removeprefix(REASON)


def _seal(pdf: bytes, match: re.Match[bytes]) -> _Seal | None:
    first, second, last = (int(number) for number in match.groups())
    end = second + last
    start, stop = pdf.rfind(_OBJECT, 0, first), pdf.find(_END, second)
    gap = pdf[first:second]
    whole = gap[:1] == b"<" and gap[-1:] == b">" and end <= len(pdf) and -1 < start < stop
    if not whole or not start < match.start() < stop:
        return None
    return _Seal(end=end, dictionary=pdf[start + len(_OBJECT) : first] + pdf[second:stop])


def _strings(dictionary: bytes) -> list[str]:
    return [_string(dictionary, match.end()) for match in _REASON.finditer(dictionary)]


def _string(data: bytes, start: int) -> str:
    """The text string that begins at ``start``; empty where it does not end."""
    if data[start : start + 1] == b"<":
        digits = data[start + 1 : max(data.find(b">", start), start + 1)]
        try:
            return _text(bytes.fromhex(digits.decode("ascii")))
        except ValueError:
            return ""
    return _text(_ESCAPE.sub(_unescaped, _between_brackets(data, start)))


def _between_brackets(data: bytes, start: int) -> bytes:
    depth, place = 0, start
    while place < len(data):
        byte = data[place : place + 1]
        depth += (byte == b"(") - (byte == b")")
        if depth == 0:
            return data[start + 1 : place]
        place += 2 if byte == b"\\" else 1
    return b""


def _unescaped(match: re.Match[bytes]) -> bytes:
    escaped = match[1]
    if escaped[0] in _OCTAL:
        return bytes([int(escaped, 8) & 0xFF])
    return b"" if escaped in _LINE_ENDS else _ESCAPED.get(escaped, escaped)


def _text(value: bytes) -> str:
    if value.startswith(_BOM):
        return value[len(_BOM) :].decode("utf-16-be", "replace")
    return value.decode("latin-1")
