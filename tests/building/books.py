"""Books made by hand, without a ledger."""

from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

from books import case_ledger
from books.book import Book, BookForm, BookQuery, Row, Tongue
from books.words import WORDS
from books.writers import Writer

ALL = BookQuery()
NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
CHINESE = Tongue(language="zh", words=WORDS)
ENGLISH = Tongue(language="en", words=WORDS)


def case_row(**changes: Any) -> Row:
    """A row of the case ledger."""
    return {
        "case_no": "430111-2026-000017",
        "agency": "430111",
        "party_name": "刘德厚",
        "personal_no": "4301110017234",
        "groups": ["minimum_living_allowance"],
        "overpaid": Decimal("3465.30"),
        "recovered": Decimal("1465.30"),
        "recovered_by_channel": {"bank_transfer": Decimal("1465.30")},
        "outstanding": Decimal("2000.00"),
        "deposited": Decimal("0.00"),
        "deposits": [],
        "measures": ["stop_payment"],
        "documents": [{"number": number(1), "kind": "recovery_notice", "state": "void"}],
        "state": "open",
        "opened_on": date(2026, 3, 5),
        **changes,
    }


def number(seq: int) -> str:
    """A number of the register."""
    return f"稽（待遇）字〔2026〕第{seq}号"


def book(*rows: Row, form: BookForm = case_ledger.FORM, query: BookQuery = ALL) -> Book:
    """A book of these rows."""
    return Book(form=form, query=query, rows=rows, read_at=NOW)


def written(writer: Writer, made: Book, tongue: Tongue = CHINESE) -> bytes:
    """What ``writer`` makes of the book."""
    stream = BytesIO()
    writer.write(made, tongue, stream)
    return stream.getvalue()
