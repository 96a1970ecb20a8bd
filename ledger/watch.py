"""Deadlines that have passed: what the ledger holds, judged by the rules (``cases.deadlines``)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlalchemy import Connection

from cases.dates import day_in_china
from cases.deadlines import receipt_day, repayment_day, service_day
from ledger import cases, deadlines
from ledger.deadlines import Watched
from schemas.configuration import Agency, Directory
from schemas.deadlines import DeadlineKind
from schemas.documents import SERVED
from schemas.workdays import WorkCalendar


@dataclass(frozen=True, kw_only=True)
class PassedDeadline:
    """A document about which something should have been done by a day that is over."""

    deadline: DeadlineKind
    document: Watched
    #: the last day on which it would have been in time
    last_day: date


@dataclass(frozen=True, kw_only=True)
class Watch:
    """What deadlines are judged by."""

    directory: Directory
    calendar: WorkCalendar

    def passed(self, connection: Connection, now: datetime) -> list[PassedDeadline]:
        """Every deadline that has passed and was not met since, told or not."""
        today = day_in_china(now)
        return [found for found in self._watched(connection, now) if found.last_day < today]

    def count_untold(self, connection: Connection, now: datetime) -> int:
        """How many deadlines passed and were not told yet."""
        return sum(found.document.told_at is None for found in self.passed(connection, now))

    def _watched(self, connection: Connection, now: datetime) -> Iterator[PassedDeadline]:
        """Everything watched that could have passed, with its day."""
        for document in deadlines.unpaid(connection):
            day = repayment_day(document.data or {})
            if day is not None:
                yield _entry(DeadlineKind.REPAYMENT, document, day)
        # a working day takes a day at least, so no earlier letter can be late
        early = now - self._shortest(lambda agency: agency.receipt_days)
        for document in deadlines.unanswered(connection, sent_before=early):
            agency = self.directory.agency(document.agency)
            if agency is not None and document.sent_at is not None:
                day = receipt_day(document.sent_at, agency, self.calendar)
                yield _entry(DeadlineKind.RECEIPT, document, day)
        early = now - self._shortest(lambda agency: agency.service_days)
        for document in deadlines.unserved(connection, SERVED, archived_before=early):
            agency = self.directory.agency(document.agency)
            if agency is not None:
                archived, issued = document.archived_at, document.issued_on
                day = service_day(archived, issued, agency, self.calendar)
                yield _entry(DeadlineKind.SERVICE, document, day)

    def _shortest(self, days: Callable[[Agency], int]) -> timedelta:
        return timedelta(days=min(map(days, self.directory.agencies), default=0))


def outstanding(connection: Connection, entry: PassedDeadline) -> Decimal | None:
    """What the case owes (yuan), where the deadline is about money; else None."""
    if entry.deadline is not DeadlineKind.REPAYMENT:
        return None
    case = cases.load(connection, entry.document.agency, entry.document.case_no)
    return None if case is None else case.outstanding


def _entry(deadline: DeadlineKind, document: Watched, last_day: date) -> PassedDeadline:
    return PassedDeadline(deadline=deadline, document=document, last_day=last_day)
