"""Verdicts held against the ledger."""

from collections.abc import Callable

from ledger.database import Database
from ledger.records import records_of
from signing.record import compared
from signing.verdict import Verdict, Word


def against(database: Database) -> Callable[[Verdict], Verdict]:
    """What the ledger makes of a verdict."""

    def check(verdict: Verdict) -> Verdict:
        if verdict.word is not Word.GENUINE:
            return verdict
        with database.reading() as connection:
            return compared(verdict, records_of(connection, verdict.number or ""))

    return check
