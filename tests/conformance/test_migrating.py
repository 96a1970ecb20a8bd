"""A ledger of the first revision goes forward with all that is in it, under workers of before."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Table, func, inspect, select

from ledger.database import Database
from ledger.migration import HEAD, _configuration, migrate
from ledger.tables import metadata
from schemas.identifiers import new_id
from tests.building.office import Office, example, examples
from tests.building.workshop import Workshop

FIRST = "0001"
Rows = dict[str, list[dict[str, Any]]]


@pytest.fixture
def old(ledger_url: str, tmp_path: Path) -> Iterator[Database]:
    """A ledger as the first revision has it: a case with its letters planned, none produced."""
    newer = Office(f"sqlite:///{tmp_path}/newer.db")
    newer.take(*examples("24", "01", "02"))
    newer.work()
    database = Database(ledger_url)
    with database.writing() as connection:
        configuration = _configuration()
        configuration.attributes["connection"] = connection
        command.upgrade(configuration, FIRST)
    columns = columns_of(database)
    rows = read(newer.database, columns)
    newer.close()
    write(database, rows)
    yield database
    database.close()


def test_the_newest_revision_is_the_one_that_alembic_knows_as_the_head() -> None:
    assert ScriptDirectory.from_config(_configuration()).get_current_head() == HEAD


def columns_of(database: Database) -> dict[str, list[str]]:
    """The tables that are there, in the order in which they can be filled, with their columns."""
    with database.reading() as connection:
        found = inspect(connection)
        there = set(found.get_table_names())
        return {
            table.name: [column["name"] for column in found.get_columns(table.name)]
            for table in metadata.sorted_tables
            if table.name in there
        }


def read(database: Database, columns: dict[str, list[str]]) -> Rows:
    """All rows, of these columns alone."""
    with database.reading() as connection:
        return {
            name: [
                dict(row._mapping)
                for row in connection.execute(
                    select(*[metadata.tables[name].c[column] for column in wanted])
                )
            ]
            for name, wanted in columns.items()
        }


def write(database: Database, rows: Rows) -> None:
    """The rows are there, as code that knows these columns and no other writes them."""
    with database.writing() as connection:
        for name, found in rows.items():
            for row in found:
                connection.execute(metadata.tables[name].insert().values(row))
            _count_on(connection, metadata.tables[name])


def _count_on(connection: Connection, table: Table) -> None:
    """What PostgreSQL numbers by itself goes on after the rows that brought their numbers."""
    counted = table.autoincrement_column
    if connection.dialect.name == "postgresql" and counted is not None:
        sequence = func.pg_get_serial_sequence(table.name, counted.name)
        last = select(func.coalesce(func.max(counted), 1)).scalar_subquery()
        connection.execute(select(func.setval(sequence, last)))


def test_nothing_of_it_changes(old: Database) -> None:
    columns = columns_of(old)
    before = read(old, columns)
    assert len(before["documents"]) > 4
    migrate(old)
    assert read(old, columns) == before


@pytest.mark.usefixtures("old")
def test_the_work_goes_on_where_it_was(ledger_url: str, tmp_path: Path) -> None:
    office = Office(ledger_url)
    workshop = Workshop(office, tmp_path / "archive")
    office.take(example("05"))
    office.work()
    workshop.work()
    documents, _ = workshop.rows()
    assert {row["state"] for row in documents} <= {"archived", "announced", "planned"}
    numbers = [row["number"] for row in office.register()]
    assert len(numbers) == len(set(numbers))
    office.close()


def test_workers_of_before_may_write_meanwhile(old: Database) -> None:
    columns = columns_of(old)
    migrate(old)
    document = read(old, columns)["documents"][0]
    late = document | {"document_id": new_id(), "seq": 99, "number": "稽（待遇）字〔2026〕第99号"}
    write(old, {"documents": [late]})
    assert late in read(old, columns)["documents"]


def test_workers_of_before_read_the_cases_that_are_written_now(ledger_url: str) -> None:
    office = Office(ledger_url)
    office.take(example("24"))
    office.work()
    with office.database.reading() as connection:
        (body,) = connection.execute(select(metadata.tables["cases"].c.body)).scalars()
    # what the first release's Case has, and no more: it refuses what it does not know
    assert set(body) == {
        *("agency", "case_no", "state", "facts", "repayments", "cleared_on", "resumptions")
    }
    office.close()
