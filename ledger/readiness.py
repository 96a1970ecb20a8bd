"""Which documents may be worked on now, and how many there are of them.

A document waits for the one before it to be out, and for what it encloses to be archived.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, exists, func, or_, select

from ledger.tables import documents, enclosures
from schemas.documents import BANK_LETTERS, DocumentState

_PRODUCED = [DocumentState.ARCHIVED, DocumentState.ANNOUNCED]


def count_ready(connection: Connection, *, now: datetime, most: int | None = None) -> int:
    """How many documents could be claimed now; counted up to ``most``, where that is enough."""
    ready = select(documents.c.document_id).where(can_be_done(now)).limit(most).subquery()
    query = select(func.count()).select_from(ready)
    return int(connection.execute(query).scalar_one())


def count_claimed(connection: Connection) -> int:
    """How many documents are under a claim, in its lease or out of it."""
    query = (
        select(func.count())
        .select_from(documents)
        .where(unfinished(), documents.c.claim_token.is_not(None))
    )
    return int(connection.execute(query).scalar_one())


def count_put_off(connection: Connection, *, now: datetime) -> int:
    """How many documents wait for a new attempt after a fault of their own, not of a server.

    Void ones are not counted: nobody waits for them.
    """
    query = (
        select(func.count())
        .select_from(documents)
        .where(
            documents.c.state.in_([DocumentState.PLANNED, DocumentState.PINNED]),
            documents.c.claim_token.is_(None),
            documents.c.next_attempt_at > now,
            documents.c.attempts > 0,
        )
    )
    return int(connection.execute(query).scalar_one())


def unfinished() -> ColumnElement[bool]:
    """Something is left to be made or stored of it."""
    return or_(
        documents.c.state.in_([DocumentState.PLANNED, DocumentState.PINNED]),
        # voided between seal and store: what is sealed is kept
        and_(documents.c.state == DocumentState.VOID, documents.c.pinned.is_not(None)),
    )


def can_be_done(now: datetime) -> ColumnElement[bool]:
    """A worker may claim it at ``now``."""
    return and_(
        unfinished(),
        or_(documents.c.claim_token.is_(None), documents.c.lease_until < now),
        or_(documents.c.next_attempt_at.is_(None), documents.c.next_attempt_at <= now),
        or_(documents.c.waits_for.is_(None), _predecessor_is_out()),
        ~_encloses_what_is_not_archived(),
    )


def _encloses_what_is_not_archived() -> ColumnElement[bool]:
    """Its list of attachments says pages and digest, which are known when they are archived."""
    enclosed = documents.alias("enclosed")
    return exists().where(
        enclosures.c.document_id == documents.c.document_id,
        enclosures.c.enclosed_id == enclosed.c.document_id,
        enclosed.c.storage_key.is_(None),
    )


def _predecessor_is_out() -> ColumnElement[bool]:
    """An archived document; of a bank letter, one that the broker has confirmed."""
    first = documents.alias("first")
    out = or_(
        and_(first.c.kind.in_(sorted(BANK_LETTERS)), first.c.sent_at.is_not(None)),
        and_(first.c.kind.not_in(sorted(BANK_LETTERS)), first.c.state.in_(_PRODUCED)),
    )
    return exists().where(first.c.document_id == documents.c.waits_for, out)
