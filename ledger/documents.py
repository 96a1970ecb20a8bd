"""Numbered documents: planned with their data frozen, shown to the rules, voided, listed."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Row,
    ScalarSelect,
    bindparam,
    insert,
    select,
    update,
)

from cases.case import CaseDocument, Receipt, Service
from cases.draft import DocumentDraft
from cases.kinds import LETTERS, read_basis
from cases.states import DOCUMENTS
from ledger import outbox, signoff
from ledger.database import Conflict
from ledger.pages import paged
from ledger.tables import documents, enclosures, inbox
from schemas.documents import (
    BANK_LETTERS,
    DocumentKind,
    DocumentNumber,
    DocumentState,
    Issuer,
    PlannedDocument,
    Recipient,
    RecipientRole,
)

# what each event and each letter asks is built once, with values apart
_OF_CASE = (
    select(documents)
    .where(
        documents.c.agency == bindparam("agency"),
        documents.c.case_no == bindparam("case_no"),
    )
    .order_by(documents.c.planned_at, documents.c.document_id)
)
_THESE: BindParameter[Any] = bindparam("these", expanding=True)
_ENCLOSED_BY = (
    select(enclosures.c.document_id, enclosures.c.enclosed_id)
    .where(enclosures.c.document_id.in_(_THESE))
    .order_by(enclosures.c.document_id, enclosures.c.place)
)


@dataclass(frozen=True, kw_only=True)
class Cause:
    """The event that called for a document."""

    inbox_seq: int
    source: str
    id: str
    #: the name of the event's handler (经办人), who drafted what it calls for; None: it names none
    handler: str | None = None


def plan(
    connection: Connection,
    document: PlannedDocument,
    draft: DocumentDraft,
    *,
    cause: Cause,
    at: datetime,
    state: DocumentState = DocumentState.PLANNED,
) -> None:
    """The numbered document waits to be produced, or in ``state`` for what comes before that.

    What it stands in for says so too; what ``draft`` refers to is document ids by now, no places.
    """
    connection.execute(
        insert(documents),
        {
            "document_id": document.document_id,
            "agency": document.agency,
            "case_no": document.case_no,
            "kind": document.kind,
            "series": document.number.series,
            "year": document.number.year,
            "seq": document.number.seq,
            "number": str(document.number),
            "issued_on": document.issued_on,
            "state": DOCUMENTS.start(state),
            "role": document.recipient.role,
            "recipient_name": document.recipient.name,
            "bank_code": document.recipient.bank_code,
            "account_number": draft.account_number,
            "data": dict(document.data),
            "inbox_seq": cause.inbox_seq,
            "issuer": document.issuer,
            "basis": draft.basis.stored(),
            "numbers": dict(draft.numbers),
            "about": draft.about,
            "waits_for": draft.waits_for,
            "replaces": draft.replaces,
            "signoff": signoff.drafted(cause.handler, at),
            "planned_at": at,
            "priority": LETTERS[document.kind].priority,
        },
    )
    if draft.encloses:
        enclosing = [
            {"document_id": document.document_id, "place": place, "enclosed_id": enclosed}
            for place, enclosed in enumerate(draft.encloses)
        ]
        connection.execute(insert(enclosures), enclosing)
    if draft.replaces is not None:
        connection.execute(
            update(documents)
            .where(documents.c.document_id == draft.replaces)
            .values(replaced_by=document.document_id)
        )


def of_case(connection: Connection, agency: str, case_no: str) -> tuple[CaseDocument, ...]:
    """Every document of the case, void ones too, in the order of their making."""
    rows = connection.execute(_OF_CASE, {"agency": agency, "case_no": case_no}).all()
    enclosed = _enclosed_by(connection, [row.document_id for row in rows])
    return tuple(view(row, enclosed.get(row.document_id, ())) for row in rows)


def enclosed(connection: Connection, document_id: str) -> list[Row[Any]]:
    """What the document lists as its attachments, in order: kind, number, pages, sealed_sha256."""
    query = (
        select(documents.c.kind, documents.c.number, documents.c.pages, documents.c.sealed_sha256)
        .join(enclosures, enclosures.c.enclosed_id == documents.c.document_id)
        .where(enclosures.c.document_id == document_id)
        .order_by(enclosures.c.place)
    )
    return list(connection.execute(query))


def enclosed_ids(connection: Connection, document_id: str) -> list[str]:
    """The ids of the documents that the document lists as its attachments, in order."""
    return list(_enclosed_by(connection, [document_id]).get(document_id, ()))


def add_receipt(connection: Connection, document_id: str, receipt: Receipt) -> None:
    """The bank's receipt stands with its letter."""
    _append(connection, document_id, "receipts", receipt.model_dump(mode="json"))


