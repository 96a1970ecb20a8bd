"""Migrations of the ledger (Alembic): forward, in one transaction, one process at a time.

Alembic is loaded where there is something to migrate: most commands find that there is not.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from ledger.database import Database
from ledger.server import require_fit
from schemas.errors import Misconfigured

if TYPE_CHECKING:
    from alembic.config import Config

#: any number that no other user of the database takes: ASCII of "HANY"
_ADVISORY_LOCK = 0x48414E59
_MIGRATIONS = Path(__file__).parent / "migrations"
#: the newest revision; every module of a revision begins with its number
HEAD = max(path.name[:4] for path in (_MIGRATIONS / "versions").glob("[0-9]*.py"))


def migrate(database: Database) -> str:
    """The tables are those of this version; the revision's name. Safe to call at any time.

    Raises ``Unavailable`` where the database does not answer, ``Misconfigured`` where it is none
    for a ledger.
    """
    with database.reading() as connection:
        require_fit(connection)
        if _revision(connection) == HEAD:
            return HEAD
    with database.writing() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ADVISORY_LOCK})
        # another process may have been quicker
        if _revision(connection) != HEAD:
            _upgrade(connection)
    return HEAD


def demand_current(database: Database) -> None:
    """Nothing, where the tables are of this version; else ``Misconfigured`` says what to run."""
    with database.reading() as connection:
        require_fit(connection)
        found = _revision(connection)
    if found != HEAD:
        raise Misconfigured(
            f"账本的表是版本 {found or '（无）'}，本程序需要 {HEAD}：请运行 hanyin migrate",
            f"the ledger's tables are of revision {found or 'none'}, this version needs {HEAD}:"
            " run `hanyin migrate`",
        )


def _upgrade(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415 -- see above

    configuration = _configuration()
    configuration.attributes["connection"] = connection
    command.upgrade(configuration, "head")


def _configuration() -> "Config":
    from alembic.config import Config  # noqa: PLC0415 -- see above

    configuration = Config()
    configuration.set_main_option("script_location", str(_MIGRATIONS))
    return configuration


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found
