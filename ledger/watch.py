"""Deadlines that have passed: what the ledger holds, judged by the rules (``cases.deadlines``)."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlalchemy import Connection

from cases.dates import day_in_china
from cases.deadlines import receipt_day, repayment_day, service_day
from cases.kinds import SERVED
from ledger import cases, deadlines, watched
from ledger.deadlines import PassedDeadline, Watched
from schemas.configuration import Directory
from schemas.deadlines import DeadlineKind
from schemas.documents import DocumentKind
from schemas.workdays import WorkCalendar

#: documents that are looked at together
BATCH = 200


@dataclass(frozen=True, kw_only=True)
class Look:
    """What a look at a document has shown."""

    document: Watched
    #: what should have been done by a day that is over, reported or not
    passed: tuple[PassedDeadline, ...]
    #: when it is to be looked at again; None where no deadline runs
    next_day: date | None

    @property
    def unreported(self) -> tuple[PassedDeadline, ...]:
        """The passed deadlines that were not reported."""
        return tuple(each for each in self.passed if each.told_at is None)


@dataclass(frozen=True, kw_only=True)
class Watch:
    """What deadlines are judged by."""

    directory: Directory
    calendar: WorkCalendar

    def passed(
        self,
        connection: Connection,
        now: datetime,
        *,
        agency: str | None = None,
        since: date | None = None,
        until: date | None = None,
    ) -> Iterator[list[PassedDeadline]]:
        """Every deadline that has passed and was not met since, reported or not, in pages.

        Of ``agency``, with a last day from ``since`` to ``until``, both counted. What is to be
        looked at first, then the others in the order of ``deadlines.unmet``.
        """
        today = day_in_china(now)
        for ids in watched.due_pages(connection, today=today):
            yield [
                entry
                for look in self.look(connection, ids, now)
                for entry in look.passed
                if agency in {None, entry.document.agency}
                and (since or date.min) <= entry.last_day <= (until or date.max)
            ]
        yield from deadlines.unmet(connection, today=today, agency=agency, since=since, until=until)

    def count(self, connection: Connection, now: datetime) -> dict[DeadlineKind, int]:
        """How many there are of them, by kind; counted by the database but for what is new."""
        counts = Counter(deadlines.count_unmet(connection, today=day_in_china(now)))
        for look in self._waiting(connection, now):
            counts.update(each.deadline for each in look.passed)
        return {deadline: counts[deadline] for deadline in DeadlineKind}

    def count_untold(self, connection: Connection, now: datetime) -> int:
        """How many deadlines passed and were not told yet."""
        return sum(len(look.unreported) for look in self._waiting(connection, now))

    def look(self, connection: Connection, ids: list[str], now: datetime) -> list[Look]:
        """What stands with these documents now, in the order of their ids."""
        return [self._look(each, now) for each in deadlines.facts(connection, ids)]

    def _waiting(self, connection: Connection, now: datetime) -> Iterator[Look]:
        """A look at every document that is to be looked at."""
        for ids in watched.due_pages(connection, today=day_in_china(now)):
            yield from self.look(connection, ids, now)

    def _look(self, document: Watched, now: datetime) -> Look:
        today = day_in_china(now)
        running = dict(self._running(document))
        return Look(
            document=document,
            passed=tuple(
                PassedDeadline(
                    deadline=deadline,
                    document=document,
                    last_day=day,
                    told_at=document.reported.get(deadline),
                )
                for deadline, day in running.items()
                if day < today
            ),
            next_day=min(
                (day + timedelta(days=1) for day in running.values() if day >= today), default=None
            ),
        )

    def _running(self, document: Watched) -> Iterator[tuple[DeadlineKind, date]]:
        """The deadlines that were not met, each with its last day."""
        if not document.in_force:
            return
        if document.kind is DocumentKind.AUDIT_OPINION and document.owes:
            day = repayment_day(document.data or {})
            if day is not None:
                yield DeadlineKind.REPAYMENT, day
        agency = self.directory.agency(document.agency)
        if agency is None:
            return
        waits = document.kind is DocumentKind.STOP_PAYMENT_LETTER and not document.ended
        if waits and document.sent_at is not None and not document.answered:
            yield DeadlineKind.RECEIPT, receipt_day(document.sent_at, agency, self.calendar)
        if document.kind in SERVED and document.archived_at is not None and not document.served:
            archived, issued = document.archived_at, document.issued_on
            yield DeadlineKind.SERVICE, service_day(archived, issued, agency, self.calendar)


def outstanding(connection: Connection, entry: PassedDeadline) -> Decimal | None:
    """What the case owes (yuan), where the deadline is about money; else None."""
    if entry.deadline is not DeadlineKind.REPAYMENT:
        return None
    case = cases.load(connection, entry.document.agency, entry.document.case_no)
    return None if case is None else case.outstanding