def add_service(connection: Connection, document_id: str, service: Service) -> None:
    """The service stands with its document."""
    _append(connection, document_id, "services", service.model_dump(mode="json"))


def make_void(
    connection: Connection,
    document_id: str,
    reason: str,
    approved_by: Mapping[str, str] | None,
    *,
    though_sent: bool = False,
) -> None:
    """The document is void, keeps its number, and what it has not told yet will not be told.

    Raises ``Conflict`` where the rules saw a letter that had not left (``though_sent``: that had)
    and it is otherwise by now: they decide again.
    """
    leaving = documents.c.leaving_at
    changed = connection.execute(
        update(documents)
        .where(
            documents.c.document_id == document_id,
            documents.c.state.in_(sorted(DOCUMENTS.before(DocumentState.VOID))),
            leaving.is_not(None) if though_sent else leaving.is_(None),
        )
        .values(
            state=DocumentState.VOID,
            void_reason=reason,
            void_approver=dict(approved_by) if approved_by else None,
        )
    )
    if changed.rowcount != 1:
        raise Conflict("作废之时文书正好发出", "a letter left while it was about to be voided")
    outbox.cancel(connection, document_id)


def wait_for(connection: Connection, document_id: str, other: str) -> None:
    """The document is made only after ``other``, instead of what it waited for."""
    mine = documents.c.document_id == document_id
    connection.execute(update(documents).where(mine).values(waits_for=other))


def number_of(connection: Connection, document_id: str) -> str:
    """The number of the document, which must be there."""
    query = select(documents.c.number).where(documents.c.document_id == document_id)
    return str(connection.execute(query).scalar_one())


def get(connection: Connection, name: str) -> dict[str, Any] | None:
    """The document with this number or id, with all its columns but the pinned bytes; or None."""
    row = connection.execute(_called("〔" in name), {"called": name}).first()
    return None if row is None else dict(row._mapping)  # noqa: SLF001


def numbered(
    connection: Connection, name: str, *, agency: str | None = None
) -> list[dict[str, Any]]:
    """The documents with this number or id; two agencies may have one of the same number."""
    wanted = documents.c.number if "〔" in name else documents.c.document_id
    query = _detailed().where(wanted == name).order_by(documents.c.agency)
    if agency is not None:
        query = query.where(documents.c.agency == agency)
    return [dict(row._mapping) for row in connection.execute(query)]  # noqa: SLF001


def listing(connection: Connection, **wanted: Any) -> list[dict[str, Any]]:
    """All rows of ``pages``, for those that are known to be few."""
    return [row for page in pages(connection, **wanted) for row in page]


def pages(
    connection: Connection,
    *,
    agency: str | None = None,
    series: str | None = None,
    year: int | None = None,
    case_no: str | None = None,
    states: Iterable[DocumentState] | None = None,
    limit: int | None = None,
) -> Iterator[list[dict[str, Any]]]:
    """The register's rows (发文登记簿) by agency, series, year and number, a page at a time."""
    query = _detailed()
    for column, value in (
        (documents.c.agency, agency),
        (documents.c.series, series),
        (documents.c.year, year),
        (documents.c.case_no, case_no),
    ):
        if value is not None:
            query = query.where(column == value)
    if states is not None:
        query = query.where(documents.c.state.in_(list(states)))
    key = (documents.c.agency, documents.c.series, documents.c.year, documents.c.seq)
    for page in paged(connection, query, key, limit=limit):
        yield [dict(row._mapping) for row in page]  # noqa: SLF001


