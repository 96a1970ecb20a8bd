"""Migrations of the ledger (Alembic): forward, in one transaction, one process at a time."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from ledger.database import Database
from schemas.errors import Misconfigured

#: any number that no other user of the database takes: ASCII of "HANY"
_ADVISORY_LOCK = 0x48414E59


def migrate(database: Database) -> str:
    """The tables are those of this version; the revision's name. Safe to call at any time.

    Raises ``Unavailable`` where the database does not answer.
    """
    with database.writing() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})
        configuration = _configuration()
        configuration.attributes["connection"] = connection
        if _revision(connection) != _head():
            command.upgrade(configuration, "head")
        return _head()


def demand_current(database: Database) -> None:
    """Nothing, where the tables are of this version; else ``Misconfigured`` says what to run."""
    with database.reading() as connection:
        found = _revision(connection)
    if found != _head():
        raise Misconfigured(
            f"the ledger's tables are of revision {found or 'none'}, this version needs {_head()}:"
            " run `hanyin migrate`"
        )


def _configuration() -> Config:
    configuration = Config()
    configuration.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return configuration


def _head() -> str:
    return str(ScriptDirectory.from_config(_configuration()).get_current_head())


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()
