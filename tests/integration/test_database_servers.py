"""PostgreSQL as it is met with: standbys, poolers, other encodings, logins that are refused."""

from collections.abc import Iterator
from contextlib import closing

import pytest
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.engine import URL

from ledger.database import Database
from ledger.migration import migrate
from schemas.errors import Misconfigured, Unavailable


def _asked(url: URL) -> None:
    with closing(Database(url.render_as_string(hide_password=False))) as database:
        migrate(database)


@pytest.fixture
def url(postgresql_url: str) -> URL:
    return make_url(postgresql_url)


@pytest.mark.parametrize("encoding", ["SQL_ASCII", "EUC_CN", "LATIN1"])
def test_a_database_of_another_encoding_is_refused(url: URL, encoding: str) -> None:
    name = f"{url.database}_{encoding.lower()}"
    engine = create_engine(
        url.set(drivername="postgresql+psycopg", database="postgres"), isolation_level="AUTOCOMMIT"
    )
    with engine.connect() as connection:
        connection.execute(
            text(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING '{encoding}' LOCALE 'C'")
        )
        try:
            with pytest.raises(Misconfigured, match=f"encoding is {encoding}; it must be UTF8"):
                _asked(url.set(database=name))
        finally:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()


def test_a_login_that_is_refused_is_no_server_that_is_away(url: URL) -> None:
    with pytest.raises(Misconfigured, match="names a database that is not there"):
        _asked(url.set(database="no_such_database"))
    with pytest.raises(Misconfigured, match="a user that PostgreSQL refuses"):
        _asked(url.set(username="nobody_at_all", password="wrong"))


def test_a_server_that_nobody_hears_is_away(url: URL) -> None:
    with pytest.raises(Unavailable):
        _asked(url.set(port=1))


@pytest.fixture
def database(postgresql_url: str) -> Iterator[Database]:
    opened = Database(postgresql_url)
    migrate(opened)
    yield opened
    opened.close()


def test_a_server_that_has_become_a_standby_is_left_and_waited_for(database: Database) -> None:
    def write() -> None:
        with database.writing() as connection:
            connection.exec_driver_sql("CREATE TABLE IF NOT EXISTS of_this_test (one int)")

    def serving() -> int:
        with database.reading() as connection:
            return int(connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one())

    def become(words: str) -> None:
        with database.engine.connect() as connection:
            name = database.engine.url.database
            connection.exec_driver_sql("SET default_transaction_read_only = off")
            connection.commit()
            connection.exec_driver_sql(f"ALTER DATABASE {name} SET default_transaction_{words}")
            connection.commit()
        database.engine.dispose()

    write()
    become("read_only = on")
    first = serving()
    with pytest.raises(Unavailable, match="takes no writes just now"):
        write()
    assert serving() != first
    become("read_only = off")
    write()


def test_a_pooler_has_to_be_named(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ledger.server._is_pooled", lambda _: True)
    with pytest.raises(Misconfigured, match=r"add \?pooler=transaction"):
        migrate(database)
    url = database.engine.url.update_query_dict({"pooler": "transaction"})
    _asked(url.set(drivername="postgresql"))
    with pytest.raises(Misconfigured, match="pooler is transaction, or is left out"):
        Database(url.update_query_dict({"pooler": "sometimes"}).render_as_string())


def test_behind_a_pooler_nothing_is_prepared(database: Database) -> None:
    url = database.engine.url.update_query_dict({"pooler": "transaction"})
    pooled = Database(url.set(drivername="postgresql").render_as_string(hide_password=False))
    prepared = "SELECT count(*) FROM pg_prepared_statements"
    with closing(pooled):
        for opened, expected in ((database, False), (pooled, True)):
            with opened.reading() as connection:
                for _ in range(12):
                    connection.exec_driver_sql("SELECT 1")
                none = connection.exec_driver_sql(prepared).scalar_one() == 0
            assert none is expected


def test_a_direct_connection_is_seen_to_be_one(database: Database) -> None:
    migrate(database)
