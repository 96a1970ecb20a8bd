"""The trail, read: who did what, when, to which document or case."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, or_, select

from ledger.lives import LifeAction
from ledger.pages import paged
from ledger.tables import documents, series, trail


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


def read(connection: Connection, query: TrailQuery) -> Iterator[dict[str, Any]]:
    """The entries, the oldest first, each with the number of the document that it is about."""
    wanted = _wanted(query)
    if query.limit is not None:
        newest = select(trail.c.seq).where(*wanted).order_by(trail.c.seq.desc())
        first = connection.execute(newest.offset(query.limit - 1).limit(1)).scalar()
        wanted = wanted if first is None else [*wanted, trail.c.seq >= first]
    entries = (
        select(trail, documents.c.number)
        .outerjoin(documents, documents.c.document_id == trail.c.subject)
        .where(*wanted)
    )
    for page in paged(connection, entries, [trail.c.seq]):
        yield from (dict(row._mapping) for row in page)  # noqa: SLF001


def _wanted(query: TrailQuery) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if query.subjects is not None:
        wanted.append(trail.c.subject.in_(query.subjects))
    if query.action is not None:
        wanted.append(trail.c.action == query.action)
    if query.since is not None:
        wanted.append(trail.c.at >= query.since)
    if query.alarms:
        wanted.append(trail.c.alarm)
    return wanted


def subjects_of(connection: Connection, name: str) -> tuple[str, ...]:
    """What entries about ``name`` are about: a number, a document id, a case number, or itself.

    A case's entries are those of its documents too, and a document that was deleted is found by
    what the trail kept when it was planned.
    """
    # an index finds a case's documents by agency and case number, and by no case number alone
    agencies = connection.execute(select(series.c.agency).distinct()).scalars().all()
    of_case = documents.c.agency.in_(agencies) & (documents.c.case_no == name)
    columns = (documents.c.document_id, documents.c.agency, documents.c.case_no)
    found = connection.execute(
        select(*columns).where(documents.c.number == name).union(select(*columns).where(of_case))
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
