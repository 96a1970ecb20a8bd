"""Intake pauses while too much waits to leave, on either database."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import update

from ledger import backlog
from ledger.tables import documents
from tests.building.office import Office, example
from workers import receiving

MOST = 2


@pytest.fixture
def office(ledger_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    # every step looks
    monkeypatch.setattr(receiving, "_LOOK_SECONDS", -1)
    made = Office(ledger_url, backlog=MOST)
    yield made
    made.close()


def exceeds(office: Office, most: int) -> bool:
    with office.database.reading() as connection:
        return backlog.exceeds(connection, most, now=office.clock())


def put_off(office: Office) -> None:
    """Every document waits for somebody."""
    with office.database.writing() as connection:
        connection.execute(
            update(documents).values(next_attempt_at=office.clock() + timedelta(minutes=5))
        )


def test_what_comes_stays_with_the_broker_while_too_much_waits(office: Office) -> None:
    office.take(example("24"))
    office.work()
    # as work: a drain does not take the queue for empty
    assert office.receive.step() == 1
    assert office.receive.paused
    office.give(example("01"))
    assert office.receive.step() == 1
    assert len(office.states()) == 1
    put_off(office)
    assert office.receive.step() == 1
    assert not office.receive.paused
    assert len(office.states()) == 2


def test_what_waits_for_somebody_holds_up_nobody_else(office: Office) -> None:
    office.take(example("24"))
    office.work()
    assert exceeds(office, 3)
    put_off(office)
    assert not exceeds(office, MOST)


def test_messages_that_no_broker_takes_count(office: Office) -> None:
    office.take(b"not an event", b"nor this")
    office.work()
    assert exceeds(office, 1)
    assert not exceeds(office, 2)
