"""Indirect objects (ISO 32000-2, 7.3.10) and their streams (7.3.8)."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from signing.syntax.lexicon import Lexicon, read_value
from signing.syntax.values import Malformed, Reference, Stream, Value

#: the number of objects is bounded by 8,388,607 (ISO 32000-1, C.1)
_HEAD = re.compile(rb"([1-9]\d{0,6}) (0|[1-9]\d{0,4}) obj(?=[\x00\t\n\x0c\r ()<>\[\]/%+\-.\w])")
_STREAM = re.compile(rb"stream(?:\r\n|\n)")
_END = re.compile(rb"endobj(?=[\x00\t\n\x0c\r ])")
#: the end of a stream: by any writer, and in an update
_STREAM_ENDS = {
    False: re.compile(rb"(?:\r\n|\n|\r)?endstream(?=[\x00\t\n\x0c\r ])"),
    True: re.compile(rb"(?:\r\n|\n)endstream(?=[\n\r ])"),
}


@dataclass(frozen=True, slots=True)
class Body:
    """An indirect object where it stands in the file."""

    number: int
    generation: int
    value: Value
    #: offsets of its first byte and of the byte behind it
    start: int
    end: int


def read_body(
    data: bytes, offset: int, lexicon: Lexicon, length_of: Callable[[Reference], Value]
) -> Body:
    """The object that begins at ``offset``; ``length_of`` has what /Length refers to.

    Raises ``Malformed``.
    """
    head = _HEAD.match(data, offset)
    if head is None:
        raise Malformed(offset, "no object")
    value, end = read_value(data, head.end(), lexicon)
    end = lexicon.after_gap(data, end)
    if (stream := _STREAM.match(data, end)) is not None and isinstance(value, dict):
        content, end = _content(data, stream.end(), value, lexicon, length_of)
        value = Stream(entries=value, data=content)
        end = lexicon.after_gap(data, end)
    last = _END.match(data, end)
    if last is None:
        raise Malformed(end, "an object without its end")
    return Body(
        number=int(head[1]),
        generation=int(head[2]),
        value=value,
        start=offset,
        end=last.end(),
    )


def _content(
    data: bytes,
    start: int,
    entries: dict[str, Value],
    lexicon: Lexicon,
    length_of: Callable[[Reference], Value],
) -> tuple[bytes, int]:
    """A stream's data, and the offset behind ``endstream``."""
    length = entries.get("/Length")
    if isinstance(length, Reference) and not lexicon.plain:
        length = length_of(length)
    if type(length) is not int or not 0 <= length <= len(data) - start:
        raise Malformed(start, "a stream without its length")
    last = _STREAM_ENDS[lexicon.plain].match(data, start + length)
    if last is None:
        raise Malformed(start + length, "a stream that does not end where its length says")
    return data[start : start + length], last.end()
