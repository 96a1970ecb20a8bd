"""逾期事项清单: deadlines that have passed and were not met since."""

from collections.abc import Sequence

from sqlalchemy import Connection

from books.book import Book, BookColumn, BookForm, BookQuery, CellType, Circumstances, Row
from cases.case import Case
from cases.dates import day_in_china
from ledger import cases
from ledger.deadlines import PassedDeadline
from ledger.pages import end_reading
from ledger.watch import Watch
from schemas.deadlines import DeadlineKind

FORM = BookForm(
    name="due",
    zh="逾期事项清单",
    en="Deadlines that have passed",
    columns=(
        BookColumn(key="number", zh="文号", en="number", width=30),
        BookColumn(key="kind", zh="文种", en="kind", type=CellType.CODE, width=22),
        BookColumn(key="case_no", zh="案号", en="case", width=22),
        BookColumn(key="deadline", zh="期限", en="deadline", type=CellType.CODE, width=18),
        BookColumn(key="last_day", zh="期限届满日", en="last day", type=CellType.DATE, width=12),
        BookColumn(key="days", zh="逾期天数", en="days over", type=CellType.COUNT, width=10),
        BookColumn(key="outstanding", zh="未追回", en="outstanding", type=CellType.MONEY),
        BookColumn(key="told_on", zh="通知日期", en="told on", type=CellType.DATE, width=12),
    ),
    fields=(
        "number",
        "agency",
        "kind",
        "case_no",
        "deadline",
        "last_day",
        "days",
        "outstanding",
        "told_on",
        "document_id",
    ),
)


def read(connection: Connection, query: BookQuery, circumstances: Circumstances) -> Book:
    """What is due as of now, of the query's agency, whose last day is in the query's days."""
    watch = Watch(directory=circumstances.directory, calendar=circumstances.calendar)
    passed = watch.passed(
        connection,
        circumstances.now,
        agency=query.agency,
        since=query.since,
        until=query.until,
    )
    rows = (row for page in passed for row in _rows(connection, page, circumstances))
    return Book(form=FORM, query=query, rows=rows, read_at=circumstances.now)


def _rows(
    connection: Connection, page: Sequence[PassedDeadline], circumstances: Circumstances
) -> list[Row]:
    """The page's rows, those about money with what their cases owe."""
    owing = {_case_of(entry) for entry in page if entry.deadline is DeadlineKind.REPAYMENT}
    found = cases.load_all(connection, sorted(owing)) if owing else {}
    end_reading(connection)
    return [_row(entry, found.get(_case_of(entry)), circumstances) for entry in page]


def _case_of(entry: PassedDeadline) -> tuple[str, str]:
    return entry.document.agency, entry.document.case_no


def _row(entry: PassedDeadline, case: Case | None, circumstances: Circumstances) -> Row:
    document, told_at = entry.document, entry.told_at
    owes = case if entry.deadline is DeadlineKind.REPAYMENT else None
    return {
        "number": document.number,
        "agency": document.agency,
        "kind": document.kind.value,
        "case_no": document.case_no,
        "deadline": entry.deadline.value,
        "last_day": entry.last_day,
        "days": (day_in_china(circumstances.now) - entry.last_day).days,
        "outstanding": owes.outstanding if owes else None,
        "told_on": None if told_at is None else day_in_china(told_at),
        "document_id": document.document_id,
    }
