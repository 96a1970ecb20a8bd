"""What the ledger says of a number."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import update

from ledger.records import records_of
from ledger.tables import documents
from schemas.records import Record, RecordStanding
from tests.building.office import Office, examples


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(f"sqlite:///{tmp_path / 'ledger.db'}")
    made.take(*examples("01", "02", "03"))
    made.work()
    yield made
    made.close()


def _records(office: Office, number: str) -> list[Record]:
    with office.database.reading() as connection:
        return records_of(connection, number)


def _set(office: Office, number: str, **values: object) -> None:
    with office.database.writing() as connection:
        connection.execute(update(documents).where(documents.c.number == number).values(**values))


def test_a_number_that_was_drawn_is_on_record(office: Office) -> None:
    number = office.register()[0]["number"]
    _set(office, number, sealed_sha256="ab" * 32)
    (record,) = _records(office, number)
    assert record == Record(
        number=number, sha256="ab" * 32, standing=RecordStanding.IN_FORCE, replaced_by=None
    )


def test_a_number_that_was_not_is_not(office: Office) -> None:
    assert _records(office, "稽（待遇）字〔2026〕第999号") == []


def test_a_void_document_is_void(office: Office) -> None:
    number = office.register()[0]["number"]
    _set(office, number, state="void")
    assert [record.standing for record in _records(office, number)] == [RecordStanding.VOID]


def test_one_that_another_replaces_names_it(office: Office) -> None:
    first, second = office.register()[:2]
    _set(office, first["number"], state="void")
    _set(office, second["number"], replaces=first["document_id"])
    (record,) = _records(office, first["number"])
    assert (record.standing, record.replaced_by) == (RecordStanding.REPLACED, second["number"])


def test_so_does_one_that_names_its_own_successor(office: Office) -> None:
    first, second = office.register()[:2]
    _set(office, first["number"], state="void", replaced_by=second["document_id"])
    (record,) = _records(office, first["number"])
    assert record.replaced_by == second["number"]
