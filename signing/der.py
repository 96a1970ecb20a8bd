"""ASN.1 in its one strict spelling, DER (ITU-T X.690): definite and shortest lengths."""

from collections.abc import Iterator

#: SEQUENCE, SET and context tags that hold other values; a string is never in pieces
_HOLDS_VALUES = frozenset({0x30, 0x31, *range(0xA0, 0xB0)})
_CONSTRUCTED = 0x20
#: the low bits of a tag that goes on in the next byte; none of CMS does
_LONG_TAG = 0x1F
#: closes a value of indefinite length, which DER has not; zeros behind a value look like it
_END_OF_CONTENTS = 0
#: lengths below it have one byte
_LONG_LENGTH = 0x80
#: values within values
_DEEPEST = 40


class NotDer(ValueError):
    """The bytes are another spelling, or no ASN.1 at all."""


def first_value(data: bytes) -> bytes:
    """The value that ``data`` begins with, whole. Raises ``NotDer``."""
    _, _, end = _head(data, 0, len(data))
    return data[:end]


def demand_der(value: bytes) -> None:
    """Nothing, where ``value`` is exactly one value in DER, down to the innermost; else NotDer."""
    if [end for _, _, end in _values(value, 0, len(value))] != [len(value)]:
        raise NotDer
    waiting = [(0, len(value), 0)]
    while waiting:
        start, end, depth = waiting.pop()
        if depth > _DEEPEST:
            raise NotDer
        for tag, inner, last in _values(value, start, end):
            if tag & _CONSTRUCTED:
                if tag not in _HOLDS_VALUES:
                    raise NotDer
                waiting.append((inner, last, depth + 1))


def members(contents: bytes) -> int:
    """How many values stand in ``contents``, one after the other. Raises ``NotDer``."""
    return sum(1 for _ in _values(contents, 0, len(contents)))


def _values(data: bytes, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """Tag, start of the contents and end of each value between ``start`` and ``end``."""
    while start < end:
        tag, inner, last = _head(data, start, end)
        yield tag, inner, last
        start = last


def _head(data: bytes, start: int, end: int) -> tuple[int, int, int]:
    if end - start < 2:  # noqa: PLR2004  # a tag and a length
        raise NotDer
    tag, length, inner = data[start], data[start + 1], start + 2
    if tag == _END_OF_CONTENTS or tag & _LONG_TAG == _LONG_TAG:
        raise NotDer
    if length >= _LONG_LENGTH:
        size = length - _LONG_LENGTH
        digits = data[inner : inner + size]
        inner, length = inner + size, int.from_bytes(digits)
        if not digits or digits[0] == 0 or length < _LONG_LENGTH:
            raise NotDer
    if inner + length > end:
        raise NotDer
    return tag, inner, inner + length
