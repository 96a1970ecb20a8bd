"""Cases with all their documents, as the case ledger (台账) and the lists of letters show them."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, select, tuple_

from cases.case import Case, CaseDocument
from ledger.documents import view
from ledger.inbox import InboxState
from ledger.tables import cases, documents, inbox
from schemas.documents import DocumentKind, DocumentState

#: what ``view`` reads, and what tells where a document stands
_COLUMNS = [column for column in documents.c if column.name not in {"pinned", "data"}]


@dataclass(frozen=True, kw_only=True)
class Holding:
    """A numbered document as a book shows it."""

    agency: str
    case_no: str
    state: DocumentState
    archived_at: datetime | None
    sent_at: datetime | None
    document: CaseDocument


@dataclass(frozen=True, kw_only=True)
class CaseFile:
    """A case and the documents of it."""

    case: Case
    opened_at: datetime
    #: void ones too, in the order of their making
    holdings: tuple[Holding, ...]


def files(
    connection: Connection,
    *,
    agency: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> list[CaseFile]:
    """The cases to which an event was applied from ``since`` to before ``until``, in order."""
    query = select(cases).where(cases.c.body.is_not(None))
    if agency is not None:
        query = query.where(cases.c.agency == agency)
    if since is not None or until is not None:
        pair = tuple_(cases.c.agency, cases.c.case_no)
        query = query.where(pair.in_(_touched(since, until)))
    rows = connection.execute(query.order_by(cases.c.agency, cases.c.case_no)).all()
    holdings = _by_case(connection, agency)
    return [
        CaseFile(
            case=Case.model_validate(row.body),
            opened_at=row.opened_at,
            holdings=tuple(holdings[row.agency, row.case_no]),
        )
        for row in rows
    ]


def in_force(
    connection: Connection, kinds: Collection[DocumentKind], *, agency: str | None = None
) -> list[Holding]:
    """The documents of ``kinds`` that are not void, in order of agency, series and number."""
    return _holdings(connection, agency, documents.c.kind.in_(sorted(kinds)))


def unanswered(connection: Connection, *, agency: str | None = None) -> list[Holding]:
    """The bank letters in force that left and that no bank has answered, in the same order."""
    left = documents.c.sent_at.is_not(None)
    return _holdings(connection, agency, left, documents.c.receipts.is_(None))


def _holdings(
    connection: Connection, agency: str | None, *wanted: ColumnElement[bool]
) -> list[Holding]:
    query = select(*_COLUMNS).where(*wanted, documents.c.state != DocumentState.VOID)
    if agency is not None:
        query = query.where(documents.c.agency == agency)
    order = (documents.c.agency, documents.c.series, documents.c.year, documents.c.seq)
    return [_holding(row) for row in connection.execute(query.order_by(*order))]


def _touched(since: datetime | None, until: datetime | None) -> Any:
    """Agency and number of the cases that an event changed in the time."""
    wanted: list[ColumnElement[bool]] = [inbox.c.state == InboxState.APPLIED]
    if since is not None:
        wanted.append(inbox.c.settled_at >= since)
    if until is not None:
        wanted.append(inbox.c.settled_at < until)
    return select(inbox.c.agency, inbox.c.case_no).where(*wanted)


def _by_case(connection: Connection, agency: str | None) -> dict[tuple[str, str], list[Holding]]:
    query = select(*_COLUMNS)
    if agency is not None:
        query = query.where(documents.c.agency == agency)
    found: dict[tuple[str, str], list[Holding]] = defaultdict(list)
    for row in connection.execute(query.order_by(documents.c.planned_at, documents.c.document_id)):
        found[row.agency, row.case_no].append(_holding(row))
    return found


def _holding(row: Row[Any]) -> Holding:
    return Holding(
        agency=row.agency,
        case_no=row.case_no,
        state=DocumentState(row.state),
        archived_at=row.archived_at,
        sent_at=row.sent_at,
        document=view(row),
    )
