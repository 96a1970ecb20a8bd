"""How much there is of what, for metrics: counts by state, never a row."""

from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select

from ledger.literal import is_one_of
from ledger.outbox import OutboxState
from ledger.tables import documents as document_table
from ledger.tables import inbox, outbox, trail
from schemas.exchanges import DOCUMENTS, LETTERS, REJECTIONS


def events(connection: Connection) -> dict[str, int]:
    """Events in the inbox by state."""
    return _count(connection, inbox.c.state)


def documents(connection: Connection) -> dict[str, int]:
    """Numbered documents by state."""
    return _count(connection, document_table.c.state)


def waiting_messages(connection: Connection) -> dict[str, int]:
    """Messages that have to leave, held back or not, by exchange; each exchange is there."""
    due = is_one_of(outbox.c.state, [OutboxState.WAITING, OutboxState.LEAVING])
    return dict.fromkeys((LETTERS, DOCUMENTS, REJECTIONS), 0) | _count(
        connection, outbox.c.exchange, due
    )


def alarms(connection: Connection) -> dict[str, int]:
    """Alarms ever raised by action."""
    return _count(connection, trail.c.action, trail.c.alarm)


def _count(
    connection: Connection, column: ColumnElement[Any], *wanted: ColumnElement[bool]
) -> dict[str, int]:
    query = select(column, func.count()).where(*wanted).group_by(column)
    return {str(value): count for value, count in connection.execute(query)}
