"""Events as bytes, each the contract's example with something changed at a JSON pointer."""

import copy
import json
from typing import Any

from schemas.errors import Invalid
from schemas.parsing import ParsedEvent, parse
from tests.building.events import example

#: in place of a value: the member is taken out
GONE = object()


def changed(name: str, changes: dict[str, Any]) -> dict[str, Any]:
    """The example whose file name starts with ``name``, with ``changes`` by pointer."""
    document = copy.deepcopy(example(name))
    for where, value in changes.items():
        *steps, last = [_step(step) for step in where.split("/")[1:]]
        target: Any = document
        for step in steps:
            target = target[step]
        if value is GONE:
            del target[last]
        elif last == "-":
            target.append(value)
        else:
            target[last] = value
    return document


def raw(name: str, changes: dict[str, Any] | None = None) -> bytes:
    """The same as the bytes of a message."""
    return json.dumps(changed(name, changes or {}), ensure_ascii=False).encode("utf-8")


def parsed(name: str, changes: dict[str, Any] | None = None) -> ParsedEvent:
    """The same as a valid event; raises Invalid where it is none."""
    return parse(raw(name, changes))


def faults(message: bytes) -> list[tuple[str, str]]:
    """Pointer and code of everything that is wrong with ``message``; empty where it is valid."""
    try:
        parse(message)
    except Invalid as error:
        return [(problem.pointer, problem.code) for problem in error.problems]
    return []


def faults_of(name: str, changes: dict[str, Any]) -> list[tuple[str, str]]:
    """Pointer and code of everything that is wrong with the changed example."""
    return faults(raw(name, changes))


def warnings_of(name: str, changes: dict[str, Any]) -> list[tuple[str, str]]:
    """Pointer and code of every warning about the changed example, which is valid."""
    return [(problem.pointer, problem.code) for problem in parsed(name, changes).warnings]


def _step(step: str) -> str | int:
    return int(step) if step.isdigit() else step
