"""What an operator orders goes the way of every event, and nobody else can order it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cases.states import EventState
from ledger import documents, inbox
from ledger.database import Conflict
from tests.building.office import Office, directory_with, example, examples
from workers.directory import load_directory
from workers.operating import Answer, order
from workers.permission import OPERATOR, OPERATOR_EXCHANGE

NOTICE = "稽（待遇）字〔2026〕第1号"


@pytest.fixture
def office(ledger_url: str) -> Iterator[Office]:
    opened = Office(ledger_url, attempts=3)
    opened.take(example("01"))
    opened.work()
    yield opened
    opened.close()


def void(office: Office, number: str = NOTICE, **more: Any) -> Answer:
    data = {
        "agency": "430111",
        "case_no": "430111-2026-000017",
        "document": {"number": number},
        "reason": "写错了",
        "approved_by": {"name": "李科长", "post": "科长"},
        "replace": False,
    }
    return order(
        office.database,
        office.directory,
        office.settings,
        "document.void",
        data | more,
        clock=office.clock,
    )


def rows(office: Office) -> dict[str, dict[str, Any]]:
    return {row["number"]: row for row in office.register()}


def forged() -> dict[str, Any]:
    """An order as somebody would write it who may publish on the broker."""
    event = example("41")
    event["source"] = OPERATOR
    event["subject"] = event["data"]["case_no"] = "430111-2026-000017"
    event["data"]["document"] = {"number": NOTICE}
    return event


def test_a_voided_document_keeps_its_number_reason_and_approver(office: Office) -> None:
    assert void(office) == Answer(state=EventState.APPLIED)
    row = rows(office)[NOTICE]
    assert (row["state"], row["void_reason"]) == ("void", "写错了")
    assert row["void_approver"] == {"name": "李科长", "post": "科长"}
    assert row["replaced_by"] is None


def test_the_one_that_stands_in_is_named_by_the_void_one(office: Office) -> None:
    assert void(office, replace=True).state is EventState.APPLIED
    new = rows(office)[NOTICE]["replaced_by"]
    assert rows(office)[new]["replaces"] == NOTICE


def test_the_order_is_kept_in_the_inbox_as_every_event_is(office: Office) -> None:
    void(office)
    with office.database.reading() as connection:
        kept = inbox.listing(connection, [EventState.APPLIED])[-1]
    assert (kept["source"], kept["type"]) == (OPERATOR, "hanyin.document.void.v1")


def test_an_order_that_the_case_does_not_allow_is_answered_with_the_reason(
    office: Office,
) -> None:
    answer = void(office, number="稽（待遇）字〔2026〕第99号")
    assert answer.state is EventState.REJECTED
    assert [problem["code"] for problem in answer.problems] == ["no_such_document"]


def test_voiding_twice_is_refused(office: Office) -> None:
    void(office)
    assert void(office).state is EventState.REJECTED


def test_events_of_the_case_that_wait_are_applied_before_the_order(office: Office) -> None:
    office.take(*examples("02", "04", "05"))
    void(office)
    assert office.states()["430111-2026-000017-04"] == ["applied"]


@pytest.mark.parametrize("exchange", ["hanyin.events", "hanyin.receipts", OPERATOR_EXCHANGE, ""])
def test_over_the_broker_nobody_is_an_operator(office: Office, exchange: str) -> None:
    office.take(forged(), exchange=exchange)
    office.work()
    assert office.codes() == ["not_found"]
    assert rows(office)[NOTICE]["state"] == "planned"


def test_a_source_that_speaks_for_all_is_no_operator(tmp_path: Path) -> None:
    directory = load_directory(None)
    everybody = directory.sources[0].model_copy(update={"source": "*"})
    office = Office(
        f"sqlite:///{tmp_path}/open.db",
        directory=directory.model_copy(update={"sources": [everybody]}),
    )
    office.take(example("01"), forged())
    office.work()
    assert office.codes() == ["not_found"]
    office.close()


def test_an_order_that_meets_a_letter_that_leaves_is_kept_and_carried_out_later(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def left(*_: object, **__: object) -> None:
        raise Conflict("作废之时文书正好发出", "a letter left while it was about to be voided")

    with monkeypatch.context() as patch:
        patch.setattr(documents, "make_void", left)
        assert void(office) == Answer(state=EventState.RECEIVED)
    assert rows(office)[NOTICE]["state"] == "planned"
    office.work()
    assert rows(office)[NOTICE]["state"] == "void"


def test_a_document_that_waits_for_its_approver_can_be_void(tmp_path: Path) -> None:
    office = Office(f"sqlite:///{tmp_path}/waiting.db", directory=directory_with(approval="all"))
    office.take(example("01"))
    office.work()
    assert rows(office)[NOTICE]["state"] == "awaiting_approval"
    assert void(office).state is EventState.APPLIED
    assert rows(office)[NOTICE]["state"] == "void"
    office.close()
