"""However many events, documents and messages wait: the next step costs what it cost before.

Counted in the instructions of SQLite's machine, which are the same on every run; PostgreSQL has
the same queries and indexes.
"""

import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, insert

from cases.states import EventState
from ledger import backlog, outbox, production
from ledger.cases import lock
from ledger.tables import documents, inbox
from ledger.tables import outbox as messages
from schemas.identifiers import new_id
from tests.building.cost import Cost
from tests.building.office import Office, example

MANY = int(os.environ.get("HANYIN_TEST_WAITING", "20000"))
FEW = 1000
#: how much a step may cost more: an index of more rows is deeper
_DEEPER = 1.5

Row = dict[str, Any]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(f"sqlite:///{tmp_path}/ledger.db", backlog=10)
    made.take(example("24"))
    made.work()
    yield made
    made.close()


def fill(office: Office, count: int) -> None:
    """So many events, documents and messages wait, each of a case of its own."""
    with office.database.writing() as connection:
        event_row = _template(connection, inbox)
        document = _template(connection, documents)
        message = _template(connection, messages)
        cases = [("430111", f"W-{new_id()}") for _ in range(count)]
        lock(connection, cases)
        _add(connection, inbox, [_event(event_row, case_no) for _, case_no in cases])
        _add(connection, documents, [_document(document, n) for _, n in cases])
        _add(connection, messages, [{**message, "message_id": new_id()} for _ in cases])
        connection.exec_driver_sql("analyze")


def _template(connection: Connection, table: Any) -> Row:
    row = dict(connection.execute(table.select().limit(1)).one()._mapping)
    row.pop("seq" if table is not documents else "", None)
    return row


def _event(template: Row, case_no: str) -> Row:
    fresh = {"delivery_id": new_id(), "event_id": new_id(), "case_no": case_no, "raw": b"{}"}
    return {**template, **fresh, "state": EventState.RECEIVED}


def _document(template: Row, case_no: str) -> Row:
    fresh = {"document_id": new_id(), "series": case_no[:30], "case_no": case_no}
    return {**template, **fresh, "state": "planned", "waits_for": None}


def _add(connection: Connection, table: Any, rows: list[Row]) -> None:
    connection.execute(insert(table), rows)


def costs(office: Office) -> dict[str, int]:
    """What the next step of each stage costs."""
    now = office.clock()
    # connections that are watched
    office.database._engine.dispose()

    def claimed() -> None:
        with office.database.writing() as connection:
            lease = timedelta(seconds=60)
            production.claim(connection, token=new_id(), now=now, lease=lease, limit=16)

    def let_go() -> None:
        with office.database.writing() as connection:
            due = outbox.due(connection, now=now, limit=50)
            outbox.let_go(connection, due, at=now)

    def looked() -> None:
        with office.database.reading() as connection:
            backlog.exceeds(connection, 10, now=now)

    steps: dict[str, Callable[[], object]] = {
        "look at the backlog": looked,
        "apply": office.apply.step,
        "claim": claimed,
        "let go": let_go,
    }
    with Cost() as cost:
        return {name: cost.of(step) for name, step in steps.items()}


def test_the_next_step_costs_the_same_however_many_wait(office: Office) -> None:
    fill(office, FEW)
    before = costs(office)
    fill(office, MANY)
    after = costs(office)
    slower = {name: (before[name], after[name]) for name in before}
    assert all(late <= early * _DEEPER for early, late in slower.values()), slower
