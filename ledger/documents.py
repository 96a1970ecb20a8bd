"""Numbered documents: planned with their data frozen, shown to the rules, voided, listed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from cases.case import CaseDocument, Receipt, Service
from ledger import outbox
from ledger.database import Conflict
from ledger.tables import documents, inbox
from schemas.documents import (
    BANK_LETTERS,
    DocumentDraft,
    DocumentKind,
    DocumentNumber,
    DocumentState,
    PlannedDocument,
    Recipient,
    RecipientRole,
)

#: the order of production: what stops payments first
_PRIORITY = {
    DocumentKind.STOP_PAYMENT_LETTER: 0,
    DocumentKind.STOP_WITHDRAWAL_LETTER: 1,
    DocumentKind.RELEASE_PAYMENT_LETTER: 1,
}
_PRIORITY_OF_OTHERS = 2


@dataclass(frozen=True, kw_only=True)
class Cause:
    """The event that called for a document."""

    inbox_seq: int
    source: str
    id: str


def plan(
    connection: Connection,
    document: PlannedDocument,
    draft: DocumentDraft,
    *,
    cause: Cause,
    at: datetime,
) -> None:
    """The numbered document waits to be produced."""
    connection.execute(
        insert(documents).values(
            document_id=document.document_id,
            agency=document.agency,
            case_no=document.case_no,
            kind=document.kind,
            series=document.number.series,
            year=document.number.year,
            seq=document.number.seq,
            number=str(document.number),
            issued_on=document.issued_on,
            state=DocumentState.PLANNED,
            role=document.recipient.role,
            recipient_name=document.recipient.name,
            bank_code=document.recipient.bank_code,
            account_number=draft.account_number,
            data=dict(document.data),
            inbox_seq=cause.inbox_seq,
            about=draft.about,
            waits_for=draft.waits_for,
            replaces=draft.replaces,
            planned_at=at,
            priority=_PRIORITY.get(document.kind, _PRIORITY_OF_OTHERS),
        )
    )


def of_case(connection: Connection, agency: str, case_no: str) -> tuple[CaseDocument, ...]:
    """Every document of the case, void ones too, in the order of their making."""
    query = (
        select(documents)
        .where(documents.c.agency == agency, documents.c.case_no == case_no)
        .order_by(documents.c.planned_at, documents.c.document_id)
    )
    return tuple(view(row) for row in connection.execute(query))


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
) -> None:
    """The document is void, keeps its number, and what it has not told yet will not be told.

    Raises ``Conflict`` where it is a letter that began to leave while the rules were looking:
    they decide again.
    """
    changed = connection.execute(
        update(documents)
        .where(
            documents.c.document_id == document_id,
            documents.c.state != DocumentState.VOID,
            documents.c.leaving_at.is_(None),
        )
        .values(
            state=DocumentState.VOID,
            void_reason=reason,
            void_approver=dict(approved_by) if approved_by else None,
        )
    )
    if changed.rowcount != 1:
        raise Conflict("a letter left while it was about to be voided")
    outbox.cancel(connection, document_id)


def get(connection: Connection, name: str) -> dict[str, Any] | None:
    """The document with this number or id, with all its columns but the pinned bytes; or None."""
    wanted = documents.c.number if "〔" in name else documents.c.document_id
    row = connection.execute(_detailed().where(wanted == name)).first()
    return None if row is None else dict(row._mapping)  # noqa: SLF001


def listing(
    connection: Connection,
    *,
    agency: str | None = None,
    series: str | None = None,
    year: int | None = None,
    case_no: str | None = None,
    states: Iterable[DocumentState] | None = None,
    limit: int | None = None,
) -> list[dict[str, Any]]:
    """The register's rows (发文登记簿) by agency, series, year and number."""
    query = _detailed().order_by(
        documents.c.agency, documents.c.series, documents.c.year, documents.c.seq
    )
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
    return [dict(row._mapping) for row in connection.execute(query.limit(limit))]  # noqa: SLF001


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
    )


def is_bank_letter(kind: str) -> bool:
    """True for a kind that goes to a bank through its own queue."""
    return DocumentKind(kind) in BANK_LETTERS


def _detailed() -> Any:
    columns = [column for column in documents.c if column.name not in {"pinned", "data"}]
    return select(
        *columns, inbox.c.source.label("caused_by_source"), inbox.c.event_id.label("caused_by_id")
    ).join(inbox, inbox.c.seq == documents.c.inbox_seq)


def _append(connection: Connection, document_id: str, column: str, entry: dict[str, Any]) -> None:
    mine = documents.c.document_id == document_id
    before = connection.execute(select(documents.c[column]).where(mine)).scalar_one()
    connection.execute(update(documents).where(mine).values({column: [*(before or []), entry]}))


def view(row: Row[Any]) -> CaseDocument:
    """The document as the rules see it."""
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
    )
