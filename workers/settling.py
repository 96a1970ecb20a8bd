"""What becomes of events: each is applied, parked or rejected, in the caller's transaction."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

import structlog
from sqlalchemy import Connection

from cases.decision import Standing, Surroundings
from cases.rules import decide
from cases.states import EventState
from ledger import cases as case_rows
from ledger import documents, inbox
from ledger.database import Unstorable, savepoint
from ledger.documents import Cause
from ledger.inbox import InboxEvent
from schemas import limits
from schemas.case_numbers import case_no_problem
from schemas.codes import Problem
from schemas.configuration import Directory
from schemas.errors import Invalid, Unavailable
from schemas.events import EVENT_TYPES
from workers import announcing
from workers.admitting import Accepted, Admission
from workers.clock import Clock, today
from workers.effects import carry_out
from workers.quotas import Quotas
from workers.settings import Settings

_log = structlog.get_logger(__name__)

#: events that are settled in one transaction, however many wait for a case
CHUNK = 200
#: bytes that are kept of an event whose speaker has sent too much
_HEAD = 4096
#: the one event that a case can begin with
_OPENS = "overpayment.confirmed"

Pair = tuple[str | None, str | None]
#: events of one case, in the order in which they are applied
Group = list[InboxEvent]


class Settling:
    """One transaction's work: cases locked in sorted order, a savepoint an event."""

    def __init__(
        self, connection: Connection, directory: Directory, settings: Settings, clock: Clock
    ) -> None:
        self._connection = connection
        self._directory = directory
        self._settings = settings
        self._clock = clock
        self._quotas = Quotas(connection, directory, settings, clock)
        self._admission = Admission(connection, directory, settings, clock)

    def run(self, events: Iterable[InboxEvent]) -> None:
        """Every event of ``events`` that still waits is settled, or is left for a work alone."""
        for group in self._locked(events):
            pair = self._named(group[0])
            if pair is None:
                self._settle_all(group)
            else:
                self._case(pair, group)
        self._quotas.write()

    def expire(self, events: Iterable[InboxEvent]) -> int:
        """Those of ``events`` whose case has not opened are rejected; how many."""
        days = self._settings.parked_days
        problem = Problem.of("", "parked_expired", days=days)
        expired = [
            event
            for group in self._locked(events)
            for event in group
            if event.state is EventState.PARKED and not self._is_open(event)
        ]
        for event in expired:
            self._give_up(event, problem)
        return len(expired)

    def alone(self, event: InboxEvent) -> bool:
        """Whether ``event`` is settled, here or by another worker meanwhile."""
        for group in self._locked([event]):
            pair = self._named(group[0])
            for locked in group:
                state = self._settle(locked)
                if state is None:
                    return False
                if pair is not None and state is EventState.APPLIED and _opens(locked):
                    self._let_parked_follow(pair)
        self._quotas.write()
        return True

    def _locked(self, events: Iterable[InboxEvent]) -> list[Group]:
        """Those that still wait, locked, by their case; the cases are locked before them."""
        given = list(events)
        pairs = [pair for event in given if (pair := self._named(event)) is not None]
        case_rows.lock(self._connection, pairs)
        return by_case(inbox.lock(self._connection, [event.seq for event in given]))

    def _named(self, event: InboxEvent) -> tuple[str, str] | None:
        """The case that a stub may be made for: of an agency of ours, with a number that fits."""
        agency, case_no = event.agency, event.case_no
        if agency is None or case_no is None or self._directory.agency(agency) is None:
            return None
        return (agency, case_no) if len(case_no) <= limits.CASE_NO else None

    def _is_open(self, event: InboxEvent) -> bool:
        pair = self._named(event)
        return pair is not None and case_rows.is_open(self._connection, *pair)

    def _case(self, pair: tuple[str, str], received: Group) -> None:
        """The case's events, in order; parked ones with them from the moment it opens."""
        rest = received
        if not case_rows.is_open(self._connection, *pair):
            for opener in filter(_opens, received):
                rest = [event for event in rest if event is not opener]
                if self._settle(opener) is EventState.APPLIED:
                    rest = self._joined(pair, rest)
                    break
        self._settle_all(rest)

    def _joined(self, pair: tuple[str, str], rest: Group) -> Group:
        """``rest`` and what was parked for the case, which has just opened.

        Where that is too much for one transaction, both wait for their turn in others.
        """
        parked = inbox.in_order(self._connection, pair, EventState.PARKED, limit=CHUNK)
        if len(parked) == CHUNK:
            case_rows.set_parked_due(self._connection, *pair, due=True)
            return rest
        # one that another worker parked since we read it is among both
        each = {event.seq: event for event in (*rest, *parked)}
        return sorted(each.values(), key=_place)

    def _let_parked_follow(self, pair: tuple[str, str]) -> None:
        """What was parked for the case, which has just opened, has its turns from now on."""
        if inbox.in_order(self._connection, pair, EventState.PARKED, limit=1):
            case_rows.set_parked_due(self._connection, *pair, due=True)

    def _settle_all(self, events: Sequence[InboxEvent]) -> None:
        for event in events:
            if self._settle(event) is None:
                # a defect in this event: what comes after it in its case waits with it
                return

    def _settle(self, event: InboxEvent) -> EventState | None:
        """What became of the event; None where it failed and is tried again."""
        state = self._state_of(event)
        if state is not None:
            self._quotas.count(event, self._named(event), state)
        return state

    def _state_of(self, event: InboxEvent) -> EventState | None:
        if event.attempts > self._settings.attempts:
            problem = Problem.of("", "processing_failed", attempts=event.attempts - 1)
            return self._give_up(event, problem)
        try:
            with savepoint(self._connection):
                return self._try(event)
        except Invalid as error:
            problems = error.problems
        except Unstorable as error:
            problems = (Problem.of("", "not_storable", reason=error.reason),)
        except Unavailable:
            raise
        except Exception:  # noqa: BLE001 -- whatever its defect, it holds up no other event
            _log.exception("an event met a defect", inbox_seq=event.seq)
            return None
        return self._reject(event, problems)

    def _give_up(self, event: InboxEvent, problem: Problem) -> EventState:
        """Rejected, with an answer; without one where even that meets its defect."""
        try:
            with savepoint(self._connection):
                return self._reject(event, (problem,))
        except Unavailable:
            raise
        except Exception:  # noqa: BLE001 -- whatever its defect, it holds up no other event
            _log.exception("a rejection could not be announced", inbox_seq=event.seq)
            return self._mark(event, EventState.REJECTED, problems=(problem,))

    def _try(self, event: InboxEvent) -> EventState:
        exceeded = self._quotas.exceeded(event, self._named(event))
        if exceeded is not None:
            return self._refuse(event, exceeded)
        accepted = self._admission.accept(event)
        if self._admission.repeats(event, accepted.speaker):
            return self._mark(event, EventState.REPEATED)
        parsed = accepted.parsed
        data = parsed.event.data
        case, queued = case_rows.load_queued(self._connection, data.agency, data.case_no)
        # what was parked for the open case is applied before what comes now, or with it
        waits = queued and event.state is EventState.RECEIVED
        if case is None and not _opens(event):
            # no case of such a number opens any more
            problem = case_no_problem(data.case_no)
            if problem is not None:
                raise Invalid([problem])
            self._quotas.require_room(event, self._named(event))
            waits = True
        if waits:
            return self._accepted(event, EventState.PARKED, accepted, parsed.warnings)
        agency = self._directory.agency(data.agency)
        if agency is None:
            raise Invalid([Problem.of("/data/agency", "not_found")])
        standing = Standing(
            case=case,
            documents=documents.of_case(self._connection, data.agency, data.case_no),
        )
        decision = decide(
            standing,
            parsed.event,
            Surroundings(
                agency=agency,
                today=today(self._clock),
                answering_bank=accepted.speaker.bank,
                bank_names=self._bank_names(standing),
            ),
        )
        handler = getattr(data, "handler", None)
        cause = Cause(
            inbox_seq=event.seq,
            source=parsed.event.source,
            id=parsed.event.id,
            handler=handler.name if handler else None,
        )
        carry_out(self._connection, decision, agency=agency, cause=cause, at=self._clock())
        warnings = (*parsed.warnings, *decision.warnings)
        return self._accepted(event, EventState.APPLIED, accepted, warnings)

    def _refuse(self, event: InboxEvent, why: Problem) -> EventState:
        """Without a look at what it says, unless it was accepted before: then it is a repeat."""
        if self._admission.repeats(event, self._admission.speaker(event)):
            return self._mark(event, EventState.REPEATED)
        raise Invalid([why])

    def _bank_names(self, standing: Standing) -> dict[str, str]:
        codes = {document.bank_code for document in standing.documents if document.bank_code}
        banks = {code: self._directory.bank_of(code) for code in codes}
        return {code: bank.name for code, bank in banks.items() if bank is not None}

    def _accepted(
        self,
        event: InboxEvent,
        state: EventState,
        accepted: Accepted,
        warnings: Sequence[Problem],
    ) -> EventState:
        """Applied or parked: its id is taken from now on."""
        return self._mark(event, state, warnings=warnings, speaker=accepted.speaker.space)

    def _mark(
        self,
        event: InboxEvent,
        state: EventState,
        *,
        warnings: Sequence[Problem] = (),
        problems: Sequence[Problem] = (),
        speaker: str = "",
    ) -> EventState:
        inbox.settle(
            self._connection,
            event.seq,
            state,
            at=self._clock(),
            problems=problems,
            warnings=warnings,
            speaker=speaker,
        )
        return state

    def _reject(self, event: InboxEvent, problems: Sequence[Problem]) -> EventState:
        state = self._mark(event, EventState.REJECTED, problems=problems)
        if any(problem.code == "quota_bytes" for problem in problems):
            inbox.keep_head(self._connection, event, length=_HEAD)
        announcing.tell_rejected(
            self._connection, event, tuple(problems), self._directory, self._clock()
        )
        _log.info(
            "an event was rejected",
            inbox_seq=event.seq,
            # what an event calls itself may be anything; the inbox keeps it
            type=event.type if _is_known(event.type) else None,
            codes=[problem.code for problem in problems],
        )
        return state


def by_case(events: Iterable[InboxEvent]) -> list[Group]:
    """The events by their case, cases in sorted order (the order of locks).

    Those of a case stand in the order of their application, what may open it first.
    """
    groups: dict[Pair, Group] = {}
    for event in events:
        groups.setdefault((event.agency, event.case_no), []).append(event)
    return [
        sorted(groups[pair], key=lambda event: (not _opens(event), _place(event)))
        for pair in sorted(groups, key=lambda pair: (pair[0] or "", pair[1] or ""))
    ]


def _opens(event: InboxEvent) -> bool:
    return event.type == f"hanyin.{_OPENS}.v1"


def _is_known(type_: str | None) -> bool:
    return type_ is not None and type_.removeprefix("hanyin.").removesuffix(".v1") in EVENT_TYPES


def _place(event: InboxEvent) -> tuple[datetime, str, int]:
    """Where the event stands among those of its case; what cannot be read comes first.

    Those of one source at one time go in the order in which they arrived (contract).
    """
    return (event.time or datetime.min.replace(tzinfo=UTC), event.source or "", event.seq)
