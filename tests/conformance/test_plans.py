"""No statement of a stage or a look-up goes through a table that grows, but for a reason.

The plans are those of the database itself, on a ledger that has grown: SQLite's query plan, and
PostgreSQL's with statistics of its own.
"""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, func, select

from archive.directory import DirectoryArchive
from cases.states import EventState
from ledger import (
    attachments,
    cases,
    deaths,
    documents,
    inbox,
    outbox,
    production,
    readiness,
    seal_waits,
    trail_book,
)
from ledger.deaths import Patience
from ledger.tables import metadata
from ledger.watch import Watch
from schemas.documents import Issuer
from schemas.workdays import WorkCalendar
from tests.building.grown import Shares, grown
from tests.building.office import Office
from tests.building.outlet import GoodOutlet
from tests.building.plans import GROWING, Asked
from tests.building.workshop import Workshop
from tests.conformance.test_many_done import opened
from workers.metrics.ledger import LedgerMetrics
from workers.reconciling import Reconcile
from workers.relaying import Relay
from workers.shelving import Shelf

LETTERS = int(os.environ.get("HANYIN_TEST_PLANNED", "8000"))
#: cases that the grown ledger does not have
_NEW = 1000
#: rows below which PostgreSQL may well read a table whole
_FEW = 1000
#: what goes through a growing table, by its beginning and a part of it, and why it may
REASONS = {
    "FROM inbox GROUP BY inbox.state": "a scrape: states are counted by an index alone",
    "FROM documents GROUP BY documents.state": "a scrape: states are counted by an index alone",
    "GROUP BY trail.action": "a scrape: alarms are counted by their index alone",
    "GROUP BY deadlines.deadline": "a scrape: what is due is counted by its index alone",
    "ORDER BY documents.agency, documents.series, documents.year, documents.seq": (
        "the register's first rows, in the order of its numbers"
    ),
    "ORDER BY inbox.seq": "the first events, in the order in which they came",
    "ORDER BY trail.seq DESC": "the last entries of the trail, from its end",
    "SELECT DISTINCT documents.bank_code": "hanyin doctor, asked by an operator",
    "ORDER BY outbox.seq": "the oldest messages that are over, from the outbox's beginning",
    "SELECT trail.subject": "hanyin trail of a number, asked by an operator",
    "FROM alarms JOIN trail": "the open alarms with their rows of the trail, now and then",
    "WHERE trail.alarm": "alarms of older workers, once a process, by the alarms' index",
    "deadlines.document_id IN": "by its key; PostgreSQL reads a few thousand rows whole",
    "documents.document_id IN": "by its key; PostgreSQL reads a few thousand rows whole",
}
#: reasons that hold because a LIMIT ends the reading
_FIRST_ROWS = tuple(each for each in REASONS if each.startswith("ORDER BY"))


@pytest.fixture
def office(ledger_url: str) -> Iterator[Office]:
    grown(ledger_url, LETTERS, Shares(cases=24), now=datetime.now(UTC))
    made = Office(ledger_url)
    made.clock.moment = datetime.now(UTC)
    yield made
    made.close()


def the_stages(office: Office, root: Path) -> None:
    """Every stage has worked, has looked for work in vain, and has looked at deadlines."""
    relay = Relay(
        database=office.database,
        outlet=GoodOutlet(),
        archive=DirectoryArchive(root),
        settings=office.settings,
        clock=office.clock,
    )
    reconcile = Reconcile(
        database=office.database,
        shelf=Shelf(DirectoryArchive(root), office.directory),
        watch=Watch(directory=office.directory, calendar=WorkCalendar()),
        settings=office.settings,
        clock=office.clock,
    )
    shop = Workshop(office, root)
    for first in (_NEW, _NEW + 4):
        office.take(*opened(first, 4))
        office.work()
        shop.work()
        while relay.step():
            pass
        office.clock.move(timedelta(days=30))
        reconcile.step()
        reconcile.step()


def the_tree(office: Office) -> None:
    """What the tree of workers asks: what is left, and what a process that ended had in hand."""
    now, patience = office.clock(), Patience(first=2, attempts=5)
    with office.database.reading() as connection:
        inbox.count(connection, EventState.RECEIVED)
        cases.count_parked_due(connection)
        readiness.count_ready(connection, now=now)
        readiness.count_claimed(connection)
        readiness.count_put_off(connection, now=now)
        outbox.count_due(connection)
        attachments.count_loose(connection)
        seal_waits.waiting_for_seal(connection)
        outbox.stuck(connection)
    with office.database.writing() as connection:
        deaths.free_all(connection, now=now, patience=patience)
        deaths.of_producer(connection, "abc", now=now, patience=patience)
        production.renew(connection, token="abc", until=now)
        seal_waits.wake_issuer(connection, "430111", Issuer.AGENCY)


def the_pages(office: Office) -> None:
    """What is asked by somebody who looks something up, and what is scraped."""
    watch = Watch(directory=office.directory, calendar=WorkCalendar())
    list(LedgerMetrics(database=office.database, watch=watch, clock=office.clock).read())
    with office.database.reading() as connection:
        documents.get(connection, "a document's id")
        documents.numbered(connection, "长雨花社险告字〔2026〕1号")
        documents.listing(connection, limit=20)
        documents.bank_codes(connection)
        inbox.listing(connection, [EventState.REJECTED], limit=20)
        inbox.listing(connection, list(EventState), limit=20)
        cases.find(connection, "430111-2026-000100", "430111")
        list(trail_book.read(connection, trail_book.TrailQuery(limit=20)))
        trail_book.subjects_of(connection, "430111-2026-000100")


def test_nothing_that_grows_is_gone_through_without_a_reason(
    office: Office, tmp_path: Path
) -> None:
    asked = Asked()
    with asked.listening():
        the_stages(office, tmp_path)
        the_tree(office)
        the_pages(office)
    with office.database.reading() as connection:
        many = {name for name in GROWING if count(connection, name) > _FEW}
        found = {statement: tables & many for statement, tables in asked.scans(connection).items()}
    unexplained = [
        f"{tables}: {text}" for text, tables in found.items() if tables and not why(text)
    ]
    assert {"documents", "inbox", "outbox", "trail", "deadlines", "attachments"} <= many
    assert unexplained == []


def test_a_scan_is_seen(office: Office) -> None:
    asked = Asked()
    with asked.listening(), office.database.reading() as connection:
        connection.exec_driver_sql("SELECT count(*) FROM documents WHERE recipient_name = 'x'")
        assert asked.scans(connection) != {}


def count(connection: Connection, name: str) -> int:
    return connection.execute(select(func.count()).select_from(metadata.tables[name])).scalar_one()


def why(statement: str) -> bool:
    return any(
        part in statement and (part not in _FIRST_ROWS or "LIMIT" in statement) for part in REASONS
    )
