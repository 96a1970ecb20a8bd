"""Bytes → JSON, as hostile input: bounded, unambiguous, storable as text.

What Python's reader lets pass (NaN, members that stand twice, integers of any length, lone
surrogates) is found here with its pointer.
"""

import json
import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from schemas.codes import Problem
from schemas.errors import Invalid
from schemas.pointers import MEMBER_LENGTH, Path, is_plain_name, pointer
from schemas.text import hidden_fault

#: bytes of a message
SIZE_LIMIT = 1024 * 1024
#: levels of objects and lists; the contract needs six
DEPTH_LIMIT = 32
#: integers beyond it are not exact in every reader (RFC 8259, 6; RFC 7493, 2.2)
_EXACT_INTEGER = 2**53 - 1
_EXACT_DIGITS = 17

#: a whole string, the quote of one that does not end, or a bracket; linear on any input
_BRACKETS = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|["\[\]{}]', re.DOTALL)


@dataclass(frozen=True)
class _Repeated:
    """An object in which members stand twice: kept with their names until it is walked."""

    members: dict[str, Any]
    names: tuple[str, ...]


class _BadNumber:
    """Stands for a number that no two readers agree on."""


_BAD_NUMBER = _BadNumber()


def read_json(raw: bytes, *, size_limit: int = SIZE_LIMIT) -> tuple[Any, list[Problem]]:
    """The JSON value of ``raw``, and what is wrong inside it.

    Raises Invalid where there is no value at all: too large, not UTF-8, too deep, not JSON.
    A number out of range stands as null in the value; of a repeated member the last counts.
    """
    text = _decoded(raw, size_limit)
    loader = _Loader()
    value = loader.load(text)
    problems: list[Problem] = []
    if "\\" not in text and text.isprintable() and not loader.found_odd:
        # nothing is hidden in strings that are written as they are: most messages end here
        return value, problems
    plain = _plain(value, (), problems)
    return plain, problems


def _decoded(raw: bytes, size_limit: int) -> str:
    if len(raw) > size_limit:
        raise _refused("too_large", size=len(raw), limit=size_limit)
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _refused("not_utf8", offset=error.start) from error
    if _is_too_deep(text):
        raise _refused("too_deep", limit=DEPTH_LIMIT)
    return text


def _refused(code: str, **values: object) -> Invalid:
    return Invalid([Problem.of("", code, **values)])


def _is_too_deep(text: str) -> bool:
    if text.count("{") + text.count("[") <= DEPTH_LIMIT:
        return False
    depth = 0
    for match in _BRACKETS.finditer(text):
        mark = match[0]
        if mark in "[{":
            depth += 1
        elif mark in "]}":
            depth -= 1
        elif mark == '"':
            break
        if depth > DEPTH_LIMIT:
            return True
    return False


class _Loader:
    """Python's reader for one text; remembers whether there is anything to be looked at again."""

    def __init__(self) -> None:
        #: a member stands twice or has a long name, or a number is out of range
        self.found_odd = False

    def load(self, text: str) -> Any:
        """The value of ``text``; raises Invalid where it is no JSON."""
        try:
            return json.loads(
                text,
                object_pairs_hook=self._object,
                parse_int=self._integer,
                parse_float=self._float,
                parse_constant=lambda _: self._bad_number(),
                strict=False,
            )
        except json.JSONDecodeError as error:
            raise _refused("not_json", line=error.lineno, column=error.colno) from error

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any] | _Repeated:
        members = dict(pairs)
        if len(members) == len(pairs):
            if members and max(map(len, members)) > MEMBER_LENGTH:
                self.found_odd = True
            return members
        self.found_odd = True
        counts = Counter(name for name, _ in pairs)
        return _Repeated(members, tuple(name for name, count in counts.items() if count > 1))

    def _integer(self, digits: str) -> int | _BadNumber:
        if len(digits) > _EXACT_DIGITS or abs(int(digits)) > _EXACT_INTEGER:
            return self._bad_number()
        return int(digits)

    def _float(self, digits: str) -> float | _BadNumber:
        number = float(digits)
        return number if math.isfinite(number) else self._bad_number()

    def _bad_number(self) -> _BadNumber:
        self.found_odd = True
        return _BAD_NUMBER


def _plain(value: Any, path: Path, problems: list[Problem]) -> Any:
    """``value`` in plain dicts, lists and scalars; what is wrong on the way joins ``problems``."""
    if isinstance(value, _Repeated):
        problems.extend(_repetitions(value, path))
        value = value.members
    if isinstance(value, dict):
        return _plain_object(value, path, problems)
    if isinstance(value, list):
        return [_plain(entry, (*path, index), problems) for index, entry in enumerate(value)]
    if isinstance(value, _BadNumber):
        problems.append(Problem.of(pointer(path), "number_range"))
        return None
    if isinstance(value, str):
        problems.extend(_hidden(value, path))
    return value


def _plain_object(members: dict[str, Any], path: Path, problems: list[Problem]) -> dict[str, Any]:
    plain = {}
    for name, entry in members.items():
        if is_plain_name(name):
            plain[name] = _plain(entry, (*path, name), problems)
        else:
            problems.append(Problem.of(pointer(path), "member_name"))
    return plain


def _repetitions(repeated: _Repeated, path: Path) -> Iterator[Problem]:
    for name in repeated.names:
        if is_plain_name(name):
            yield Problem.of(pointer(path), "duplicate_member", member=name)


def _hidden(text: str, path: Path) -> Iterator[Problem]:
    hidden = hidden_fault(text)
    if hidden is not None:
        yield Problem.of(pointer(path), hidden[0], character=hidden[1])
