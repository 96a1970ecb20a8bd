"""Deadlines that have passed are told once each: mark, message and trail in one transaction."""

from datetime import datetime

from sqlalchemy import Connection

from ledger import deadlines, trail
from ledger.watch import PassedDeadline, Watch, outstanding
from workers import announcing


def tell_passed(connection: Connection, watch: Watch, now: datetime) -> int:
    """Each passed deadline that was not told is told; how many.

    In the caller's transaction. Documents that another worker has in hand are left for the next
    call.
    """
    waiting = _untold(connection, watch, now)
    if not waiting:
        return 0
    ours = deadlines.lock(connection, waiting.keys())
    # what another one did before we had the lock counts: look once more
    found = _untold(connection, watch, now)
    mine = [found[name] for name in sorted(ours & found.keys())]
    return sum(_tell(connection, entry, now) for group in mine for entry in group)


def _untold(connection: Connection, watch: Watch, now: datetime) -> dict[str, list[PassedDeadline]]:
    """Passed deadlines that were not told, by document id."""
    found: dict[str, list[PassedDeadline]] = {}
    for entry in watch.passed(connection, now):
        if entry.document.told_at is None:
            found.setdefault(entry.document.document_id, []).append(entry)
    return found


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
