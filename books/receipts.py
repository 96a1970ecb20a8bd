"""银行回执待收清单: letters to banks that left and were not answered, with how long that is.

Its days are those on which a letter left. A refusal is an answer; a void letter wants none.
"""

from datetime import date, datetime

from sqlalchemy import Connection

from books.book import Book, BookColumn, BookForm, BookQuery, CellType, Circumstances, Row, Tongue
from books.days import end_of, start_of
from cases.dates import day_in_china
from cases.deadlines import receipt_day
from ledger import casebook
from ledger.casebook import Holding
from schemas.numbers import masked


def _overdue(row: Row, tongue: Tongue) -> str:
    return tongue.word("overdue") if row["overdue"] else ""


FORM = BookForm(
    name="receipts",
    zh="银行回执待收清单",
    en="Bank receipts outstanding",
    columns=(
        BookColumn(key="number", zh="文号", en="number", width=30),
        BookColumn(key="kind", zh="文种", en="kind", type=CellType.CODE, width=22),
        BookColumn(key="bank_name", zh="银行", en="bank", width=40),
        BookColumn(key="account", zh="账号", en="account", width=12),
        BookColumn(key="case_no", zh="案号", en="case", width=22),
        BookColumn(key="sent_on", zh="发出日期", en="sent on", type=CellType.DATE, width=12),
        BookColumn(
            key="working_days", zh="已等工作日", en="working days", type=CellType.COUNT, width=12
        ),
        BookColumn(key="due_on", zh="回执期限", en="due on", type=CellType.DATE, width=12),
        BookColumn(key="overdue", zh="逾期", en="overdue", width=8, tell=_overdue),
    ),
    fields=(
        "number",
        "agency",
        "kind",
        "bank_code",
        "bank_name",
        "account",
        "case_no",
        "sent_on",
        "working_days",
        "due_on",
        "overdue",
        "document_id",
    ),
)


def read(connection: Connection, query: BookQuery, circumstances: Circumstances) -> Book:
    """The unanswered letters that left in the query's days, the longest waiting first."""
    held = casebook.unanswered(
        connection,
        agency=query.agency,
        since=start_of(query.since),
        until=end_of(query.until),
    )
    rows = (
        _row(holding, holding.sent_at, circumstances)
        for holding in held
        if holding.sent_at is not None
    )
    return Book(form=FORM, query=query, rows=rows, read_at=circumstances.now)


def _row(holding: Holding, sent_at: datetime, circumstances: Circumstances) -> Row:
    document, due_on = holding.document, _due_on(holding, sent_at, circumstances)
    sent_on, today = day_in_china(sent_at), day_in_china(circumstances.now)
    account = document.account_number
    return {
        "number": document.number,
        "agency": holding.agency,
        "kind": document.kind.value,
        "bank_code": document.bank_code,
        "bank_name": document.recipient_name,
        "account": None if account is None else masked(account),
        "case_no": holding.case_no,
        "sent_on": sent_on,
        "working_days": circumstances.calendar.between(sent_on, today),
        "due_on": due_on,
        "overdue": due_on is not None and due_on < today,
        "document_id": document.document_id,
    }


def _due_on(holding: Holding, sent_at: datetime, circumstances: Circumstances) -> date | None:
    agency = circumstances.directory.agency(holding.agency)
    return None if agency is None else receipt_day(sent_at, agency, circumstances.calendar)
