"""A ledger grown to any number of letters: what is done in it is done again and again, in SQL."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Date,
    Table,
    Text,
    case,
    cast,
    exists,
    func,
    insert,
    literal,
    literal_column,
    select,
    type_coerce,
    update,
)

from ledger.instants import Instant
from ledger.tables import (
    attachments,
    cases,
    deadlines,
    documents,
    enclosures,
    inbox,
    outbox,
    series,
    trail,
)

_IS_OUT = documents.c.state == "announced"


def _is_of_one(column: Column[Any]) -> ColumnElement[bool]:
    """It stands with a document that is out; looked up for each: a list of all is too long."""
    return exists().where(documents.c.document_id == column, _IS_OUT)


#: which rows stand for what is done
_DONE: dict[Table, ColumnElement[bool]] = {
    cases: cases.c.body.is_not(None),
    inbox: inbox.c.state == "applied",
    documents: _IS_OUT,
    enclosures: _is_of_one(enclosures.c.document_id) & _is_of_one(enclosures.c.enclosed_id),
    attachments: attachments.c.pinned.is_(None) & _is_of_one(attachments.c.document_id),
    deadlines: _is_of_one(deadlines.c.document_id),
    outbox: (outbox.c.state == "sent")
    & (outbox.c.document_id.is_(None) | _is_of_one(outbox.c.document_id)),
    # an alarm about a deadline stands with each that was missed; the others are few
    trail: trail.c.alarm.is_(False) | (trail.c.action == "deadline_passed"),
}
_IDS = {
    "document_id",
    "enclosed_id",
    "attachment_id",
    "message_id",
    "waits_for",
    "replaces",
    "replaced_by",
    "about",
}
#: names that get a letter more
_NAMES = {"case_no", "number", "event_id", "delivery_id"}
#: not moved back in time: what lies ahead of the work, and how long objects are locked
_AHEAD = {"lease_until", "next_attempt_at", "retain_until", "stamp_until"}
#: characters of an id that are written over, one for each generation; enough of chance is behind
_MOST = 20


def grow(
    connection: Connection, count: int, *, generation: int = 0, days: int = 0, rounds: int = _MOST
) -> int:
    """There are ``count`` letters or more: those that were done have doubled until it was enough.

    They lie spread over ``days`` before the first ones. At most ``rounds`` doublings are made; the
    newest generation's number is returned, from which a ledger that has grown can grow further.
    """
    for _ in range(rounds):
        if count_letters(connection) >= count:
            break
        generation += 1
        if generation > _MOST:
            raise ValueError(f"{count} letters are too many to be grown from so few")
        _double(connection, generation, timedelta(days=days >> generation))
    return generation


def count_letters(connection: Connection) -> int:
    """How many numbered documents the ledger has."""
    return connection.execute(select(func.count()).select_from(documents)).scalar_one()


def _double(connection: Connection, generation: int, earlier: timedelta) -> None:
    steps: dict[Column[Any], int] = {
        table.c.seq: connection.execute(select(func.max(table.c.seq))).scalar_one() or 0
        for table in (inbox, documents, outbox, trail)
    }
    for table, done in _DONE.items():
        columns = list(table.columns)
        fresh = [_fresh(connection, column, generation, steps) for column in columns]
        moved = [
            _earlier(connection, value, column, earlier)
            for value, column in zip(fresh, columns, strict=True)
        ]
        connection.execute(insert(table).from_select(columns, select(*moved).where(done)))
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
    connection: Connection,
    column: Column[Any],
    generation: int,
    steps: Mapping[Column[Any], int],
) -> ColumnElement[Any]:
    step = steps.get(inbox.c.seq if column is documents.c.inbox_seq else column)
    if step is not None:
        return column + step
    if column is trail.c.subject:
        # a case's, or a document's id
        return case(
            (column.contains("/"), _named(column, generation)), else_=_tagged(column, generation)
        )
    if column is cases.c.body:
        return _body(connection, generation)
    if column.key in _IDS:
        return _tagged(column, generation)
    if column.key in _NAMES:
        return _named(column, generation)
    return column


def _body(connection: Connection, generation: int) -> ColumnElement[Any]:
    """The case's own text, in which its number stands too."""
    body, old = cases.c.body, cases.c.case_no
    named = func.replace(cast(body, Text), old, _named(old, generation))
    # to SQLite, a text that is cast to JSON is a number
    is_postgresql = connection.dialect.name == "postgresql"
    return type_coerce(cast(named, body.type) if is_postgresql else named, body.type)


def _named(column: Column[Any], generation: int) -> ColumnElement[Any]:
    return column.concat(chr(ord("a") + generation))


def _tagged(column: Column[Any], generation: int) -> ColumnElement[Any]:
    head, tail = func.substr(column, 1, generation - 1), func.substr(column, generation + 1)
    return head.concat("x").concat(tail)


def _earlier(
    connection: Connection, value: ColumnElement[Any], column: Column[Any], by: timedelta
) -> ColumnElement[Any]:
    """The moment or day ``value`` of ``column``, so much earlier; another value as it is."""
    if not by or column.key in _AHEAD or not isinstance(column.type, Instant | Date):
        return value
    if connection.dialect.name == "postgresql":
        span: ColumnElement[Any] = literal_column(f"interval '{by.days} days'")
        return cast(value - span, Date) if isinstance(column.type, Date) else value - span
    text = type_coerce(value, Text)
    day: ColumnElement[Any] = func.date(func.substr(text, 1, 10), literal(f"-{by.days} days"))
    return day if isinstance(column.type, Date) else day.concat(func.substr(text, 11))


def _draw_behind(connection: Connection, table: Table) -> None:
    """PostgreSQL draws the table's next number behind those that are there; SQLite does so."""
    if connection.dialect.name == "postgresql":
        newest = select(func.max(table.c.seq)).scalar_subquery()
        drawn = func.pg_get_serial_sequence(table.name, "seq")
        connection.execute(select(func.setval(drawn, newest)))
