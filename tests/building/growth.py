"""A ledger grown to any number of letters: what is done in it is done again and again, in SQL."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Table, func, insert, select, update

from ledger.tables import attachments, cases, documents, inbox, outbox, series, trail

#: which rows stand for what is done
_DONE: dict[Table, ColumnElement[bool]] = {
    cases: cases.c.body.is_not(None),
    inbox: inbox.c.state == "applied",
    documents: documents.c.state == "announced",
    attachments: attachments.c.pinned.is_(None),
    outbox: outbox.c.state == "sent",
    trail: trail.c.alarm.is_(False),
}
_IDS = {
    "document_id",
    "attachment_id",
    "message_id",
    "waits_for",
    "replaces",
    "replaced_by",
    "about",
}
#: names that get a letter more
_NAMES = {"case_no", "number", "event_id", "delivery_id", "subject"}
#: places of an id that are written over, one for each generation; enough of chance is behind them
_MOST = 20


def grow(connection: Connection, count: int, *, generation: int = 0) -> int:
    """There are ``count`` letters or more: those that were done have doubled until it was enough.

    The newest generation's number, from which a ledger that has grown can grow further.
    """
    while _count(connection) < count:
        generation += 1
        if generation > _MOST:
            raise ValueError(f"{count} letters are too many to be grown from so few")
        _double(connection, generation)
    return generation


def _count(connection: Connection) -> int:
    return connection.execute(select(func.count()).select_from(documents)).scalar_one()


def _double(connection: Connection, generation: int) -> None:
    steps: dict[Column[Any], int] = {
        table.c.seq: connection.execute(select(func.max(table.c.seq))).scalar_one() or 0
        for table in (inbox, documents, outbox, trail)
    }
    for table, done in _DONE.items():
        columns = list(table.columns)
        fresh = [_fresh(column, generation, steps) for column in columns]
        connection.execute(insert(table).from_select(columns, select(*fresh).where(done)))
    for table in (inbox, outbox, trail):
        _draw_behind(connection, table)
    newest = select(func.max(documents.c.seq)).where(
        documents.c.agency == series.c.agency, documents.c.series == series.c.series
    )
    drawn = func.coalesce(newest.scalar_subquery(), series.c.last_seq)
    connection.execute(update(series).values(last_seq=drawn))
    # else PostgreSQL looks for what a row refers to as it did when the tables were small
    connection.exec_driver_sql("analyze")


def _fresh(
    column: Column[Any], generation: int, steps: Mapping[Column[Any], int]
) -> ColumnElement[Any]:
    if column in steps:
        return column + steps[column]
    if column is documents.c.inbox_seq:
        return column + steps[inbox.c.seq]
    if column.key in _IDS:
        return _tagged(column, generation)
    if column.key in _NAMES:
        return column.concat(chr(ord("a") + generation))
    return column


def _tagged(column: Column[Any], generation: int) -> ColumnElement[Any]:
    head, tail = func.substr(column, 1, generation - 1), func.substr(column, generation + 1)
    return head.concat("x").concat(tail)


def _draw_behind(connection: Connection, table: Table) -> None:
    """PostgreSQL draws the table's next number behind those that are there; SQLite does so."""
    if connection.dialect.name == "postgresql":
        newest = select(func.max(table.c.seq)).scalar_subquery()
        drawn = func.pg_get_serial_sequence(table.name, "seq")
        connection.execute(select(func.setval(drawn, newest)))
