"""What a document's deadlines are judged by, and which were reported: once each.

A query here gives what is known of a document; whether a day is over is for the rules to say
(``cases.deadlines``), which know the agency and the calendar.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Row,
    and_,
    bindparam,
    case,
    delete,
    exists,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from cases.case import CaseState
from ledger.pages import paged
from ledger.tables import cases, deadlines, documents, watched
from schemas.deadlines import DeadlineKind
from schemas.documents import DocumentKind, DocumentState

#: its money may be owed again when a repayment is reversed
_OPINION = DocumentKind.AUDIT_OPINION


@dataclass(frozen=True, kw_only=True)
class Subject:
    """The document that a deadline is about."""

    document_id: str
    agency: str
    case_no: str
    kind: DocumentKind
    number: str


@dataclass(frozen=True, kw_only=True)
class Watched(Subject):
    """What is known of a document for which deadlines may run."""

    issued_on: date
    #: made, and not void
    in_force: bool
    archived_at: datetime | None
    sent_at: datetime | None
    answered: bool
    served: bool
    #: a letter that ends it was planned and is not void, or left before it was
    ended: bool
    #: its case is open: something is owed
    owes: bool
    #: what an audit opinion prints; None of any other kind
    data: Mapping[str, Any] | None = field(repr=False)
    #: which of its deadlines were reported, and when
    reported: Mapping[DeadlineKind, datetime] = field(default_factory=dict)

    @property
    def is_over(self) -> bool:
        """Nothing that may come makes a deadline of it run again."""
        return not self.in_force or self.answered or (self.served and self.kind is not _OPINION)


@dataclass(frozen=True, kw_only=True)
class PassedDeadline:
    """Something that should have been done about a document by a day that is over."""

    deadline: DeadlineKind
    document: Subject
    #: the last day on which it would have been in time
    last_day: date
    #: when it was reported; None while it was not
    told_at: datetime | None


# built once, with values apart
_end = documents.alias("end")
_ENDED = exists().where(
    _end.c.about == documents.c.document_id,
    # as the rules see it (``CaseDocument.tells_the_bank``)
    or_(_end.c.state != DocumentState.VOID, _end.c.leaving_at.is_not(None)),
)
_OWES = exists().where(
    cases.c.agency == documents.c.agency,
    cases.c.case_no == documents.c.case_no,
    cases.c.state == CaseState.OPEN,
)
_SUBJECT = [documents.c[name] for name in ("document_id", "agency", "case_no", "kind", "number")]
_REPORTED = [deadlines.c.deadline, deadlines.c.last_day, deadlines.c.told_at]
_THESE: BindParameter[Any] = bindparam("these", expanding=True)
_WATCHED = (
    select(
        *_SUBJECT,
        documents.c.issued_on,
        documents.c.archived_at,
        documents.c.sent_at,
        and_(
            documents.c.state.in_([DocumentState.ARCHIVED, DocumentState.ANNOUNCED]),
            documents.c.archived_at.is_not(None),
        ).label("in_force"),
        documents.c.receipts.is_not(None).label("answered"),
        documents.c.services.is_not(None).label("served"),
        _ENDED.label("ended"),
        _OWES.label("owes"),
        case((documents.c.kind == DocumentKind.AUDIT_OPINION, documents.c.data), else_=None).label(
            "data"
        ),
    )
    .where(documents.c.document_id.in_(_THESE))
    .order_by(documents.c.document_id)
)
_MARKS = select(deadlines.c.document_id, deadlines.c.deadline, deadlines.c.told_at).where(
    deadlines.c.document_id.in_(_THESE)
)


def facts(connection: Connection, document_ids: Collection[str]) -> list[Watched]:
    """What is known of these documents, in the order of their ids."""
    if not document_ids:
        return []
    values = {"these": sorted(document_ids)}
    marks: dict[str, dict[DeadlineKind, datetime]] = {}
    for row in connection.execute(_MARKS, values):
        marks.setdefault(row.document_id, {})[DeadlineKind(row.deadline)] = row.told_at
    return [
        _view(row, marks.get(row.document_id, {})) for row in connection.execute(_WATCHED, values)
    ]


def mark_told(
    connection: Connection,
    document_id: str,
    deadline: DeadlineKind,
    *,
    last_day: date,
    at: datetime,
) -> bool:
    """True where the deadline is marked as told now; False where it had been told before."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    marked = connection.execute(
        dialect.insert(deadlines)
        .values(document_id=document_id, deadline=deadline, last_day=last_day, told_at=at)
        .on_conflict_do_nothing()
        # an insert's row count is not told by every driver
        .returning(deadlines.c.document_id)
    )
    return marked.first() is not None


