"""Apply: received events change their cases, draw numbers and plan documents, or are refused."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import structlog
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from cases.decision import Standing, Surroundings
from cases.ordering import sort_key
from cases.rules import decide
from ledger import cases as case_rows
from ledger import documents, inbox
from ledger.database import Conflict, Database
from ledger.documents import Cause
from ledger.inbox import InboxEvent, InboxState
from schemas.codes import Problem
from schemas.configuration import Directory
from schemas.errors import Invalid
from schemas.events import EVENT_TYPES
from schemas.parsing import ParsedEvent, parse
from workers import announcing
from workers.clock import Clock, today
from workers.effects import carry_out
from workers.permission import Speaker, speaker_of
from workers.settings import Settings

_log = structlog.get_logger(__name__)

#: received events that are looked at together; all waiting events of their cases join them.
#: Producers begin with the first of them while the next are applied
_BATCH = 8
#: events that are applied in one transaction, however many wait for a case
_MOST = 2000
#: the one event that a case can begin with
_OPENS = "overpayment.confirmed"

Pair = tuple[str | None, str | None]


@dataclass(frozen=True, kw_only=True)
class _Accepted:
    """An event that may be spoken and reads well: it can be applied or parked."""

    parsed: ParsedEvent
    speaker: Speaker


class Apply:
    """Takes the inbox's events, oldest case first, several in one transaction."""

    name = "apply"

    def __init__(
        self, *, database: Database, directory: Directory, settings: Settings, clock: Clock
    ) -> None:
        self._database = database
        self._directory = directory
        self._settings = settings
        self._clock = clock

    def step(self) -> int:
        """A batch of events is applied, parked or rejected; how many were looked at."""
        with self._database.reading() as connection:
            pairs: list[Pair] = list(inbox.waiting_cases(connection, limit=_BATCH))
        return self._take(pairs)

    def case(self, agency: str | None, case_no: str | None) -> int:
        """The received events of one case are applied, parked or rejected; how many there were."""
        return self._take([(agency, case_no)])

    def close(self) -> None:
        """Connections are given back."""
        self._database.close()

    def _take(self, pairs: list[Pair]) -> int:
        with self._database.reading() as connection:
            events = inbox.of_cases(connection, pairs, [InboxState.RECEIVED], limit=_MOST)
        if not events:
            return 0
        with self._database.writing() as connection:
            # counted and committed before the work: what kills this process is found out
            inbox.count_attempt(connection, [event.seq for event in events])
        try:
            self._apply(events)
        except Conflict:
            for alone in _by_case(events):
                self._apply(alone)
        return len(events)

    def _apply(self, events: Sequence[InboxEvent]) -> None:
        with self._database.writing() as connection:
            work = _Batch(connection, self._directory, self._settings, self._clock)
            work.run(events)


