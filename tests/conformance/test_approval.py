"""签发: what waits for an approver, on SQLite and PostgreSQL alike."""

import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select

from ledger import documents, readiness, signoff
from ledger.signoff import SignOff
from ledger.tables import documents as table
from ledger.tables import trail
from schemas.documents import DocumentKind
from schemas.people import Approver
from tests.building.office import Office, directory_with, example, examples
from workers.approval import NotWaiting, approve

STOP = DocumentKind.STOP_PAYMENT_LETTER
NOTICE = DocumentKind.RECOVERY_NOTICE
WORD = SignOff(
    approved_by=Approver(name="王主任", post="主任"), drafted_by=None, checked_by="李科长"
)


@pytest.fixture
def office(ledger_url: str) -> Iterator[Office]:
    opened = Office(ledger_url, directory=directory_with(approval=frozenset({STOP, NOTICE})))
    yield opened
    opened.close()


def row(office: Office, kind: DocumentKind) -> dict[str, Any]:
    return next(row for row in office.register() if row["kind"] == kind)


def states(office: Office) -> dict[str, str]:
    return {row["kind"]: row["state"] for row in office.register()}


def ready(office: Office) -> int:
    with office.database.reading() as connection:
        return readiness.count_ready(connection, now=office.clock())


def test_a_kind_that_is_set_so_waits_and_no_other_does(office: Office) -> None:
    office.take(example("01"))
    office.work()
    assert states(office) == {
        "stop_payment_letter": "awaiting_approval",
        "recovery_notice": "awaiting_approval",
        "suspension_notice": "planned",
    }
    # the two suspension notices alone can be made
    assert ready(office) == 2


def test_what_waits_in_one_case_holds_up_no_other(office: Office) -> None:
    office.take(*examples("01", "24"))
    office.work()
    assert ready(office) == sum(row["state"] == "planned" for row in office.register())


def test_what_is_approved_is_made_and_keeps_who_drafted_checked_and_approved(
    office: Office,
) -> None:
    office.take(example("01"))
    office.work()
    stop = row(office, STOP)
    approve(office.database, [stop["document_id"]], WORD, clock=office.clock)
    assert ready(office) == 3
    told = row(office, STOP)
    moment = office.clock().isoformat()
    assert told["state"] == "planned"
    assert told["signoff"] == {
        "drafted": {"name": example("01")["data"]["handler"]["name"], "at": moment},
        "checked": {"name": "李科长", "at": moment},
        "approved": {"name": "王主任", "post": "主任", "at": moment},
    }


def test_approving_twice_is_refused(office: Office) -> None:
    office.take(example("01"))
    office.work()
    stop = row(office, STOP)["document_id"]
    approve(office.database, [stop], WORD, clock=office.clock)
    with pytest.raises(NotWaiting):
        approve(office.database, [stop], WORD, clock=office.clock)


def test_of_several_all_are_approved_or_none(office: Office) -> None:
    office.take(example("01"))
    office.work()
    rows = office.register()
    with pytest.raises(NotWaiting):
        approve(office.database, [row["document_id"] for row in rows], WORD, clock=office.clock)
    assert [row["state"] for row in office.register()] == [row["state"] for row in rows]


def test_of_two_approvers_at_once_one_is_refused(office: Office) -> None:
    office.take(example("01"))
    office.work()
    stop = row(office, STOP)["document_id"]
    refused: list[str] = []

    def let_go() -> None:
        try:
            approve(office.database, [stop], WORD, clock=office.clock)
        except NotWaiting as error:
            refused.append(error.document_id)

    approvers = [threading.Thread(target=let_go) for _ in range(4)]
    for approver in approvers:
        approver.start()
    for approver in approvers:
        approver.join()
    assert refused == [stop] * 3


def test_a_waiting_document_can_be_void_and_is_not_approved_afterwards(office: Office) -> None:
    office.take(example("01"))
    office.work()
    stop = row(office, STOP)["document_id"]
    with office.database.writing() as connection:
        documents.make_void(connection, stop, "写错了", None)
    with pytest.raises(NotWaiting):
        approve(office.database, [stop], WORD, clock=office.clock)
    assert row(office, STOP)["state"] == "void"


def test_a_kind_that_prints_its_approver_prints_the_one_who_approved(office: Office) -> None:
    office.take(example("01"))
    office.work()
    notice = row(office, NOTICE)["document_id"]
    mine = table.c.document_id == notice
    with office.database.writing() as connection:
        data = connection.execute(select(table.c.data).where(mine)).scalar_one()
        connection.execute(table.update().where(mine).values(data={**data, "signatory": "某人"}))
        assert signoff.approve(connection, notice, WORD, at=office.clock())
        printed = connection.execute(select(table.c.data).where(mine)).scalar_one()
    assert printed == {**data, "signatory": "王主任"}


def test_the_trail_tells_of_an_approval_without_a_name(office: Office) -> None:
    office.take(example("01"))
    office.work()
    stop = row(office, STOP)["document_id"]
    approve(office.database, [stop], WORD, clock=office.clock)
    with office.database.reading() as connection:
        rows = connection.execute(select(trail).where(trail.c.subject == stop)).all()
    assert [entry.action for entry in rows] == ["document_planned", "document_approved"]
    assert "王主任" not in json.dumps([entry.details for entry in rows], ensure_ascii=False)
