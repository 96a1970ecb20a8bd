"""The state machines: what the tables allow, and that the page shows them as they are."""

import ast
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest

from cases.case import CaseState
from cases.states import CASES, DOCUMENTS, EVENTS, STOP_LETTERS, EventState, Machine
from cases.states_page import page
from schemas.documents import DocumentState, LetterState

ROOT = Path(__file__).parents[2]

MACHINES: list[tuple[Machine[Any], type[StrEnum]]] = [
    (EVENTS, EventState),
    (DOCUMENTS, DocumentState),
    (STOP_LETTERS, LetterState),
    (CASES, CaseState),
]


@pytest.mark.parametrize(("machine", "states"), MACHINES, ids=lambda value: str(value)[:20])
def test_every_state_is_reached_from_a_start(machine: Machine[Any], states: type[StrEnum]) -> None:
    reached = set(machine.starts)
    for _ in states:
        reached |= {t.after for t in machine.transitions if t.before in reached}
    assert reached == set(states)


@pytest.mark.parametrize(("machine", "states"), MACHINES, ids=lambda value: str(value)[:20])
def test_no_step_stands_twice_or_stays_where_it_is(
    machine: Machine[Any], states: type[StrEnum]
) -> None:
    steps = [(t.before, t.after) for t in machine.transitions]
    assert len(set(steps)) == len(steps)
    assert all(before is not after for before, after in steps)


def test_a_void_document_never_comes_back() -> None:
    assert not any(DOCUMENTS.allows(DocumentState.VOID, state) for state in DocumentState)


def test_every_other_document_can_become_void() -> None:
    others = frozenset(DocumentState) - {DocumentState.VOID}
    assert DOCUMENTS.before(DocumentState.VOID) == others


def test_what_is_archived_is_never_sealed_again() -> None:
    sealing = {DocumentState.PLANNED, DocumentState.PINNED}
    for state in (DocumentState.ARCHIVED, DocumentState.ANNOUNCED):
        assert not any(DOCUMENTS.allows(state, earlier) for earlier in sealing)


def test_a_step_that_the_table_lacks_is_refused() -> None:
    DOCUMENTS.check(DocumentState.PLANNED, DocumentState.PINNED)
    with pytest.raises(ValueError, match="Document: no step leads from planned to archived"):
        DOCUMENTS.check(DocumentState.PLANNED, DocumentState.ARCHIVED)


def test_an_applied_event_stays_applied() -> None:
    assert not any(EVENTS.allows(EventState.APPLIED, state) for state in EventState)


def test_the_page_shows_the_tables() -> None:
    committed = ROOT / "docs" / "states.md"
    assert committed.read_text(encoding="utf-8") == page(), (
        "docs/states.md is stale: "
        "python -c \"from cases.states_page import page; print(page(), end='')\" > docs/states.md"
    )


def test_nothing_begins_in_a_state_that_the_table_does_not_begin_with() -> None:
    assert CASES.start(CaseState.OPEN) is CaseState.OPEN
    with pytest.raises(ValueError, match="Case: nothing begins as cleared"):
        CASES.start(CaseState.CLEARED)


#: the states' own words; in the ledger and the workers they are written as members
_WORDS = {state.value for _, states in MACHINES for state in states}


def _bare_states(source: str) -> Iterator[int]:
    """Lines where a state is compared, looked for or written as a bare string."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Compare(left=left, comparators=others):
                parts = [left, *others]
            case ast.keyword(arg="state", value=value):
                parts = [ast.Name("state"), value]
            case ast.Call(func=ast.Attribute(attr="in_", value=column), args=[*given]):
                parts = [column, *given]
            case ast.Dict(keys=keys, values=values):
                parts = [
                    part
                    for key, value in zip(keys, values, strict=True)
                    if isinstance(key, ast.Constant) and key.value == "state"
                    for part in (ast.Name("state"), value)
                ]
            case _:
                continue
        text = " ".join(ast.unparse(part) for part in parts)
        said = {c.value for part in parts for c in ast.walk(part) if isinstance(c, ast.Constant)}
        if "state" in text and said & _WORDS:
            yield node.lineno


@pytest.mark.parametrize("room", ["cases", "ledger", "workers", "books", "commands"])
def test_no_state_is_written_as_a_bare_string(room: str) -> None:
    files = (p for p in (ROOT / room).rglob("*.py") if "migrations" not in p.parts)
    assert [f"{f.name}:{n}" for f in files for n in _bare_states(f.read_text())] == []


@pytest.mark.parametrize(
    "source",
    [
        'row["state"] != "archived"',
        'update(documents).values(state="void")',
        'documents.c.state.in_(["planned", "pinned"])',
        'values = {"state": "received"}',
    ],
)
def test_every_bare_state_is_seen(source: str) -> None:
    assert list(_bare_states(source)) == [1]
