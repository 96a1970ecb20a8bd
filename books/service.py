"""送达清单: the documents that are served on people, and whether they were: served, not, overdue.

Its days are those of issue. A document that is void is not in it.
"""

from datetime import date
from enum import StrEnum

from sqlalchemy import Connection

from books.book import Book, BookColumn, BookForm, BookQuery, CellType, Circumstances, Row, Tongue
from cases.case import Service
from cases.dates import day_in_china
from cases.deadlines import service_day
from cases.kinds import SERVED
from ledger import casebook
from ledger.casebook import Holding


class ServiceStatus(StrEnum):
    """Whether a document reached its recipient."""

    SERVED = "served"
    NOT_SERVED = "not_served"  # there is time, or it cannot be handed out yet
    OVERDUE = "overdue"  # the last day is over


def _received(row: Row, tongue: Tongue) -> str:
    """Who took it, and what he is to the recipient."""
    if row["received_by"] is None:
        return ""
    relation = row["relation"]
    return (
        f"{row['received_by']}{tongue.say(f'（{relation}）', f' ({relation})') if relation else ''}"
    )


def _recipient(row: Row, tongue: Tongue) -> str:
    return row["recipient_name"] or tongue.word(row["role"])


FORM = BookForm(
    name="service",
    zh="文书送达清单",
    en="Service of documents",
    columns=(
        BookColumn(key="number", zh="文号", en="number", width=30),
        BookColumn(key="kind", zh="文种", en="kind", type=CellType.CODE, width=22),
        BookColumn(key="case_no", zh="案号", en="case", width=22),
        BookColumn(key="recipient", zh="受送达人", en="recipient", width=24, tell=_recipient),
        BookColumn(key="issued_on", zh="成文日期", en="issued on", type=CellType.DATE, width=12),
        BookColumn(key="due_on", zh="送达期限", en="due on", type=CellType.DATE, width=12),
        BookColumn(key="status", zh="送达情况", en="status", type=CellType.CODE, width=12),
        BookColumn(key="served_on", zh="送达日期", en="served on", type=CellType.DATE, width=12),
        BookColumn(key="method", zh="送达方式", en="method", type=CellType.CODE, width=12),
        BookColumn(key="received_by", zh="签收人", en="received by", width=24, tell=_received),
    ),
    fields=(
        "number",
        "agency",
        "kind",
        "case_no",
        "state",
        "role",
        "recipient_name",
        "issued_on",
        "due_on",
        "status",
        "served_on",
        "method",
        "received_by",
        "relation",
        "document_id",
    ),
)


def read(connection: Connection, query: BookQuery, circumstances: Circumstances) -> Book:
    """The documents in force that were issued in the query's days."""
    held = casebook.in_force(
        connection, SERVED, agency=query.agency, since=query.since, until=query.until
    )
    rows = (_row(holding, circumstances) for holding in held)
    return Book(form=FORM, query=query, rows=rows, read_at=circumstances.now)


def _row(holding: Holding, circumstances: Circumstances) -> Row:
    document, due_on = holding.document, _due_on(holding, circumstances)
    # served more than once: the first time is when it reached its recipient
    first = min(document.services, key=lambda service: service.served_at, default=None)
    late = due_on is not None and due_on < day_in_china(circumstances.now)
    status = ServiceStatus.OVERDUE if late else ServiceStatus.NOT_SERVED
    return {
        "number": document.number,
        "agency": holding.agency,
        "kind": document.kind.value,
        "case_no": holding.case_no,
        "state": holding.state.value,
        "role": document.role.value,
        "recipient_name": document.recipient_name,
        "issued_on": document.issued_on,
        "due_on": due_on,
        "status": (status if first is None else ServiceStatus.SERVED).value,
        **_served(first),
        "document_id": document.document_id,
    }


def _served(service: Service | None) -> Row:
    if service is None:
        return {"served_on": None, "method": None, "received_by": None, "relation": None}
    return {
        "served_on": day_in_china(service.served_at),
        "method": service.method,
        "received_by": service.received_by,
        "relation": service.relation,
    }


def _due_on(holding: Holding, circumstances: Circumstances) -> date | None:
    """The last day for it; None while it cannot be handed out."""
    agency = circumstances.directory.agency(holding.agency)
    if agency is None or holding.archived_at is None:
        return None
    issued_on = holding.document.issued_on
    return service_day(holding.archived_at, issued_on, agency, circumstances.calendar)