def bank_codes(connection: Connection) -> list[str]:
    """The codes of all banks that letters are addressed to, sorted."""
    query = (
        select(documents.c.bank_code)
        .where(documents.c.bank_code.is_not(None))
        .distinct()
        .order_by(documents.c.bank_code)
    )
    return [str(row.bank_code) for row in connection.execute(query)]


def planned(row: Row[Any]) -> PlannedDocument:
    """The document as rendering needs it."""
    return PlannedDocument(
        document_id=row.document_id,
        kind=DocumentKind(row.kind),
        agency=row.agency,
        case_no=row.case_no,
        number=DocumentNumber(series=row.series, year=row.year, seq=row.seq),
        issued_on=row.issued_on,
        recipient=Recipient(
            role=RecipientRole(row.role), name=row.recipient_name, bank_code=row.bank_code
        ),
        data=row.data,
        issuer=Issuer(row.issuer),
    )


def is_bank_letter(kind: str) -> bool:
    """True for a kind that goes to a bank through its own queue."""
    return DocumentKind(kind) in BANK_LETTERS


@cache
def _called(by_number: bool) -> Any:  # noqa: FBT001 -- one of two statements
    wanted = documents.c.number if by_number else documents.c.document_id
    return _detailed().where(wanted == bindparam("called"))


@cache
def _detailed() -> Any:
    hidden = {"pinned", "data", "replaces", "replaced_by"}
    columns = [column for column in documents.c if column.name not in hidden]
    return select(
        *columns,
        _number_at(documents.c.replaces).label("replaces"),
        _number_at(documents.c.replaced_by).label("replaced_by"),
        inbox.c.source.label("caused_by_source"),
        inbox.c.event_id.label("caused_by_id"),
    ).join(inbox, inbox.c.seq == documents.c.inbox_seq)


def _number_at(document_id: ColumnElement[Any]) -> ScalarSelect[Any]:
    """The number of the document that a column names."""
    other = documents.alias()
    return select(other.c.number).where(other.c.document_id == document_id).scalar_subquery()


def _enclosed_by(connection: Connection, document_ids: Sequence[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    if not document_ids:
        return found
    for row in connection.execute(_ENCLOSED_BY, {"these": document_ids}):
        found[row.document_id] = (*found.get(row.document_id, ()), row.enclosed_id)
    return found


def _append(connection: Connection, document_id: str, column: str, entry: dict[str, Any]) -> None:
    mine = documents.c.document_id == document_id
    before = connection.execute(select(documents.c[column]).where(mine)).scalar_one()
    connection.execute(update(documents).where(mine).values({column: [*(before or []), entry]}))


def view(row: Row[Any], encloses: tuple[str, ...] = ()) -> CaseDocument:
    """The document as the rules see it; ``encloses`` is what it lists as its attachments."""
    return CaseDocument(
        document_id=row.document_id,
        kind=DocumentKind(row.kind),
        number=row.number,
        issued_on=row.issued_on,
        role=RecipientRole(row.role),
        recipient_name=row.recipient_name,
        bank_code=row.bank_code,
        account_number=row.account_number,
        void=row.state == DocumentState.VOID,
        # from the moment on in which it may have left, it counts as sent
        sent=row.leaving_at is not None,
        about=row.about,
        receipts=tuple(Receipt.model_validate(entry) for entry in row.receipts or ()),
        services=tuple(Service.model_validate(entry) for entry in row.services or ()),
        basis=read_basis(DocumentKind(row.kind), row.basis),
        numbers=row.numbers or {},
        encloses=encloses,
        waits_for=row.waits_for,
        sealed=row.sealed_sha256 is not None,
    )
