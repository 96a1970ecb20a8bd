"""Apply: received events change their cases, draw numbers and plan documents, or are refused."""

from collections.abc import Sequence

import structlog
from sqlalchemy import Connection

from cases.states import EventState
from ledger import cases as case_rows
from ledger import inbox
from ledger.database import Conflict, Database, Duplicate
from ledger.inbox import InboxEvent
from schemas.configuration import Directory
from schemas.errors import Unavailable
from workers.clock import Clock
from workers.settings import Settings
from workers.settling import CHUNK, Group, Pair, Settling, by_case

_log = structlog.get_logger(__name__)

#: received events that are looked at together; all waiting events of their cases join them.
#: Producers begin with the first of them while the next are applied
_BATCH = 8
#: times that an event alone gives way to other transactions before the next event has its turn
_MEETINGS = 3
#: sorts before every case
_FIRST_TURN = ("", "")


class Apply:
    """Takes the inbox's events, oldest case first, several in one transaction.

    An event whose worker died or failed is done alone, in a transaction of its own, and only
    attempts at it alone are counted: the events that were done together with it have no part in
    what it does.
    """

    name = "apply"

    def __init__(
        self, *, database: Database, directory: Directory, settings: Settings, clock: Clock
    ) -> None:
        self._database = database
        self._directory = directory
        self._settings = settings
        self._clock = clock
        #: the case whose parked events had their turn last
        self._turn = _FIRST_TURN
        #: attempts that were counted while the database went away: taken back when it is there
        self._unjust: list[int] = []

    def step(self) -> int:
        """A batch of events is applied, parked or rejected; how many were looked at.

        Behind it, as many of the events that were parked for a case which has opened since.
        """
        with self._database.reading() as connection:
            pairs: list[Pair] = list(inbox.waiting_cases(connection, limit=_BATCH))
        return self._take(pairs) + self._take_parked()

    def case(self, agency: str | None, case_no: str | None) -> int:
        """The received events of one case are applied, parked or rejected; how many there were."""
        return self._take([(agency, case_no)])

    def close(self) -> None:
        """Connections are given back."""
        self._database.close()

    def _take(self, pairs: Sequence[Pair]) -> int:
        with self._database.reading() as connection:
            events = inbox.of_cases(connection, pairs, [EventState.RECEIVED], limit=CHUNK + 1)
            if len(events) > CHUNK:
                events = _first(connection, pairs)
        return self._do(by_case(events))

    def _take_parked(self) -> int:
        """The next parked events of one case that has opened; cases have their turns."""
        with self._database.reading() as connection:
            pair = case_rows.next_parked_due(connection, self._turn)
            if pair is None and self._turn != _FIRST_TURN:
                # behind the last case it is the first one's turn
                pair = case_rows.next_parked_due(connection, _FIRST_TURN)
            if pair is None:
                self._turn = _FIRST_TURN
                return 0
            events = inbox.in_order(connection, pair, EventState.PARKED, limit=CHUNK)
        self._turn = pair
        done = self._do([events] if events else [])
        self._end_parked(pair)
        return done

    def _end_parked(self, pair: tuple[str, str]) -> None:
        """The case has no parked events to apply any more, where none is left."""
        with self._database.writing() as connection:
            case_rows.lock(connection, [pair])
            if not inbox.in_order(connection, pair, EventState.PARKED, limit=1):
                case_rows.set_parked_due(connection, *pair, due=False)

    def _do(self, groups: Sequence[Group]) -> int:
        """Each group's events are settled, or have failed once more; how many were looked at."""
        fresh: list[Group] = []
        alone: list[Group] = []
        for group in groups:
            (fresh if all(event.is_fresh for event in group) else alone).append(group)
        if not self._together(fresh):
            alone += fresh
        for group in sorted(alone, key=lambda group: max(event.attempts for event in group)):
            self._one_by_one(group)
        return sum(map(len, groups))

    def _together(self, groups: Sequence[Group]) -> bool:
        """All in one transaction; False where that failed, and each is to be done alone."""
        events = [event for group in groups for event in group]
        if len(events) <= 1:
            return not events
        with self._database.writing() as connection:
            # committed before the work: where this process dies, the next one knows
            inbox.begin_batch(connection, [event.seq for event in events])
        try:
            self._apply(events)
        except Conflict:
            return False
        except Unavailable:
            raise
        except Exception:  # noqa: BLE001 -- whatever its defect, it holds up no other event
            _log.exception("a batch met a defect", events=len(events))
            return False
        return True

    def _apply(self, events: Sequence[InboxEvent]) -> None:
        with self._database.writing() as connection:
            Settling(connection, self._directory, self._settings, self._clock).run(events)

    def _one_by_one(self, group: Group) -> None:
        """Each in a transaction of its own; what comes after one that failed waits with it."""
        for event in group:
            if not self._alone(event):
                return

    def _alone(self, event: InboxEvent) -> bool:
        """Whether the event is settled; the attempt at it is counted and committed before."""
        if not self._charge(event):
            return True
        for _ in range(_MEETINGS):
            try:
                return self._settle(event)
            except Duplicate:
                continue
            except Conflict:
                self._unjust = [event.seq]
            except Unavailable:
                self._unjust = [event.seq]
                raise
            except Exception:  # noqa: BLE001 -- whatever its defect, it holds up no other event
                _log.exception("an event met a defect", inbox_seq=event.seq)
                self._unjust.clear()
                return False
        return False

    def _charge(self, event: InboxEvent) -> bool:
        """The event has one attempt more; False where it does not wait any more."""
        with self._database.writing() as connection:
            if self._unjust:
                inbox.forgive_attempt(connection, self._unjust)
            waits = inbox.count_attempt(connection, [event.seq])
        self._unjust.clear()
        return bool(waits)

    def _settle(self, event: InboxEvent) -> bool:
        with self._database.writing() as connection:
            work = Settling(connection, self._directory, self._settings, self._clock)
            return work.alone(event)


def _first(connection: Connection, pairs: Sequence[Pair]) -> list[InboxEvent]:
    """Of each case the first received events by the order of their application.

    As many as one transaction takes: more wait than that.
    """
    named = [(agency, case_no) for agency, case_no in pairs if agency and case_no]
    each = CHUNK // len(pairs)
    found = [
        event
        for pair in named
        for event in inbox.in_order(connection, pair, EventState.RECEIVED, limit=each)
    ]
    if len(named) < len(pairs):
        found += inbox.of_cases(connection, [(None, None)], [EventState.RECEIVED], limit=each)
    return found
