"""The four state machines as tables: events, documents, stop letters, cases.

The ledger moves a row only along these tables: what a compare-and-set may find comes from
``before`` or ``check``, where a row may begin from ``start``. docs/states.md is printed from them
(``cases.states_page``), so that what is read is what runs.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from cases.case import CaseState
from schemas.documents import DocumentState, LetterState

State = TypeVar("State", bound=StrEnum)


class EventState(StrEnum):
    """Where an event in the inbox stands."""

    RECEIVED = "received"  # kept as it came, not looked at yet
    APPLIED = "applied"  # accepted; its effect is in the ledger, exactly once
    PARKED = "parked"  # accepted; its case is not there yet
    REJECTED = "rejected"  # kept whole with the reasons; takes no id, may be replayed
    REPEATED = "repeated"  # the same as an accepted one; no effect


@dataclass(frozen=True, kw_only=True)
class Transition(Generic[State]):
    """One row of a machine's table."""

    before: State
    after: State
    #: what moves it, one English clause for docs/states.md
    cause: str


@dataclass(frozen=True, kw_only=True)
class Machine(Generic[State]):
    """A state machine: where it starts and every step that it may take."""

    #: what it is about, as a heading
    title: str
    #: states in which something may come into being
    starts: tuple[State, ...]
    transitions: tuple[Transition[State], ...]

    def allows(self, before: State, after: State) -> bool:
        """Whether the table has a step from ``before`` to ``after``; staying is no step."""
        return any(t.before is before and t.after is after for t in self.transitions)

    def check(self, before: State, after: State) -> State:
        """``after``; ValueError, a defect of the caller, where no step leads to it."""
        if not self.allows(before, after):
            raise ValueError(f"{self.title}: no step leads from {before} to {after}")
        return after

    def start(self, state: State) -> State:
        """``state``; ValueError, a defect of the caller, where nothing begins in it."""
        if state not in self.starts:
            raise ValueError(f"{self.title}: nothing begins as {state}")
        return state

    def before(self, after: State) -> frozenset[State]:
        """The states from which a step leads to ``after``, for a compare-and-set."""
        return frozenset(t.before for t in self.transitions if t.after is after)


def _steps(*rows: tuple[Iterable[State], State, str]) -> tuple[Transition[State], ...]:
    return tuple(
        Transition(before=before, after=after, cause=cause)
        for befores, after, cause in rows
        for before in befores
    )


EVENTS: Machine[EventState] = Machine(
    title="Event",
    starts=(EventState.RECEIVED,),
    transitions=_steps(
        ([EventState.RECEIVED], EventState.APPLIED, "valid, and its case allows it"),
        ([EventState.RECEIVED], EventState.PARKED, "valid, but its case is not open yet"),
        ([EventState.RECEIVED], EventState.REJECTED, "invalid, or its case does not allow it"),
        ([EventState.RECEIVED], EventState.REPEATED, "the same as one applied or parked"),
        ([EventState.PARKED], EventState.APPLIED, "its case opened and allows it"),
        ([EventState.PARKED], EventState.REJECTED, "its case opened and does not allow it"),
        ([EventState.REJECTED], EventState.RECEIVED, "replayed by an operator"),
    ),
)

DOCUMENTS: Machine[DocumentState] = Machine(
    title="Document",
    starts=(DocumentState.PLANNED, DocumentState.AWAITING_APPROVAL),
    transitions=_steps(
        ([DocumentState.AWAITING_APPROVAL], DocumentState.PLANNED, "signed off (签发)"),
        ([DocumentState.PLANNED], DocumentState.PINNED, "sealed, verified, bytes in the ledger"),
        ([DocumentState.PINNED], DocumentState.ARCHIVED, "stored; its messages are in the outbox"),
        ([DocumentState.ARCHIVED], DocumentState.ANNOUNCED, "every message confirmed"),
        (
            [DocumentState.PLANNED, DocumentState.PINNED],
            DocumentState.FAILED,
            "cannot be made or stored as it stands",
        ),
        ([DocumentState.FAILED], DocumentState.PLANNED, "retried; it was not sealed yet"),
        # a number is sealed once: a retry after the pin goes on with the bytes that are there
        ([DocumentState.FAILED], DocumentState.PINNED, "retried; it was sealed already"),
        (
            [state for state in DocumentState if state is not DocumentState.VOID],
            DocumentState.VOID,
            "void (作废): by a rule or an operator, with a reason",
        ),
    ),
)

_ANSWERED = (LetterState.EXECUTED, LetterState.REFUSED)
_RUNNING = (LetterState.PLANNED, LetterState.SENT, *_ANSWERED)
_ENDED = (LetterState.RELEASED, LetterState.WITHDRAWN)

STOP_LETTERS: Machine[LetterState] = Machine(
    title="Stop letter",
    starts=(LetterState.PLANNED,),
    transitions=_steps(
        ([LetterState.PLANNED], LetterState.SENT, "the broker confirmed it"),
        # a receipt may be known before our own record that the letter left
        (
            [LetterState.PLANNED, LetterState.SENT, LetterState.REFUSED],
            LetterState.EXECUTED,
            "the bank's receipt: executed",
        ),
        (
            [LetterState.PLANNED, LetterState.SENT, LetterState.EXECUTED],
            LetterState.REFUSED,
            "the bank's receipt: refused; raises an alarm, stays open",
        ),
        # the release waits for its stop letter, so it may be planned before that left
        (
            [LetterState.PLANNED, LetterState.SENT, LetterState.EXECUTED],
            LetterState.RELEASED,
            "the case cleared, or resumption was approved: a release letter is planned",
        ),
        (
            [LetterState.REFUSED],
            LetterState.WITHDRAWN,
            "the case cleared, or resumption was approved: a withdrawal is planned",
        ),
        (
            [LetterState.RELEASED],
            LetterState.WITHDRAWN,
            "refused before the release left: it is void, a withdrawal is planned",
        ),
        (
            [LetterState.WITHDRAWN],
            LetterState.RELEASED,
            "executed after all before the withdrawal left: it is void, a release is planned",
        ),
        *(
            (_ENDED, running, "the case reopened before the letter left: that letter is void")
            for running in _RUNNING
        ),
    ),
)

CASES: Machine[CaseState] = Machine(
    title="Case",
    starts=(CaseState.OPEN,),
    transitions=_steps(
        (
            [CaseState.OPEN],
            CaseState.CLEARED,
            "a repayment or a correction brings the outstanding to exactly zero",
        ),
        (
            [CaseState.CLEARED],
            CaseState.OPEN,
            "a repayment is reversed, or a correction raises what was overpaid",
        ),
    ),
)
