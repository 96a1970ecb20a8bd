"""The trail, read: who did what, when, to which document or case."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, or_, select

from ledger.lives import LifeAction
from ledger.tables import documents, trail


@dataclass(frozen=True, kw_only=True)
class TrailQuery:
    """Which entries are wanted; None: all."""

    #: document ids and what else entries are about, one of them
    subjects: tuple[str, ...] | None = None
    action: str | None = None
    #: aware
    since: datetime | None = None
    alarms: bool = False
    #: entries at most, the newest of them
    limit: int | None = None


def read(connection: Connection, query: TrailQuery) -> list[dict[str, Any]]:
    """The entries, the oldest first, each with the number of the document that it is about."""
    wanted = (
        select(trail, documents.c.number)
        .outerjoin(documents, documents.c.document_id == trail.c.subject)
        .order_by(trail.c.seq.desc())
        .limit(query.limit)
    )
    if query.subjects is not None:
        wanted = wanted.where(trail.c.subject.in_(query.subjects))
    if query.action is not None:
        wanted = wanted.where(trail.c.action == query.action)
    if query.since is not None:
        wanted = wanted.where(trail.c.at >= query.since)
    if query.alarms:
        wanted = wanted.where(trail.c.alarm)
    rows = [dict(row._mapping) for row in connection.execute(wanted)]  # noqa: SLF001
    return rows[::-1]


def subjects_of(connection: Connection, name: str) -> tuple[str, ...]:
    """What entries about ``name`` are about: a number, a document id, a case number, or itself.

    A case's entries are those of its documents too, and a document that was deleted is found by
    what the trail kept when it was planned.
    """
    found = connection.execute(
        select(documents.c.document_id, documents.c.agency, documents.c.case_no).where(
            (documents.c.number == name) | (documents.c.case_no == name)
        )
    ).all()
    cases = {f"{row.agency}/{row.case_no}" for row in found if row.case_no == name}
    ids = [*(row.document_id for row in found), *_planned_as(connection, name)]
    return tuple(_unique([name, *ids, *sorted(cases)]))


def _planned_as(connection: Connection, name: str) -> list[str]:
    """The documents that were planned with this number, or in this case, there still or not."""
    said = [trail.c.details[member].as_string() for member in ("number", "case_no")]
    planned = select(trail.c.subject).where(
        trail.c.action == LifeAction.PLANNED, or_(*(value == name for value in said))
    )
    return [str(subject) for subject in connection.execute(planned).scalars()]


def _unique(names: Iterable[str]) -> Iterable[str]:
    return dict.fromkeys(names)
