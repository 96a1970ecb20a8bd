"""Deadlines that have passed are told once each: mark, message and trail in one transaction."""

from datetime import datetime

from sqlalchemy import Connection

from cases.dates import day_in_china
from ledger import deadlines, trail, watched
from ledger.database import Database
from ledger.deadlines import PassedDeadline
from ledger.watch import BATCH, Look, Watch, outstanding
from workers import announcing


def look_at_deadlines(database: Database, watch: Watch, now: datetime) -> tuple[int, int]:
    """A batch of the documents that are to be looked at was looked at.

    How many deadlines were told, and how many documents looked at. Where there is none, nothing
    is written.
    """
    with database.reading() as connection:
        waiting = watched.due(connection, today=day_in_china(now), limit=BATCH)
    if not waiting:
        return 0, 0
    with database.writing() as connection:
        return look_at_these(connection, watch, waiting, now)


def tell_passed(connection: Connection, watch: Watch, now: datetime) -> int:
    """Each passed deadline that was not told is told; how many. In the caller's transaction."""
    told = 0
    waiting = watched.due(connection, today=day_in_china(now))
    for start in range(0, len(waiting), BATCH):
        told += look_at_these(connection, watch, waiting[start : start + BATCH], now)[0]
    return told


def look_at_these(
    connection: Connection, watch: Watch, document_ids: list[str], now: datetime
) -> tuple[int, int]:
    """The documents were looked at: how many deadlines were told, how many documents there were.

    Those that another worker has in hand, or has looked at meanwhile, are left out.
    """
    mine = watched.lock(connection, document_ids, today=day_in_china(now))
    looks = watch.look(connection, mine, now)
    told = sum(_settle(connection, look, now) for look in looks)
    watched.put_back(
        connection, [(look.document.document_id, look.next_day) for look in looks if look.next_day]
    )
    watched.take_out(connection, [look.document.document_id for look in looks if not look.next_day])
    return told, len(looks)


def _settle(connection: Connection, look: Look, now: datetime) -> int:
    """What was not told is told, what was met since is marked; how many were told."""
    document = look.document
    if document.reported and document.is_over:
        deadlines.forget(connection, document.document_id)
    elif document.reported:
        unmet = [entry.deadline for entry in look.passed]
        deadlines.mark_met(connection, document.document_id, unmet)
    return sum(_tell(connection, entry, now) for entry in look.unreported)


def _tell(connection: Connection, entry: PassedDeadline, now: datetime) -> bool:
    document = entry.document
    if not deadlines.mark_told(
        connection, document.document_id, entry.deadline, last_day=entry.last_day, at=now
    ):
        return False
    announcing.tell_deadline_passed(
        connection,
        document,
        deadline=entry.deadline,
        last_day=entry.last_day,
        outstanding=outstanding(connection, entry),
        at=now,
    )
    trail.note(
        connection,
        at=now,
        actor="reconcile",
        action="deadline_passed",
        subject=document.document_id,
        details={"deadline": entry.deadline.value, "last_day": entry.last_day.isoformat()},
        alarm=True,
    )
    return True
