"""What a database server must be like to hold a ledger."""

from typing import Any

from sqlalchemy import Connection

from ledger.address import POOLED, POOLER, SETTING
from schemas.errors import Misconfigured

_ENCODING = "UTF8"


def require_fit(connection: Connection) -> None:
    """Raise ``Misconfigured`` unless the server holds every name and is the one that answers.

    A PostgreSQL database of another encoding refuses rare characters, and one name in a thousand
    with them; a pooler that changes servers between transactions has to be named in the URL.
    """
    if connection.dialect.name != "postgresql":
        return
    encoding = connection.exec_driver_sql("SHOW server_encoding").scalar_one()
    if encoding != _ENCODING:
        raise Misconfigured(
            f"{SETTING}：数据库的编码是 {encoding}，须为 {_ENCODING}：请用 "
            "ENCODING 'UTF8' TEMPLATE template0 建库",
            f"{SETTING}: the database's encoding is {encoding}; it must be {_ENCODING}: create it"
            " with ENCODING 'UTF8' TEMPLATE template0",
        )
    if not connection.get_execution_options().get(POOLER) and _is_pooled(connection):
        raise Misconfigured(f"{SETTING} {POOLED.zh}", f"{SETTING} {POOLED.en}")


def _is_pooled(connection: Connection) -> bool:
    """True where another process answers than the one that the connection was told of."""
    driver: Any = connection.connection.driver_connection
    answering = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
    return bool(driver.info.backend_pid != answering)
