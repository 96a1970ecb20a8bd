"""The audit trail (台账 of what the program did): only ever added to."""

from collections.abc import Mapping
from datetime import datetime

import structlog
from sqlalchemy import Connection, insert, select

from ledger.tables import trail

_log = structlog.get_logger(__name__)


def note(
    connection: Connection,
    *,
    at: datetime,
    actor: str,
    action: str,
    subject: str | None = None,
    details: Mapping[str, object] | None = None,
    alarm: bool = False,
) -> None:
    """The trail has one more row; an alarm is logged as a warning too.

    ``details`` hold ids and codes, never a name or a number of a person.
    """
    connection.execute(
        insert(trail),
        {
            "at": at,
            "actor": actor,
            "action": action,
            "subject": subject,
            "alarm": alarm,
            "details": dict(details or {}),
        },
    )
    if alarm:
        _log.warning("an alarm was raised", action=action, subject=subject, **(details or {}))


def last_details(
    connection: Connection, action: str, subject: str | None
) -> Mapping[str, object] | None:
    """What the last row with this action and subject says; None where there is none."""
    query = (
        select(trail.c.details)
        .where(trail.c.action == action, trail.c.subject.is_not_distinct_from(subject))
        .order_by(trail.c.seq.desc())
        .limit(1)
    )
    return connection.execute(query).scalar_one_or_none()


def note_all(
    connection: Connection,
    *,
    at: datetime,
    actor: str,
    action: str,
    details: Mapping[str, Mapping[str, object]],
) -> None:
    """The trail has a row for each subject of ``details``, in one statement; none is an alarm."""
    rows = [
        {
            "at": at,
            "actor": actor,
            "action": action,
            "subject": subject,
            "alarm": False,
            "details": dict(each),
        }
        for subject, each in details.items()
    ]
    if rows:
        connection.execute(insert(trail), rows)
