"""The outbox: messages that have to leave, written with the fact they tell, sent afterwards.

A row is ``waiting`` → ``leaving`` (handed to the broker, not yet confirmed) → ``sent``, or
``cancelled``. ``leaving`` is committed before the bytes go out: a letter that may have left is
never cancelled.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from ledger.literal import is_one_of
from ledger.tables import documents, outbox
from schemas.documents import DocumentState


class OutboxState(StrEnum):
    """Where a message stands."""

    WAITING = "waiting"  # may still be cancelled
    LEAVING = "leaving"  # may be at the broker
    SENT = "sent"  # the broker has confirmed it
    CANCELLED = "cancelled"  # will not leave


#: states in which a message still has to be sent
_DUE = is_one_of(outbox.c.state, [OutboxState.WAITING, OutboxState.LEAVING])


@dataclass(frozen=True, kw_only=True)
class OutboxMessage:
    """A message on its way out."""

    seq: int
    message_id: str
    exchange: str
    routing_key: str
    type: str
    #: the CloudEvents envelope; a carried document's bytes are put into it when it leaves
    envelope: dict[str, Any] = field(repr=False)
    document_id: str | None
    carries: bool
    attempts: int

    @property
    def destination(self) -> tuple[str, str]:
        """What is blocked together when the broker does not take one."""
        return self.exchange, self.routing_key


def add(
    connection: Connection,
    envelope: dict[str, Any],
    *,
    exchange: str,
    routing_key: str,
    at: datetime,
    document_id: str | None = None,
    carries: bool = False,
) -> None:
    """The message waits to leave."""
    connection.execute(
        insert(outbox),
        {
            "message_id": envelope["id"],
            "exchange": exchange,
            "routing_key": routing_key,
            "type": envelope["type"],
            "envelope": envelope,
            "document_id": document_id,
            "carries": carries,
            "state": OutboxState.WAITING,
            "made_at": at,
        },
    )


def due(connection: Connection, *, now: datetime, limit: int) -> list[OutboxMessage]:
    """The oldest messages that have to leave, whose destinations are not held back."""
    held = (
        select(outbox.c.exchange, outbox.c.routing_key)
        .where(_DUE, outbox.c.next_attempt_at.is_not(None), outbox.c.next_attempt_at > now)
        .distinct()
    )
    blocked = {(row.exchange, row.routing_key) for row in connection.execute(held)}
    query = select(outbox).where(_DUE).order_by(outbox.c.seq)
    for exchange, key in blocked:
        query = query.where(~((outbox.c.exchange == exchange) & (outbox.c.routing_key == key)))
    return [_message(row) for row in connection.execute(query.limit(limit))]


def let_go(
    connection: Connection, messages: Sequence[OutboxMessage], *, at: datetime
) -> list[OutboxMessage]:
    """Those of ``messages`` that are not cancelled, marked as leaving; their letters as well."""
    seqs = [message.seq for message in messages]
    carried = sorted(m.document_id for m in messages if m.carries and m.document_id)
    # documents first, as voiding does: whoever holds the row decides whether the letter leaves
    connection.execute(
        select(documents.c.document_id)
        .where(documents.c.document_id.in_(carried))
        .order_by(documents.c.document_id)
        .with_for_update()
    )
    connection.execute(
        update(outbox)
        .where(outbox.c.seq.in_(seqs), _DUE)
        .values(state=OutboxState.LEAVING, attempts=outbox.c.attempts + 1)
    )
    rows = connection.execute(
        select(outbox.c.seq).where(outbox.c.seq.in_(seqs), outbox.c.state == OutboxState.LEAVING)
    )
    alive = {row.seq for row in rows}
    leaving = [m.document_id for m in messages if m.carries and m.seq in alive]
    connection.execute(
        update(documents)
        .where(documents.c.document_id.in_(leaving), documents.c.leaving_at.is_(None))
        .values(leaving_at=at)
    )
    return [message for message in messages if message.seq in alive]


def mark_sent(connection: Connection, messages: Sequence[OutboxMessage], *, at: datetime) -> None:
    """The messages are sent; a document with nothing left to tell is announced."""
    connection.execute(
        update(outbox)
        .where(outbox.c.seq.in_([message.seq for message in messages]))
        .values(state=OutboxState.SENT, sent_at=at, next_attempt_at=None, error=None)
    )
    carried = [message.document_id for message in messages if message.carries]
    connection.execute(
        update(documents)
        .where(documents.c.document_id.in_(carried), documents.c.sent_at.is_(None))
        .values(sent_at=at)
    )
    touched = {message.document_id for message in messages if message.document_id}
    silent = ~(
        select(outbox.c.seq).where(outbox.c.document_id == documents.c.document_id, _DUE).exists()
    )
    connection.execute(
        update(documents)
        .where(
            documents.c.document_id.in_(touched),
            documents.c.state == DocumentState.ARCHIVED,
            silent,
        )
        .values(state=DocumentState.ANNOUNCED)
    )


def put_off(connection: Connection, message: OutboxMessage, *, until: datetime, error: str) -> None:
    """The message, and with it its destination, is held back until then."""
    connection.execute(
        update(outbox).where(outbox.c.seq == message.seq).values(next_attempt_at=until, error=error)
    )


def cancel(connection: Connection, document_id: str) -> None:
    """What the document had to tell and has not begun to leave will not leave."""
    connection.execute(
        update(outbox)
        .where(outbox.c.document_id == document_id, outbox.c.state == OutboxState.WAITING)
        .values(state=OutboxState.CANCELLED)
    )


def count_due(connection: Connection, *, most: int | None = None) -> int:
    """How many messages have to leave and were not held back; counted up to ``most``."""
    due = (
        select(outbox.c.seq).where(_DUE, outbox.c.next_attempt_at.is_(None)).limit(most).subquery()
    )
    return int(connection.execute(select(func.count()).select_from(due)).scalar_one())


def stuck(connection: Connection) -> list[dict[str, Any]]:
    """Messages that the broker did not take, with the reason."""
    query = (
        select(
            outbox.c.message_id,
            outbox.c.exchange,
            outbox.c.routing_key,
            outbox.c.type,
            outbox.c.attempts,
            outbox.c.error,
        )
        .where(_DUE, outbox.c.error.is_not(None))
        .order_by(outbox.c.seq)
    )
    return [dict(row._mapping) for row in connection.execute(query)]  # noqa: SLF001


def _message(row: Any) -> OutboxMessage:
    return OutboxMessage(
        seq=row.seq,
        message_id=row.message_id,
        exchange=row.exchange,
        routing_key=row.routing_key,
        type=row.type,
        envelope=row.envelope,
        document_id=row.document_id,
        carries=row.carries,
        attempts=row.attempts,
    )
