"""Documents whose worker ended with them in hand: whose fault that was, and when they go on.

A killed tree, a machine that stopped, a lease that ran out are no letter's fault: the document is
made alone from then on, after pauses that grow, and no attempt is counted. Where its own producer
ended while the parent lived, and it was alone in that producer's hands for the second time, the
letter is the likely cause, and that is an attempt. What failed by such deaths alone is tried again
by itself, once an hour at first: nothing says that it was not the surroundings after all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, bindparam, select, update

from cases.states import DOCUMENTS
from ledger import trail
from ledger.instants import Instant
from ledger.literal import is_exactly
from ledger.readiness import queues
from ledger.tables import documents
from schemas.documents import DocumentState

#: deaths after which a document goes on at once: a restart ends whatever was under way
_AT_ONCE = 2
#: seconds of the longest pause between two tries, and of the first after which it had failed
_LONGEST, _AFTER_FAILING = 3600.0, 3600.0
#: seconds of the longest pause after which it had failed
_LONGEST_AFTER_FAILING = 86_400.0
#: the code of what failed by deaths alone
USED_UP = "attempts_used_up"

_DIED = (
    update(documents)
    .where(documents.c.document_id == bindparam("this"))
    .values(
        claim_token=None,
        lease_until=None,
        deaths=documents.c.deaths + 1,
        attempts=bindparam("attempts_now"),
        next_attempt_at=bindparam("until", type_=Instant),
    )
)


@dataclass(frozen=True, kw_only=True)
class Patience:
    """How long a document waits after a death, and when an alarm is raised."""

    #: seconds of the first pause
    first: float
    #: deaths at which an operator is told
    attempts: int

    def until(self, now: datetime, deaths: int) -> datetime | None:
        """When it goes on after that many deaths; None: at once."""
        more = deaths - _AT_ONCE
        if more <= 0:
            return None
        return now + timedelta(seconds=min(self.first * 4.0 ** min(more, 16), _LONGEST))

    def after_failing(self, now: datetime, deaths: int) -> datetime:
        """When what failed by deaths alone is tried again by itself."""
        more = min(max(deaths - self.attempts - 1, 0), 16)
        return now + timedelta(seconds=min(_AFTER_FAILING * 2.0**more, _LONGEST_AFTER_FAILING))


def free_all(connection: Connection, *, now: datetime, patience: Patience) -> int:
    """No document is claimed, and none is charged: for the one process that owns a home."""
    return _died(connection, _held(connection), now, patience, charged=False)


def of_producer(connection: Connection, worker: str, *, now: datetime, patience: Patience) -> int:
    """The claims of the producer ``worker``, which ended while its parent lived, are free.

    The document that was alone in its hands, and had been in those of one that ended before, is
    charged an attempt. How many there were.
    """
    rows = _held(connection, documents.c.claim_token.startswith(worker, autoescape=True))
    alone = len(rows) == 1 and rows[0].deaths > 0
    return _died(connection, rows, now, patience, charged=alone)


def postpone(connection: Connection, row: Row[Any], *, now: datetime, patience: Patience) -> bool:
    """``row``, of a claim that ran out, is put off where workers ended with it too often.

    False where it may be worked on at once.
    """
    if row.claim_token is None or patience.until(now, row.deaths + 1) is None:
        return False
    _died(connection, [row], now, patience, charged=False)
    return True


def any_failed(connection: Connection, *, now: datetime) -> bool:
    """Whether something failed that is tried again by itself by now."""
    return connection.execute(_failed(now).limit(1)).first() is not None


def retry_failed(connection: Connection, *, now: datetime, patience: Patience) -> int:
    """What failed by deaths alone, a while ago, is tried again, alone; how many."""
    rows = [
        row
        for row in connection.execute(_failed(now).with_for_update(skip_locked=True))
        if (row.error or {}).get("code") == USED_UP
    ]
    for row in rows:
        again = DocumentState.PLANNED if row.sealed_sha256 is None else DocumentState.PINNED
        connection.execute(
            update(documents)
            .where(documents.c.document_id == row.document_id)
            .values(
                state=DOCUMENTS.check(DocumentState.FAILED, again),
                # one more death and it has failed again
                attempts=patience.attempts - 1,
                next_attempt_at=None,
                error=None,
            )
        )
        trail.note(
            connection,
            at=now,
            actor="reconcile",
            action="document_retried",
            subject=row.document_id,
            details={"deaths": row.deaths},
        )
    return len(rows)


def _failed(now: datetime) -> Select[Any]:
    return select(documents).where(
        is_exactly(documents.c.state, DocumentState.FAILED),
        # shows that the index suffices
        documents.c.next_attempt_at.is_not(None),
        documents.c.next_attempt_at <= now,
    )


def _held(connection: Connection, *which: ColumnElement[bool]) -> Sequence[Row[Any]]:
    claimed = documents.c.claim_token.is_not(None)
    return [
        row
        for queue in queues()
        for row in connection.execute(
            select(documents)
            .where(queue, claimed, *which)
            # as the queue's index has them, and as they are claimed
            .order_by(documents.c.priority, documents.c.document_id)
            .with_for_update()
        )
    ]


def _died(
    connection: Connection,
    rows: Sequence[Row[Any]],
    now: datetime,
    patience: Patience,
    *,
    charged: bool,
) -> int:
    for row in rows:
        deaths = row.deaths + 1
        values = {"attempts_now": row.attempts + charged, "until": patience.until(now, deaths)}
        connection.execute(_DIED, {"this": row.document_id, **values})
        if deaths == patience.attempts:
            trail.note(
                connection,
                at=now,
                actor="produce",
                action="workers_end_with_document",
                subject=row.document_id,
                details={"deaths": deaths, "charged": charged},
                alarm=True,
            )
    return len(rows)
