"""A server that ended a connection: one that rested is replaced, one in use is told of."""

from collections.abc import Iterator

import pytest
from sqlalchemy import create_engine

from ledger import database as opening
from ledger.database import Database
from schemas.errors import Unavailable


@pytest.fixture
def database(postgresql_url: str) -> Iterator[Database]:
    opened = Database(postgresql_url)
    yield opened
    opened.close()


def serving(database: Database) -> int:
    """The server's process at the other end of the connection."""
    with database.writing() as connection:
        return int(connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one())


def end(database: Database) -> None:
    """The server ends the connection that the pool holds."""
    process = serving(database)
    other = create_engine(database.engine.url)
    with other.begin() as connection:
        connection.exec_driver_sql(f"SELECT pg_terminate_backend({process}, 5000)")
    other.dispose()


def test_a_connection_that_rested_is_replaced(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "_REST", 0.0)
    first = serving(database)
    end(database)
    assert serving(database) != first


def test_one_that_was_just_used_is_told_of_and_replaced_for_the_next_try(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "_REST", 3600.0)
    first = serving(database)
    end(database)
    with pytest.raises(Unavailable):
        serving(database)
    assert serving(database) != first
