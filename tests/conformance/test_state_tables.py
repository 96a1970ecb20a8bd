"""The ledger moves its rows only along the tables of ``cases.states``, on both databases.

Each step is tried twice: by the table as it is, where it is taken, and by one that lacks it, where
the row stays as it was.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, func, select, update

from cases.case import CaseState
from cases.states import CASES, DOCUMENTS, EVENTS, EventState, Machine
from ledger import cases as case_rows
from ledger import deaths, documents, inbox, outbox, production, signoff, tables
from ledger.outbox import OutboxMessage
from ledger.signoff import SignOff
from schemas.codes import Problem
from schemas.documents import DocumentState, SealedPdf, StoredObject
from schemas.people import Approver
from tests.building.office import Office, example

CASE = ("430111", "430111-2026-000020")
LATER = timedelta(days=2)
SEALED = SealedPdf(
    content=b"%PDF sealed",
    sha256="a" * 64,
    pages=1,
    sealed_at=datetime(2026, 11, 24, tzinfo=UTC),
    certificate_subject="CN=DEMO",
    certificate_serial="1",
)
STORED = StoredObject(key="k", version_id=None, sha256="a" * 64, size=11)


@dataclass(frozen=True)
class Desk:
    """One case with one document, and what was claimed of it."""

    office: Office
    document_id: str
    claim: production.Claim

    def state(self) -> str:
        mine = tables.documents.c.document_id == self.document_id
        with self.office.database.reading() as connection:
            return str(connection.execute(select(tables.documents.c.state).where(mine)).scalar())

    def put(self, **values: Any) -> None:
        """The document's row as a test needs it."""
        mine = tables.documents.c.document_id == self.document_id
        with self.office.database.writing() as connection:
            connection.execute(update(tables.documents).where(mine).values(**values))


@pytest.fixture
def office(ledger_url: str) -> Iterator[Office]:
    opened = Office(ledger_url)
    opened.take(example("24"))
    yield opened
    opened.close()


@pytest.fixture
def desk(office: Office) -> Desk:
    office.work()
    with office.database.writing() as connection:
        (claim,) = production.claim(
            connection, token="me", now=office.clock(), lease=timedelta(minutes=1), limit=1
        )
    return Desk(office, claim.document.document_id, claim)


@contextmanager
def lacking(machine: Machine[Any], before: Any, after: Any) -> Iterator[None]:
    """The table without that step; from ``before`` None: nothing begins as ``after``."""
    starts, steps = machine.starts, machine.transitions
    kept = tuple(t for t in steps if (t.before, t.after) != (before, after))
    assert (kept, before) != (steps, before) or before is None
    object.__setattr__(machine, "transitions", kept)
    if before is None:
        object.__setattr__(machine, "starts", tuple(s for s in starts if s is not after))
    try:
        yield
    finally:
        object.__setattr__(machine, "transitions", steps)
        object.__setattr__(machine, "starts", starts)


def approve(connection: Connection, desk: Desk) -> None:
    word = SignOff(approved_by=Approver(name="王主任", post="主任"))
    signoff.approve(connection, desk.document_id, word, at=desk.office.clock())


def pin(connection: Connection, desk: Desk) -> None:
    production.pin(connection, desk.claim, SEALED)


def archive(connection: Connection, desk: Desk) -> None:
    until = date(2057, 1, 1)
    production.archived(connection, desk.claim, STORED, retain_until=until, at=desk.office.clock())


def announce(connection: Connection, desk: Desk) -> None:
    message = OutboxMessage(
        seq=0,
        message_id="m",
        exchange="x",
        routing_key="r",
        type="document.archived",
        envelope={},
        document_id=desk.document_id,
        carries=False,
        attempts=0,
    )
    outbox.mark_sent(connection, [message], at=desk.office.clock())


def fail(connection: Connection, desk: Desk) -> None:
    problem = Problem.of("", "processing_failed", attempts=1)
    production.set_aside(connection, desk.claim, problem)


def retry(connection: Connection, desk: Desk) -> None:
    production.retry(connection, desk.document_id)


def retry_by_itself(connection: Connection, desk: Desk) -> None:
    patience = deaths.Patience(first=1, attempts=5)
    deaths.retry_failed(connection, now=desk.office.clock() + LATER, patience=patience)


def void(connection: Connection, desk: Desk) -> None:
    documents.make_void(connection, desk.document_id, "作废", None)


