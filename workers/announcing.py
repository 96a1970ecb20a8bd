"""The messages that tell of documents and events, made from ledger rows (contract, "Out")."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection

from cases.money import written
from ledger import outbox
from ledger.deadlines import Subject
from ledger.inbox import InboxEvent
from schemas.codes import Problem
from schemas.configuration import Directory
from schemas.deadlines import DeadlineKind
from schemas.documents import DocumentKind
from schemas.identifiers import new_id
from schemas.messages import (
    envelope,
    recipient,
    route_document,
    route_letter,
    route_rejection,
)
from workers.clock import local

#: the document row's columns that a message tells; the row is ``ledger.documents.get``'s
Row = Mapping[str, Any]


def tell_archived(connection: Connection, row: Row, at: datetime) -> None:
    """``document.archived`` waits to leave."""
    data = {
        **_document(row),
        "recipient": recipient(row["role"], row["bank_code"]),
        "caused_by": {"source": row["caused_by_source"], "id": row["caused_by_id"]},
        "issued_on": row["issued_on"].isoformat(),
        "sealed_at": local(row["sealed_at"]).isoformat(),
        "replaces": row["replaces"],
        "sha256": row["sealed_sha256"],
        "bytes": row["size"],
        "pages": row["pages"],
        "storage_key": row["storage_key"],
        "version_id": row["version_id"],
        "certificate": row["certificate"],
        "retain_until": row["retain_until"].isoformat(),
    }
    _tell_of_document(connection, "document.archived", row, data, at)


def tell_failed(connection: Connection, row: Row, *, final: bool, at: datetime) -> None:
    """``document.failed`` waits to leave: an operator must look at the document."""
    error = row["error"]
    data = {
        **_document(row),
        "code": error["code"],
        "message": error["message"],
        "attempts": row["attempts"],
        "final": final,
    }
    _tell_of_document(connection, "document.failed", row, data, at)


def tell_voided(connection: Connection, row: Row, at: datetime) -> None:
    """``document.voided`` waits to leave."""
    data = {
        **_document(row),
        "reason": row["void_reason"],
        "approved_by": row["void_approver"],
        "replaced_by": row["replaced_by"],
    }
    _tell_of_document(connection, "document.voided", row, data, at)


def tell_deadline_passed(
    connection: Connection,
    document: Subject,
    *,
    deadline: DeadlineKind,
    last_day: date,
    outstanding: Decimal | None,
    at: datetime,
) -> None:
    """``deadline.passed`` waits to leave; ``outstanding`` (yuan) where it is about money."""
    row = {
        "document_id": document.document_id,
        "kind": document.kind.value,
        "number": document.number,
        "case_no": document.case_no,
        "agency": document.agency,
    }
    data = {
        **_document(row),
        "deadline": deadline.value,
        "last_day": last_day.isoformat(),
        "outstanding": None if outstanding is None else written(outstanding),
    }
    _tell_of_document(connection, "deadline.passed", row, data, at)


def tell_letter(
    connection: Connection, row: Row, about: Row | None, directory: Directory, at: datetime
) -> None:
    """The letter waits to leave for its bank; the bytes are put into it when it does."""
    kind = DocumentKind(row["kind"])
    reference = (
        None if about is None else {"number": about["number"], "reference": about["document_id"]}
    )
    withdraws = kind is DocumentKind.STOP_WITHDRAWAL_LETTER
    data = {
        "reference": row["document_id"],
        "kind": kind.value,
        "number": row["number"],
        "issued_on": row["issued_on"].isoformat(),
        "agency": row["agency"],
        "case_no": row["case_no"],
        "bank_code": row["bank_code"],
        "releases": reference if kind is DocumentKind.RELEASE_PAYMENT_LETTER else None,
        "withdraws": reference if withdraws else None,
        "sha256": row["sealed_sha256"],
        "bytes": row["size"],
        "pages": row["pages"],
        "content_type": "application/pdf",
    }
    bank = directory.bank_of(row["bank_code"])
    exchange, key = route_letter(bank.name if bank else None, kind)
    message = envelope(
        type="letter.withdrawn" if withdraws else "letter.issued",
        id=new_id(),
        source=f"/hanyin/{row['agency']}",
        time=local(at),
        subject=row["number"],
        data=data,
    )
    outbox.add(
        connection,
        message,
        exchange=exchange,
        routing_key=key,
        at=at,
        document_id=row["document_id"],
        carries=True,
    )


def tell_of_case(
    connection: Connection,
    *,
    type_: str,
    agency: str,
    case_no: str,
    data: Mapping[str, Any],
    cause: tuple[str, str],
    at: datetime,
) -> None:
    """News of the case waits to leave, with the event that caused it."""
    message = envelope(
        type=type_,
        id=new_id(),
        source=f"/hanyin/{agency}",
        time=local(at),
        subject=case_no,
        data={**data, "caused_by": {"source": cause[0], "id": cause[1]}}
        if type_ != "letter.refused"
        else dict(data),
    )
    exchange, key = route_document(agency, None)
    outbox.add(connection, message, exchange=exchange, routing_key=key, at=at)


def tell_rejected(
    connection: Connection,
    event: InboxEvent,
    problems: tuple[Problem, ...],
    directory: Directory,
    at: datetime,
) -> None:
    """``event.rejected`` waits to leave, to its bank's key or its source's where that is known."""
    bank = directory.bank_of_user(event.user_id)
    # a bank names what source it likes: the answer is the bank's, not that source's
    known = directory.source_of(event.source) if event.source and bank is None else None
    agency = event.agency if known and event.agency in known.agencies else None
    message = envelope(
        type="event.rejected",
        id=new_id(),
        source=f"/hanyin/{agency}" if agency else "/hanyin",
        time=local(at),
        # the case of a letter that a bank names is not the bank's to know
        subject=(None if bank else event.case_no) or event.raw_sha256,
        data={
            "event": {
                "source": event.source,
                "id": event.event_id or event.raw_sha256,
                "type": event.type,
            },
            "errors": [
                {
                    "pointer": problem.pointer,
                    "code": problem.code,
                    "message": problem.message,
                    "message_en": problem.message_en,
                }
                for problem in problems
            ],
        },
    )
    slug = f"bank.{bank.name}" if bank else known.slug if known else None
    exchange, key = route_rejection(slug)
    outbox.add(connection, message, exchange=exchange, routing_key=key, at=at)


def _document(row: Row) -> dict[str, Any]:
    return {
        "document_id": row["document_id"],
        "kind": row["kind"],
        "number": row["number"],
        "case_no": row["case_no"],
        "agency": row["agency"],
    }


def _tell_of_document(
    connection: Connection, type_: str, row: Row, data: dict[str, Any], at: datetime
) -> None:
    message = envelope(
        type=type_,
        id=new_id(),
        source=f"/hanyin/{row['agency']}",
        time=local(at),
        subject=row["case_no"],
        data=data,
    )
    exchange, key = route_document(row["agency"], row["kind"])
    outbox.add(
        connection,
        message,
        exchange=exchange,
        routing_key=key,
        at=at,
        document_id=row["document_id"],
    )
