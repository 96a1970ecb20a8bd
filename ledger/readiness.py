"""Which documents may be worked on now, and how many there are of them.

A document waits for the one before it to be out, and for what it encloses to be archived; a
release waits for every other case that holds its card stopped.
"""

from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Select,
    and_,
    bindparam,
    exists,
    func,
    or_,
    select,
)

from ledger.card_holds import is_held_back
from ledger.instants import Instant
from ledger.literal import is_exactly, is_one_of
from ledger.tables import documents, enclosures
from schemas.documents import BANK_LETTERS, DocumentState

#: more than there are
_ALL = 2**31 - 1
_PRODUCED = [DocumentState.ARCHIVED, DocumentState.ANNOUNCED]


# conditions that never change are built once: to build them takes as long as to ask


@cache
def queues() -> tuple[ColumnElement[bool], ...]:
    """What something is left to be made or stored of, the urgent first; each has its own index."""
    return (
        is_one_of(documents.c.state, [DocumentState.PLANNED, DocumentState.PINNED]),
        # voided between seal and store: what is sealed is kept
        and_(is_exactly(documents.c.state, DocumentState.VOID), documents.c.pinned.is_not(None)),
    )


def count_ready(connection: Connection, *, now: datetime, most: int = _ALL) -> int:
    """How many documents could be claimed now; counted up to ``most``, where that is enough."""
    return min(_count(connection, can_be_done(), now=now, most=most), most)


def count_claimed(connection: Connection) -> int:
    """How many documents are under a claim, in its lease or out of it."""
    return _count(connection, _is_claimed(), most=_ALL)


def count_put_off(connection: Connection, *, now: datetime) -> int:
    """How many documents wait for a new attempt after a fault or a death, not for a server.

    Void ones are not counted: nobody waits for them.
    """
    return int(connection.execute(_put_off(), {"now": now}).scalar_one())


@cache
def can_be_done() -> ColumnElement[bool]:
    """A worker may claim what stands in a queue, at the time that the parameter ``now`` tells."""
    now = bindparam("now", type_=Instant)
    return and_(
        or_(documents.c.claim_token.is_(None), documents.c.lease_until < now),
        or_(documents.c.next_attempt_at.is_(None), documents.c.next_attempt_at <= now),
        or_(documents.c.waits_for.is_(None), _predecessor_is_out()),
        ~_encloses_what_is_not_archived(),
        ~is_held_back(),
    )


@cache
def _encloses_what_is_not_archived() -> ColumnElement[bool]:
    """Its list of attachments says pages and digest, which are known when they are archived."""
    enclosed = documents.alias("enclosed")
    return exists().where(
        enclosures.c.document_id == documents.c.document_id,
        enclosures.c.enclosed_id == enclosed.c.document_id,
        enclosed.c.storage_key.is_(None),
    )


@cache
def _predecessor_is_out() -> ColumnElement[bool]:
    """An archived document; of a bank letter, one that the broker has confirmed."""
    first = documents.alias("first")
    out = or_(
        and_(first.c.kind.in_(sorted(BANK_LETTERS)), first.c.sent_at.is_not(None)),
        and_(first.c.kind.not_in(sorted(BANK_LETTERS)), first.c.state.in_(_PRODUCED)),
    )
    return exists().where(first.c.document_id == documents.c.waits_for, out)


@cache
def _is_claimed() -> ColumnElement[bool]:
    return documents.c.claim_token.is_not(None)


@cache
def _put_off() -> Select[Any]:
    return select(func.count()).where(
        queues()[0],
        documents.c.claim_token.is_(None),
        documents.c.next_attempt_at > bindparam("now", type_=Instant),
        or_(documents.c.attempts > 0, documents.c.deaths > 0),
    )


def _count(connection: Connection, condition: ColumnElement[bool], **values: object) -> int:
    """How many documents of all queues fulfil it, of each queue up to ``most`` of ``values``."""
    return int(connection.execute(_counting(condition), values).scalar_one())


@cache
def _counting(condition: ColumnElement[bool]) -> Select[Any]:
    counts = [
        select(func.count())
        .select_from(
            select(documents.c.document_id)
            .where(queue, condition)
            .limit(bindparam("most", type_=Integer))
            .subquery()
        )
        .scalar_subquery()
        for queue in queues()
    ]
    first, *others = counts
    return select(sum(others, start=first))