FAILED = {"state": "failed", "claim_token": None, "error": {"code": deaths.USED_UP}}
DEAD = {**FAILED, "next_attempt_at": datetime(2026, 1, 1, tzinfo=UTC)}
PINNED = {"state": "pinned", "sealed_sha256": "a" * 64, "pinned": b"%PDF sealed"}
STEPS: list[tuple[dict[str, Any], DocumentState, Callable[[Connection, Desk], None]]] = [
    ({"state": "awaiting_approval"}, DocumentState.PLANNED, approve),
    ({"state": "planned"}, DocumentState.PINNED, pin),
    (PINNED, DocumentState.ARCHIVED, archive),
    ({"state": "archived"}, DocumentState.ANNOUNCED, announce),
    ({"state": "planned"}, DocumentState.FAILED, fail),
    (PINNED, DocumentState.FAILED, fail),
    (FAILED, DocumentState.PLANNED, retry),
    ({**PINNED, **FAILED}, DocumentState.PINNED, retry),
    (DEAD, DocumentState.PLANNED, retry_by_itself),
    ({**PINNED, **DEAD}, DocumentState.PINNED, retry_by_itself),
    *(
        ({"state": state.value}, DocumentState.VOID, void)
        for state in DocumentState
        if state is not DocumentState.VOID
    ),
]


def step(desk: Desk, act: Callable[[Connection, Desk], None]) -> bool:
    """Whether nobody was refused aloud."""
    try:
        with desk.office.database.writing() as connection:
            act(connection, desk)
    except Exception:  # noqa: BLE001 -- however it is refused
        return False
    return True


@pytest.mark.parametrize(("values", "after", "act"), STEPS)
def test_a_document_takes_the_steps_of_the_table_alone(
    desk: Desk,
    values: dict[str, Any],
    after: DocumentState,
    act: Callable[[Connection, Desk], None],
) -> None:
    desk.put(**values)
    before = DocumentState(desk.state())
    with lacking(DOCUMENTS, before, after):
        step(desk, act)
    assert desk.state() == before
    assert step(desk, act)
    assert desk.state() == after


def test_every_step_of_a_document_is_tried() -> None:
    tried = {(DocumentState(values["state"]), after) for values, after, _ in STEPS}
    assert tried == {(t.before, t.after) for t in DOCUMENTS.transitions}


@pytest.mark.parametrize("void", [False, True])
def test_a_document_that_became_void_is_stored_and_stays_void(desk: Desk, *, void: bool) -> None:
    desk.put(**{**PINNED, **({"state": "void"} if void else {})})
    assert step(desk, archive)
    assert desk.state() == ("void" if void else "archived")


def test_a_document_begins_as_the_table_says(office: Office) -> None:
    with lacking(DOCUMENTS, None, DocumentState.PLANNED):
        office.work()
        assert office.register() == []
    with office.database.writing() as connection:
        assert inbox.replay(connection, [1], at=office.clock()) == 1
    office.work()
    assert office.register() != []


@pytest.mark.parametrize(
    ("before", "after"), [(t.before, t.after) for t in EVENTS.transitions if t.before != "rejected"]
)
def test_an_event_takes_the_steps_of_the_table_alone(
    office: Office, before: EventState, after: EventState
) -> None:
    if before is EventState.PARKED:
        settle(office, before)
    with lacking(EVENTS, before, after), pytest.raises(ValueError, match="no step leads"):
        settle(office, after)
    assert list(office.states().values()) == [[before]]
    settle(office, after)
    assert list(office.states().values()) == [[after]]


def settle(office: Office, state: EventState) -> None:
    with office.database.writing() as connection:
        seq = connection.execute(select(func.max(tables.inbox.c.seq))).scalar_one()
        inbox.settle(connection, seq, state, at=office.clock())


def test_an_event_is_replayed_and_begins_as_the_table_says(office: Office) -> None:
    settle(office, EventState.REJECTED)
    with (
        lacking(EVENTS, EventState.REJECTED, EventState.RECEIVED),
        pytest.raises(ValueError, match="no step leads from rejected to received"),
        office.database.writing() as connection,
    ):
        inbox.replay(connection, [1], at=office.clock())
    with (
        lacking(EVENTS, None, EventState.RECEIVED),
        pytest.raises(ValueError, match="nothing begins as received"),
    ):
        office.take(example("01"))
    assert list(office.states().values()) == [["rejected"]]


@pytest.mark.parametrize(
    ("before", "after"),
    [(None, CaseState.OPEN), *((t.before, t.after) for t in CASES.transitions)],
)
def test_a_case_takes_the_steps_of_the_table_alone(
    office: Office, before: CaseState | None, after: CaseState
) -> None:
    office.work()
    with office.database.reading() as connection:
        case = case_rows.load(connection, *CASE)
    assert case is not None
    with office.database.writing() as connection:
        connection.execute(update(tables.cases).values(state=before))
    asked = case.model_copy(update={"state": after})

    def save() -> None:
        with office.database.writing() as connection:
            case_rows.save(connection, asked, at=office.clock())

    with lacking(CASES, before, after), pytest.raises(ValueError, match="no step leads"):
        save()
    save()
    save()
    with office.database.reading() as connection:
        assert [row["state"] for row in case_rows.everything(connection)] == [after]


def test_a_claim_that_is_another_workers_is_refused_whatever_the_table_says(desk: Desk) -> None:
    assert not step(desk, lambda c, d: pin(c, replace(d, claim=replace(d.claim, token="you"))))
    assert desk.state() == "planned"
