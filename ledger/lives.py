"""What the trail says of each document's life, beside its row: where they disagree, by name.

A row can be rewritten; what happened to it was written down beside it, when it happened, in the
same transaction. Whoever rewrites the one has to rewrite the other, entry by entry.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, select

from ledger import trail
from ledger.tables import documents
from ledger.tables import trail as entries
from schemas.documents import DocumentState, PlannedDocument


class LifeAction(StrEnum):
    """What the trail notes of a document, in the transaction in which it happens."""

    PLANNED = "document_planned"
    APPROVED = "document_approved"
    FAILED = "document_failed"
    RETRIED = "document_retried"
    ARCHIVED = "document_archived"
    VOIDED = "document_voided"
    SENT = "letter_sent"
    ANSWERED = "receipt_recorded"
    #: an operator looked at what the trail did not explain, and let it stand
    ACCEPTED = "document_accepted"


class Disagreement(StrEnum):
    """In what a document's row is not what the trail says."""

    UNKNOWN = "unplanned"  # the trail never saw it planned
    GONE = "document_gone"  # it was planned, and there is no row
    AGENCY = "agency"
    CASE = "case_no"
    NUMBER = "number"
    KIND = "kind"
    DATE = "issued_on"
    RECIPIENT = "recipient"
    VOID = "void"
    STATE = "state"
    DIGEST = "digest"
    SENT = "sent"
    RECEIPTS = "receipts"


@dataclass(frozen=True, kw_only=True)
class Unexplained:
    """A document that the trail does not explain."""

    document_id: str
    number: str
    agency: str
    differs: tuple[Disagreement, ...]


@dataclass(frozen=True, kw_only=True)
class _Life:
    """A document as its row, or as the trail, has it."""

    agency: str
    case_no: str
    number: str
    kind: str
    issued_on: str
    #: digest of whom it goes to
    to: str
    state: str
    sha256: str | None = None
    sent: bool = False
    receipts: int = 0


#: action → what it changes
_CHANGES: dict[LifeAction, dict[str, Any]] = {
    LifeAction.APPROVED: {"state": DocumentState.PLANNED.value},
    LifeAction.RETRIED: {"state": DocumentState.PLANNED.value},
    LifeAction.FAILED: {"state": DocumentState.FAILED.value},
    LifeAction.ARCHIVED: {"state": DocumentState.ARCHIVED.value},
    LifeAction.VOIDED: {"state": DocumentState.VOID.value},
    LifeAction.SENT: {"sent": True},
}
#: states that the trail does not tell apart: work goes on in them
_SAME: dict[str, str] = {
    DocumentState.PINNED: DocumentState.PLANNED.value,
    DocumentState.ANNOUNCED: DocumentState.ARCHIVED.value,
}


def planned(document: PlannedDocument, account_number: str | None, state: str) -> dict[str, Any]:
    """What the trail keeps of a document that is planned: codes and a digest, no name."""
    recipient = document.recipient
    return {
        "agency": document.agency,
        "case_no": document.case_no,
        "number": str(document.number),
        "kind": document.kind.value,
        "issued_on": document.issued_on.isoformat(),
        "to": _digest(
            document.document_id,
            recipient.role,
            recipient.name,
            recipient.bank_code,
            account_number,
        ),
        "state": DocumentState(state).value,
    }


def unexplained(
    connection: Connection, *, agency: str | None = None, year: int | None = None
) -> list[Unexplained]:
    """Every document whose row is not what the trail says, in the order of their ids.

    ``connection`` must see one moment (``Database.snapshot``). Documents from before the trail
    told of documents are left out.
    """
    told = dict(_told(connection))
    begun = connection.execute(
        select(func.min(entries.c.at)).where(entries.c.action == LifeAction.PLANNED)
    ).scalar()
    found = []
    rows = connection.execute(select(*_COLUMNS).order_by(documents.c.document_id))
    for row in rows:
        life = told.pop(row.document_id, None)
        mine = agency in {None, row.agency} and year in {None, row.year}
        if mine and (differs := tuple(_differences(row, life, begun))):
            found.append(
                Unexplained(
                    document_id=row.document_id,
                    number=row.number,
                    agency=row.agency,
                    differs=differs,
                )
            )
    return found + [
        Unexplained(
            document_id=document_id,
            number=life.number,
            agency=life.agency,
            differs=(Disagreement.GONE,),
        )
        for document_id, life in sorted(told.items())
        if agency in {None, life.agency}
    ]