def mark_met(connection: Connection, document_id: str, unmet: Collection[DeadlineKind]) -> None:
    """Of the document's reported deadlines those in ``unmet`` are due, the others are met."""
    met = deadlines.c.deadline.not_in(sorted(unmet))
    connection.execute(
        update(deadlines)
        .where(deadlines.c.document_id == document_id, deadlines.c.met != met)
        .values(met=met)
    )


def forget(connection: Connection, document_id: str) -> None:
    """That the document's deadlines were reported is the trail's alone to say from now on."""
    connection.execute(delete(deadlines).where(deadlines.c.document_id == document_id))


def unmet(
    connection: Connection,
    *,
    today: date,
    agency: str | None = None,
    since: date | None = None,
    until: date | None = None,
) -> Iterator[list[PassedDeadline]]:
    """The reported deadlines that were not met, by kind and last day, a page at a time.

    Of ``agency``, with a last day from ``since`` to ``until``, both counted. Without those of
    documents that are to be looked at by ``today``.
    """
    key = (deadlines.c.deadline, deadlines.c.last_day, deadlines.c.document_id)
    query = (
        select(deadlines.c.document_id, *_SUBJECT[1:], *_REPORTED)
        .join(documents, documents.c.document_id == deadlines.c.document_id)
        .where(~deadlines.c.met, ~_is_looked_at(today))
    )
    if agency is not None:
        query = query.where(documents.c.agency == agency)
    if since is not None:
        query = query.where(deadlines.c.last_day >= since)
    if until is not None:
        query = query.where(deadlines.c.last_day <= until)
    for page in paged(connection, query, key):
        yield [
            PassedDeadline(
                deadline=DeadlineKind(row.deadline),
                document=_subject(row),
                last_day=row.last_day,
                told_at=row.told_at,
            )
            for row in page
        ]


def count_unmet(connection: Connection, *, today: date) -> dict[DeadlineKind, int]:
    """How many reported deadlines were not met, without those of documents to be looked at."""
    counts = Counter(_counted(connection))
    counts.subtract(_counted(connection, _is_looked_at(today)))
    return {DeadlineKind(deadline): count for deadline, count in counts.items()}


def _counted(connection: Connection, *those: ColumnElement[bool]) -> dict[str, int]:
    query = (
        select(deadlines.c.deadline, func.count())
        .where(~deadlines.c.met, *those)
        .group_by(deadlines.c.deadline)
    )
    return {row.deadline: row[1] for row in connection.execute(query)}


def _is_looked_at(today: date) -> ColumnElement[bool]:
    waiting = select(watched.c.document_id).where(watched.c.look_on <= today)
    return deadlines.c.document_id.in_(waiting)


def _subject(row: Row[*tuple[Any, ...]]) -> Subject:
    named = {column.name: getattr(row, column.name) for column in _SUBJECT}
    return Subject(**{**named, "kind": DocumentKind(row.kind)})


def _view(row: Row[*tuple[Any, ...]], reported: Mapping[DeadlineKind, datetime]) -> Watched:
    return Watched(
        **vars(_subject(row)),
        issued_on=row.issued_on,
        archived_at=row.archived_at,
        sent_at=row.sent_at,
        in_force=row.in_force,
        answered=row.answered,
        served=row.served,
        ended=row.ended,
        owes=row.owes,
        data=row.data,
        reported=reported,
    )
