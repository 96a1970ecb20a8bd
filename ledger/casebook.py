"""Cases with all their documents, as the case ledger (台账) and the lists of letters show them."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, exists, select

from cases.case import Case, CaseDocument
from cases.states import EventState
from ledger.cases import are_of
from ledger.documents import view
from ledger.pages import end_reading, paged
from ledger.tables import cases, documents, inbox
from schemas.documents import DocumentKind, DocumentState

#: what ``view`` reads, and what tells where a document stands
_COLUMNS = [column for column in documents.c if column.name not in {"pinned", "data"}]
#: the order of the register
_IN_ORDER = (documents.c.agency, documents.c.series, documents.c.year, documents.c.seq)


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
) -> Iterator[CaseFile]:
    """The cases to which an event was applied from ``since`` to before ``until``, in order."""
    query = select(cases).where(cases.c.body.is_not(None))
    if agency is not None:
        query = query.where(cases.c.agency == agency)
    if since is not None or until is not None:
        query = query.where(_was_touched(since, until))
    for page in paged(connection, query, (cases.c.agency, cases.c.case_no)):
        holdings = _by_case(connection, [(row.agency, row.case_no) for row in page])
        end_reading(connection)
        for row in page:
            yield CaseFile(
                case=Case.model_validate(row.body),
                opened_at=row.opened_at,
                holdings=tuple(holdings[row.agency, row.case_no]),
            )


def in_force(
    connection: Connection,
    kinds: Collection[DocumentKind],
    *,
    agency: str | None = None,
    since: date | None = None,
    until: date | None = None,
) -> Iterator[Holding]:
    """The documents of ``kinds`` that are not void, in order of agency, series and number.

    Those issued from ``since`` to ``until``, both counted.
    """
    wanted: list[ColumnElement[bool]] = [documents.c.kind.in_(sorted(kinds))]
    if since is not None:
        wanted.append(documents.c.issued_on >= since)
    if until is not None:
        wanted.append(documents.c.issued_on <= until)
    return _holdings(connection, agency, wanted, _IN_ORDER)


def unanswered(
    connection: Connection,
    *,
    agency: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Iterator[Holding]:
    """The bank letters in force that left and that no bank has answered, the earliest first.

    Those that left from ``since`` to before ``until``.
    """
    wanted: list[ColumnElement[bool]] = [
        documents.c.sent_at.is_not(None),
        documents.c.receipts.is_(None),
    ]
    if since is not None:
        wanted.append(documents.c.sent_at >= since)
    if until is not None:
        wanted.append(documents.c.sent_at < until)
    key = (documents.c.sent_at, *_IN_ORDER)
    return _holdings(connection, agency, wanted, key)


def _holdings(
    connection: Connection,
    agency: str | None,
    wanted: Sequence[ColumnElement[bool]],
    key: Sequence[ColumnElement[Any]],
) -> Iterator[Holding]:
    query = select(*_COLUMNS).where(*wanted, documents.c.state != DocumentState.VOID)
    if agency is not None:
        query = query.where(documents.c.agency == agency)
    for page in paged(connection, query, key):
        yield from map(_holding, page)


def _was_touched(since: datetime | None, until: datetime | None) -> ColumnElement[bool]:
    """Whether an event changed the case in the time; asked of each case, not of all events."""
    wanted: list[ColumnElement[bool]] = [
        inbox.c.agency == cases.c.agency,
        inbox.c.case_no == cases.c.case_no,
        inbox.c.state == EventState.APPLIED,
    ]
    if since is not None:
        wanted.append(inbox.c.settled_at >= since)
    if until is not None:
        wanted.append(inbox.c.settled_at < until)
    return exists().where(*wanted)


def _by_case(
    connection: Connection, pairs: Sequence[tuple[str, str]]
) -> dict[tuple[str, str], list[Holding]]:
    """The documents of these cases."""
    query = select(*_COLUMNS).where(are_of(documents, pairs))
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
