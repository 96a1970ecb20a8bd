"""Documents whose deadline is watched, and which deadlines were told: once each.

A query here gives what is still to be done; whether its day is over is for the rules to say
(``cases.deadlines``), which know the agency and the calendar.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, exists, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from cases.case import CaseState
from ledger.tables import cases, deadlines, documents
from schemas.deadlines import DeadlineKind
from schemas.documents import DocumentKind, DocumentState

#: states of a document that can be handed out
_READY = [DocumentState.ARCHIVED, DocumentState.ANNOUNCED]


@dataclass(frozen=True, kw_only=True)
class Watched:
    """A document about which something is still to be done."""

    document_id: str
    agency: str
    case_no: str
    kind: DocumentKind
    number: str
    issued_on: date
    archived_at: datetime
    sent_at: datetime | None
    #: what an audit opinion prints; None of any other kind
    data: Mapping[str, Any] | None = field(repr=False)
    #: when the deadline was told to have passed; None while it was not
    told_at: datetime | None


def unpaid(connection: Connection) -> list[Watched]:
    """The audit opinions in force of cases that owe something."""
    owes = exists().where(
        cases.c.agency == documents.c.agency,
        cases.c.case_no == documents.c.case_no,
        cases.c.state == CaseState.OPEN,
    )
    opinion = documents.c.kind == DocumentKind.AUDIT_OPINION
    return _watched(connection, DeadlineKind.REPAYMENT, opinion, owes)


def unanswered(connection: Connection, *, sent_before: datetime) -> list[Watched]:
    """The stop letters in force that left before then, and that no bank has answered."""
    end = documents.alias("end")
    ended = exists().where(
        end.c.about == documents.c.document_id,
        # as the rules see it (``CaseDocument.tells_the_bank``)
        or_(end.c.state != DocumentState.VOID, end.c.leaving_at.is_not(None)),
    )
    return _watched(
        connection,
        DeadlineKind.RECEIPT,
        documents.c.kind == DocumentKind.STOP_PAYMENT_LETTER,
        documents.c.sent_at < sent_before,
        documents.c.receipts.is_(None),
        ~ended,
    )


def unserved(
    connection: Connection, kinds: Collection[DocumentKind], *, archived_before: datetime
) -> list[Watched]:
    """The documents of ``kinds`` in force, archived before then, that nobody was served with."""
    return _watched(
        connection,
        DeadlineKind.SERVICE,
        documents.c.kind.in_(sorted(kinds)),
        documents.c.archived_at < archived_before,
        documents.c.services.is_(None),
    )


def lock(connection: Connection, document_ids: Collection[str]) -> set[str]:
    """Those of the documents that nobody else works on, locked in sorted order."""
    query = (
        select(documents.c.document_id)
        .where(documents.c.document_id.in_(document_ids))
        .order_by(documents.c.document_id)
        .with_for_update(skip_locked=True)
    )
    return set(connection.execute(query).scalars())


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


def _watched(
    connection: Connection, deadline: DeadlineKind, *wanted: ColumnElement[bool]
) -> list[Watched]:
    told = (deadlines.c.document_id == documents.c.document_id) & (deadlines.c.deadline == deadline)
    names = ("document_id", "agency", "case_no", "kind", "number", "issued_on", "archived_at")
    columns = [documents.c[name] for name in (*names, "sent_at")]
    if deadline is DeadlineKind.REPAYMENT:
        columns.append(documents.c.data)
    query = (
        select(*columns, deadlines.c.told_at)
        .select_from(documents.outerjoin(deadlines, told))
        .where(*wanted, documents.c.state.in_(_READY), documents.c.archived_at.is_not(None))
        .order_by(documents.c.agency, documents.c.planned_at, documents.c.document_id)
    )
    return [_view(row) for row in connection.execute(query)]


def _view(row: Row[*tuple[Any, ...]]) -> Watched:
    told = dict(row._mapping)  # noqa: SLF001 -- the documented way to a row's columns
    return Watched(**{"data": None, **told, "kind": DocumentKind(row.kind)})
