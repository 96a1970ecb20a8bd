"""What PDF objects are made of (ISO 32000-2, 7.3), as Python values.

::

    null, true, 7   None, bool, int      (strings)  bytes        1 0 R     Reference
    1.5             Decimal              /Names     Name         [ ]       list
    << >>           dict, by str keys    << >> stream            Stream
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple, TypeAlias


class Malformed(Exception):  # what a file gets, not a fault of the program
    """The file is no PDF that every reader reads alike; says at which offset, and why."""

    def __init__(self, offset: int, why: str) -> None:
        self.offset = offset
        self.why = why
        super().__init__(f"offset {offset}: {why}")


class Unread(Malformed):
    """There are bytes that belong to no part of the file."""


class TooLarge(Exception):  # a limit, reported as such
    """The file has more in it than is looked at."""


class Name(str):
    """A name with its solidus, #-escapes decoded."""

    __slots__ = ()


class Reference(NamedTuple):
    """An indirect reference."""

    number: int
    generation: int


class Hexadecimal(bytes):
    """A string that is written in hexadecimal digits."""

    #: offsets in the file of its ``<`` and of the byte behind its ``>``
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Stream:
    """A stream; its data as the file has them, encoded."""

    entries: dict[str, "Value"]
    data: bytes = field(repr=False)


_Compound: TypeAlias = "list[Value] | dict[str, Value] | Stream"
_HOLDERS = (list, dict, Stream)
Value: TypeAlias = "bool | int | Decimal | bytes | Name | Reference | _Compound | None"


def entries_of(value: Value) -> dict[str, Value] | None:
    """The entries of a dictionary or of a stream's; None for anything else."""
    if isinstance(value, Stream):
        return value.entries
    return value if isinstance(value, dict) else None


def walk(value: Value) -> Iterator[Value]:
    """``value`` and all values in it, references not followed."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        yield one
        if isinstance(one, list):
            waiting.extend(one)
        elif (entries := entries_of(one)) is not None:
            waiting.extend(entries.values())


def dictionaries_in(value: Value) -> Iterator[dict[str, Value]]:
    """The entries of each dictionary and stream in ``value``, as ``walk`` comes to them."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        inner: Iterable[Value] = one if isinstance(one, list) else ()
        if (entries := entries_of(one)) is not None:
            yield entries
            inner = entries.values()
        # most values hold no other: they are not waited for
        waiting.extend([each for each in inner if isinstance(each, _HOLDERS)])


def same(one: Value, other: Value) -> bool:
    """True where both are the same: of one type, references by number, streams byte by byte."""
    if isinstance(one, Stream):
        return (
            isinstance(other, Stream)
            and one.data == other.data
            and same(one.entries, other.entries)
        )
    if isinstance(one, dict):
        return isinstance(other, dict) and same_but(one, other, frozenset())
    if isinstance(one, list):
        return (
            isinstance(other, list)
            and len(one) == len(other)
            and all(same(mine, yours) for mine, yours in zip(one, other, strict=True))
        )
    if isinstance(one, bytes):
        return isinstance(other, bytes) and one == other
    return type(one) is type(other) and one == other


def same_but(one: dict[str, Value], other: dict[str, Value], names: frozenset[str]) -> bool:
    """True where both have the same entries, whatever those called ``names`` are."""
    kept = one.keys() - names
    return kept == other.keys() - names and all(same(one[name], other[name]) for name in kept)
