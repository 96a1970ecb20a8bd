"""The audit trail (台账 of what the program did): only ever added to."""

from collections.abc import Mapping
from datetime import datetime

import structlog
from sqlalchemy import Connection, insert, select

from ledger.tables import alarms, trail

_log = structlog.get_logger(__name__)

_ADD = insert(trail).returning(trail.c.seq)


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
    """The trail has one more row; an alarm is open, has to be posted, and is logged.

    ``details`` hold ids and codes, never a name or a number of a person.
    """
    seq = connection.execute(
        _ADD,
        {
            "at": at,
            "actor": actor,
            "action": action,
            "subject": subject,
            "alarm": alarm,
            "details": dict(details or {}),
        },
    ).scalar_one()
    if alarm:
        connection.execute(insert(alarms), {"seq": seq, "at": at, "post_at": at})
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
