"""Books made by hand, without a ledger."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from books import case_ledger
from books.book import Book, BookForm, BookQuery, Row, Tongue
from books.words import WORDS

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


def book(*rows: Row, form: BookForm = case_ledger.FORM, totals: Row | None = None) -> Book:
    """A book of these rows."""
    sums = {
        "overpaid": Decimal("3465.30"),
        "recovered": Decimal("1465.30"),
        "outstanding": Decimal("2000.00"),
        "deposited": Decimal("0.00"),
        "recovered_by_channel": {"bank_transfer": Decimal("1465.30")},
    }
    return Book(form=form, query=BookQuery(), rows=rows, totals=totals or sums, read_at=NOW)