def accept(connection: Connection, found: Iterable[Unexplained], *, at: datetime) -> int:
    """The documents stand as they are, and the trail says so with an alarm; how many.

    One whose row is gone cannot be accepted.
    """
    ids = [each.document_id for each in found if Disagreement.GONE not in each.differs]
    rows = connection.execute(select(*_COLUMNS).where(documents.c.document_id.in_(ids))).all()
    for row in rows:
        trail.note(
            connection,
            at=at,
            actor="operator",
            action=LifeAction.ACCEPTED,
            subject=row.document_id,
            details=_as_details(_of_row(row)),
            alarm=True,
        )
    return len(rows)


_COLUMNS: list[ColumnElement[Any]] = [
    column for column in documents.c if column.name not in {"pinned", "data", "basis", "numbers"}
]


def _told(connection: Connection) -> Iterator[tuple[str, _Life]]:
    """Document id → its life by the trail, of those that it saw planned or accepted."""
    query = (
        select(entries.c.subject, entries.c.action, entries.c.details)
        .where(entries.c.action.in_([action.value for action in LifeAction]))
        .order_by(entries.c.seq)
    )
    lives: dict[str, _Life] = {}
    for subject, action, details in connection.execute(query):
        if action in {LifeAction.PLANNED, LifeAction.ACCEPTED}:
            lives[subject] = _from_details(details)
        elif subject in lives:
            lives[subject] = _lived(lives[subject], LifeAction(action), details or {})
    yield from lives.items()


def _lived(life: _Life, action: LifeAction, details: Mapping[str, Any]) -> _Life:
    if action is LifeAction.ANSWERED:
        return replace(life, receipts=life.receipts + 1)
    changes: dict[str, Any] = dict(_CHANGES[action])
    if action is LifeAction.ARCHIVED:
        changes["sha256"] = details.get("sha256")
    if life.state == DocumentState.VOID:
        # one that was voided after it was sealed is stored, and stays void
        changes.pop("state", None)
    return replace(life, **changes)


def _differences(
    row: Row[Any], told: _Life | None, begun: datetime | None
) -> Iterator[Disagreement]:
    if told is None:
        if begun is not None and row.planned_at >= begun:
            yield Disagreement.UNKNOWN
        return
    mine = _of_row(row)
    for name, kind in (
        ("agency", Disagreement.AGENCY),
        ("case_no", Disagreement.CASE),
        ("number", Disagreement.NUMBER),
        ("kind", Disagreement.KIND),
        ("issued_on", Disagreement.DATE),
        ("to", Disagreement.RECIPIENT),
        ("sent", Disagreement.SENT),
        ("receipts", Disagreement.RECEIPTS),
    ):
        if getattr(mine, name) != getattr(told, name):
            yield kind
    if mine.state != told.state:
        void = DocumentState.VOID in {mine.state, told.state}
        yield Disagreement.VOID if void else Disagreement.STATE
    # what is sealed and not stored yet is not told yet
    if told.sha256 is not None and told.sha256 != mine.sha256:
        yield Disagreement.DIGEST


def _of_row(row: Row[Any]) -> _Life:
    return _Life(
        agency=row.agency,
        case_no=row.case_no,
        number=row.number,
        kind=row.kind,
        issued_on=row.issued_on.isoformat(),
        to=_digest(
            row.document_id, row.role, row.recipient_name, row.bank_code, row.account_number
        ),
        state=_SAME.get(row.state, row.state),
        sha256=row.sealed_sha256,
        sent=row.sent_at is not None,
        receipts=len(row.receipts or ()),
    )


def _as_details(life: _Life) -> dict[str, Any]:
    return dict(life.__dict__)


def _from_details(details: Mapping[str, Any]) -> _Life:
    return _Life(**details)


def _digest(*parts: str | None) -> str:
    """SHA-256 of whom a document goes to; its id is among it, so equal names look different."""
    return hashlib.sha256("\x1f".join(part or "" for part in parts).encode()).hexdigest()
