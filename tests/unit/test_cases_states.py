"""The state machines: what the tables allow, and that the page shows them as they are."""

from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest

from cases.case import CaseState
from cases.states import CASES, DOCUMENTS, EVENTS, STOP_LETTERS, EventState, Machine
from cases.states_page import page
from ledger.inbox import InboxState
from schemas.documents import DocumentState, LetterState

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


def test_the_inbox_keeps_the_states_of_the_table() -> None:
    assert {state.value for state in InboxState} == {state.value for state in EventState}


def test_the_page_shows_the_tables() -> None:
    committed = Path(__file__).parents[2].joinpath("docs", "states.md")
    assert committed.read_text(encoding="utf-8") == page(), (
        "docs/states.md is stale: "
        "python -c \"from cases.states_page import page; print(page(), end='')\" > docs/states.md"
    )
