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

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    and_,
    bindparam,
    func,
    insert,
    select,
    update,
)

from cases.states import DOCUMENTS
from ledger import watched
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

# what each message asks is built once, with values apart
_HELD_BACK = (
    select(outbox.c.exchange, outbox.c.routing_key)
    .where(_DUE, outbox.c.next_attempt_at.is_not(None), outbox.c.next_attempt_at > bindparam("now"))
    .distinct()
)
_OLDEST = select(outbox).where(_DUE).order_by(outbox.c.seq).limit(bindparam("most", type_=Integer))
_THESE = outbox.c.seq.in_(bindparam("seqs", expanding=True))
_LETTERS = documents.c.document_id.in_(bindparam("letters", expanding=True))
_LOCK_LETTERS = (
    select(documents.c.document_id)
    .where(_LETTERS)
    .order_by(documents.c.document_id)
    .with_for_update()
)
_LET_GO = update(outbox).where(_THESE, _DUE).values(state=OutboxState.LEAVING)
_LEAVING = select(outbox.c.seq).where(_THESE, outbox.c.state == OutboxState.LEAVING)
_LETTERS_LEAVE = (
    update(documents)
    .where(_LETTERS, documents.c.leaving_at.is_(None))
    .values(leaving_at=bindparam("at"))
)
_SENT = (
    update(outbox)
    .where(_THESE)
    .values(state=OutboxState.SENT, sent_at=bindparam("at"), next_attempt_at=None, error=None)
)
_LETTERS_SENT = (
    update(documents).where(_LETTERS, documents.c.sent_at.is_(None)).values(sent_at=bindparam("at"))
)
_ANNOUNCED = (
    update(documents)
    .where(
        documents.c.document_id.in_(bindparam("touched", expanding=True)),
        documents.c.state.in_(bindparam("before", expanding=True)),
        ~select(outbox.c.seq).where(outbox.c.document_id == documents.c.document_id, _DUE).exists(),
    )
    .values(state=DocumentState.ANNOUNCED)
)


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
    blocked = connection.execute(_HELD_BACK, {"now": now}).all()
    query = _OLDEST if not blocked else _OLDEST.where(*map(_goes_elsewhere, blocked))
    return [_message(row) for row in connection.execute(query, {"most": limit})]


def let_go(
    connection: Connection, messages: Sequence[OutboxMessage], *, at: datetime
) -> list[OutboxMessage]:
    """Those of ``messages`` that are not cancelled, marked as leaving; their letters as well."""
    seqs = {"seqs": [message.seq for message in messages]}
    carried = sorted(m.document_id for m in messages if m.carries and m.document_id)
    if carried:
        # documents first, as voiding does: whoever holds the row decides whether the letter leaves
        connection.execute(_LOCK_LETTERS, {"letters": carried})
    connection.execute(_LET_GO, seqs)
    alive = {row.seq for row in connection.execute(_LEAVING, seqs)}
    leaving = [m.document_id for m in messages if m.carries and m.seq in alive]
    if leaving:
        connection.execute(_LETTERS_LEAVE, {"letters": leaving, "at": at})
    return [message for message in messages if message.seq in alive]


def mark_sent(connection: Connection, messages: Sequence[OutboxMessage], *, at: datetime) -> None:
    """The messages are sent; a document with nothing left to tell is announced."""
    connection.execute(_SENT, {"seqs": [message.seq for message in messages], "at": at})
    carried = [message.document_id for message in messages if message.carries]
    if carried:
        connection.execute(_LETTERS_SENT, {"letters": carried, "at": at})
        watched.look_at(connection, [str(letter) for letter in carried])
    touched = sorted({message.document_id for message in messages if message.document_id})
    if touched:
        before = sorted(DOCUMENTS.before(DocumentState.ANNOUNCED))
        connection.execute(_ANNOUNCED, {"touched": touched, "before": before})


def put_off(connection: Connection, message: OutboxMessage, *, until: datetime, error: str) -> None:
    """The message, and with it its destination, is held back until then.

    That is an attempt. One that a broker's absence ended is none: pauses that grew with those would
    hold up letters for minutes when the broker is back.
    """
    connection.execute(
        update(outbox)
        .where(outbox.c.seq == message.seq)
        .values(next_attempt_at=until, error=error, attempts=outbox.c.attempts + 1)
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


def _goes_elsewhere(held: Any) -> ColumnElement[bool]:
    return ~and_(outbox.c.exchange == held.exchange, outbox.c.routing_key == held.routing_key)


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
