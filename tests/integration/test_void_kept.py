"""A document void after its sealing that the store refuses: it is kept, and nobody waits."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from archive.directory import DirectoryArchive
from ledger import production, readiness
from ledger.tables import trail
from schemas.documents import StoredObject
from schemas.errors import Misconfigured
from tests.building.office import Office, example
from tests.building.workshop import PlainPaper, PlainWax
from workers.operating import order
from workers.producing import Produce, Tools


class ClosedArchive(DirectoryArchive):
    """An archive that takes nothing."""

    def put(self, key: str, content: bytes, **how: Any) -> StoredObject:
        raise Misconfigured("存储什么也不收", "the store takes nothing")


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    opened = Office(f"sqlite:///{tmp_path}/ledger.db")
    opened.take(example("21"))
    opened.work()
    yield opened
    opened.close()


def produce(office: Office, archive: DirectoryArchive) -> None:
    """A worker does what there is to do."""
    stage = Produce(
        database=office.database,
        tools=Tools(renderer=PlainPaper(), seals=PlainWax(), archive=archive),
        directory=office.directory,
        settings=office.settings,
        clock=office.clock,
    )
    while stage.step():
        pass


def sealed_and_void(office: Office, root: Path) -> dict[str, Any]:
    """The one document: sealed, refused by the store, then made void by an operator."""
    produce(office, ClosedArchive(root))
    (row,) = office.register()
    with office.database.writing() as connection:
        assert production.retry(connection, row["document_id"])
    order(
        office.database,
        office.directory,
        office.settings,
        "document.void",
        {
            "agency": row["agency"],
            "case_no": row["case_no"],
            "document": {"number": row["number"]},
            "reason": "写错了",
            "approved_by": {"name": "李科长", "post": "科长"},
            "replace": False,
        },
        clock=office.clock,
    )
    (row,) = office.register()
    assert (row["state"], row["storage_key"]) == ("void", None)
    return row


def alarms(office: Office) -> list[str]:
    with office.database.reading() as connection:
        query = select(trail.c.action).where(trail.c.alarm)
        return [row.action for row in connection.execute(query)]


def test_nobody_waits_for_it_and_somebody_is_told_once(office: Office, tmp_path: Path) -> None:
    sealed_and_void(office, tmp_path)
    produce(office, ClosedArchive(tmp_path))
    with office.database.reading() as connection:
        assert readiness.count_claimed(connection) == 0
        assert readiness.count_put_off(connection, now=office.clock()) == 0
    office.clock.move(timedelta(hours=2))
    produce(office, ClosedArchive(tmp_path))
    assert alarms(office).count("void_document_not_stored") == 1


def test_it_is_stored_by_itself_when_the_store_takes_it_again(
    office: Office, tmp_path: Path
) -> None:
    sealed_and_void(office, tmp_path)
    produce(office, ClosedArchive(tmp_path))
    office.clock.move(timedelta(hours=2))
    produce(office, DirectoryArchive(tmp_path))
    (row,) = office.register()
    assert row["state"] == "void"
    assert row["storage_key"] is not None


def test_an_operator_need_not_wait_that_long(office: Office, tmp_path: Path) -> None:
    document_id = sealed_and_void(office, tmp_path)["document_id"]
    produce(office, ClosedArchive(tmp_path))
    with office.database.writing() as connection:
        assert production.retry(connection, document_id)
    produce(office, DirectoryArchive(tmp_path))
    assert office.register()[0]["storage_key"] is not None