class _Batch:
    """One transaction's work: cases locked in sorted order, a savepoint an event."""

    def __init__(
        self, connection: Connection, directory: Directory, settings: Settings, clock: Clock
    ) -> None:
        self._connection = connection
        self._directory = directory
        self._settings = settings
        self._clock = clock

    def run(self, events: Sequence[InboxEvent]) -> None:
        """Every event of ``events`` that still waits is settled, or has failed once more."""
        groups = _by_case(events)
        case_rows.lock(self._connection, [pair for group in groups if (pair := self._named(group))])
        waiting = inbox.lock(self._connection, [event.seq for event in events])
        for group in _by_case(waiting):
            pair = self._named(group)
            if pair is None:
                self._settle_all(group)
            else:
                self._case(pair, group)

    def _named(self, group: Sequence[InboxEvent]) -> tuple[str, str] | None:
        """The case that a stub may be made for: of an agency of ours, with a number that fits."""
        agency, case_no = group[0].agency, group[0].case_no
        if agency is None or case_no is None or self._directory.agency(agency) is None:
            return None
        fits = 0 < len(case_no) <= case_rows.CASE_NO_LENGTH
        return (agency, case_no) if fits else None

    def _case(self, pair: tuple[str, str], received: list[InboxEvent]) -> None:
        """The case's events, in order; parked ones with them from the moment it opens."""
        rest = sorted(received, key=_place)
        if case_rows.load(self._connection, *pair) is None:
            for opener in [event for event in rest if event.type == f"hanyin.{_OPENS}.v1"]:
                rest.remove(opener)
                if self._settle(opener) is InboxState.APPLIED:
                    parked = inbox.of_cases(self._connection, [pair], [InboxState.PARKED])
                    # one that another worker parked since we read it is among both
                    each = {event.seq: event for event in (*rest, *parked)}
                    rest = sorted(each.values(), key=_place)
                    break
        self._settle_all(rest)

    def _settle_all(self, events: Sequence[InboxEvent]) -> None:
        for event in events:
            if self._settle(event) is None:
                # a defect in this event: what comes after it in its case waits with it
                return

    def _settle(self, event: InboxEvent) -> InboxState | None:
        """What became of the event; None where it failed and is tried again."""
        if event.attempts > self._settings.attempts:
            problem = Problem.of("", "processing_failed", attempts=event.attempts - 1)
            return self._reject(event, (problem,))
        try:
            with self._connection.begin_nested():
                return self._try(event)
        except Invalid as error:
            return self._reject(event, error.problems)
        except (SQLAlchemyError, Conflict):
            raise
        except Exception:  # noqa: BLE001 -- no event may hold up another case, whatever its defect
            _log.exception("an event met a defect", inbox_seq=event.seq, type=event.type)
            return None

    def _try(self, event: InboxEvent) -> InboxState:
        accepted = self._accept(event)
        taken = self._taken(event)
        if taken is not None:
            return taken
        data = accepted.parsed.event.data
        case = case_rows.load(self._connection, data.agency, data.case_no)
        if case is None and accepted.parsed.event.type != _OPENS:
            self._mark(event, InboxState.PARKED, accepted.parsed.warnings)
            return InboxState.PARKED
        agency = self._directory.agency(data.agency)
        if agency is None:
            raise Invalid([Problem.of("/data/agency", "not_found")])
        standing = Standing(
            case=case,
            documents=documents.of_case(self._connection, data.agency, data.case_no),
        )
        decision = decide(
            standing,
            accepted.parsed.event,
            Surroundings(
                agency=agency,
                today=today(self._clock),
                answering_bank=accepted.speaker.bank,
                bank_names=self._bank_names(standing),
            ),
        )
        now = self._clock()
        handler = getattr(data, "handler", None)
        cause = Cause(
            inbox_seq=event.seq,
            source=accepted.parsed.event.source,
            id=accepted.parsed.event.id,
            handler=handler.name if handler else None,
        )
        carry_out(self._connection, decision, agency=agency, cause=cause, at=now)
        self._mark(event, InboxState.APPLIED, (*accepted.parsed.warnings, *decision.warnings))
        return InboxState.APPLIED

    def _accept(self, event: InboxEvent) -> _Accepted:
        """The event reads well and its sender may say it; raises ``Invalid``."""
        speaker = speaker_of(event, self._directory)
        limit = self._settings.event_bytes
        if event.raw_size is not None:
            # its head alone might read well
            problem = Problem.of("", "too_large", size=event.raw_size, limit=limit)
            raise Invalid([problem])
        parsed = parse(event.raw, size_limit=limit, today=today(self._clock))
        return _Accepted(parsed=parsed, speaker=speaker)

    def _taken(self, event: InboxEvent) -> InboxState | None:
        """REPEATED where the same event was accepted before; raises ``Invalid`` for another."""
        if event.source is None or event.event_id is None or event.state is InboxState.PARKED:
            return None
        digest = inbox.taken_by(self._connection, event.source, event.event_id)
        if digest is None:
            return None
        if digest != event.content_sha256:
            raise Invalid([Problem.of("/id", "id_reused", id=event.event_id)])
        self._mark(event, InboxState.REPEATED, ())
        return InboxState.REPEATED

    def _bank_names(self, standing: Standing) -> dict[str, str]:
        codes = {document.bank_code for document in standing.documents if document.bank_code}
        banks = {code: self._directory.bank_of(code) for code in codes}
        return {code: bank.name for code, bank in banks.items() if bank is not None}

    def _mark(self, event: InboxEvent, state: InboxState, warnings: Sequence[Problem]) -> None:
        inbox.settle(self._connection, event.seq, state, at=self._clock(), warnings=warnings)

    def _reject(self, event: InboxEvent, problems: Sequence[Problem]) -> InboxState:
        now = self._clock()
        inbox.settle(self._connection, event.seq, InboxState.REJECTED, at=now, problems=problems)
        announcing.tell_rejected(self._connection, event, tuple(problems), self._directory, now)
        _log.info(
            "an event was rejected",
            inbox_seq=event.seq,
            # what an event calls itself may be anything; the inbox keeps it
            type=event.type if _is_known(event.type) else None,
            codes=[problem.code for problem in problems],
        )
        return InboxState.REJECTED


def _is_known(type_: str | None) -> bool:
    return type_ is not None and type_.removeprefix("hanyin.").removesuffix(".v1") in EVENT_TYPES


def _by_case(events: Sequence[InboxEvent]) -> list[list[InboxEvent]]:
    """The events by their case, cases in sorted order (the order of locks)."""
    groups: dict[Pair, list[InboxEvent]] = {}
    for event in events:
        groups.setdefault((event.agency, event.case_no), []).append(event)
    return [
        groups[pair] for pair in sorted(groups, key=lambda pair: (pair[0] or "", pair[1] or ""))
    ]


def _place(event: InboxEvent) -> tuple[datetime, str, str]:
    """Where the event stands among those of its case; what cannot be read comes first."""
    moment = event.time or datetime.min.replace(tzinfo=UTC)
    return sort_key(moment, event.source or "", event.event_id or "")
