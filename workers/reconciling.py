"""Reconcile: what was left lying is found and finished, however old."""

from datetime import UTC, datetime, timedelta

import structlog

from ledger import alarms, cases, claims, deaths, inbox, packs, trail, usage, watched
from ledger.database import Database
from ledger.watch import BATCH, Watch
from schemas.identifiers import new_id
from workers.alarms import bring_back, settle
from workers.attaching import store_loose
from workers.clock import Clock
from workers.deadlines import look_at_deadlines
from workers.quotas import KEPT
from workers.settings import Settings
from workers.settling import CHUNK, Settling
from workers.shelving import Shelf
from workers.tokens import patience_of

_log = structlog.get_logger(__name__)

_CLAIM = "reconcile"
#: seconds between two rounds
_EVERY = 5.0
#: between two looks at which alarms are over
_SETTLES_EVERY = timedelta(minutes=1)
#: between two looks at what was archived meanwhile, and how far back the first one goes
_SURVEY, _FIRST_SURVEY = timedelta(hours=1), timedelta(days=30)
_ALWAYS = datetime.min.replace(tzinfo=UTC)


class Reconcile:
    """Wakes parked events, tells deadlines that passed, stores attachments left in the ledger.

    Closes alarms that are over, and raises again what was marked as done and is true.

    Claims that ran out and rows that are due need no help: produce and relay look for them by
    their lease and time at every step. Dead letters come in through the intake.
    """

    name = "reconcile"

    def __init__(
        self,
        *,
        database: Database,
        shelf: Shelf,
        watch: Watch,
        settings: Settings,
        clock: Clock,
    ) -> None:
        self._database = database
        self._shelf = shelf
        self._settings = settings
        self._watch = watch
        self._clock = clock
        self._token = new_id()
        self._next_round = clock()
        #: the terms and holidays that deadlines were put off by may have been others
        self._is_new = True
        self._next_survey = self._next_settling = _ALWAYS
        #: the parked event up to which they were looked at
        self._after = inbox.FIRST_PLACE

    def step(self) -> int:
        """A round every few seconds; how many cases, deadlines and attachments it settled."""
        now = self._clock()
        if now < self._next_round:
            return 0
        self._next_round = now + timedelta(seconds=_EVERY)
        if not self._is_ours(now):
            return 0
        self._survey(now)
        steps = (self._wake, self._retry, self._look, self._expire, self._bring_back)
        done = sum(step(now) for step in steps) + self._store()
        self._settle(now)
        self._pack(now)
        return done

    def _is_ours(self, now: datetime) -> bool:
        """Whether this process reconciles: the claim is renewed when half of it has run out."""
        lease = timedelta(seconds=max(self._settings.lease_seconds, 4 * _EVERY))
        with self._database.reading() as connection:
            if claims.holds(connection, _CLAIM, token=self._token, until=now + lease / 2):
                return True
        with self._database.writing() as connection:
            if not claims.take(connection, _CLAIM, token=self._token, now=now, lease=lease):
                return False
            usage.forget(connection, before=now.date() - KEPT)
            if self._is_new:
                watched.look_at_all(connection)
                # once a process: it goes through every alarm that there ever was
                alarms.take_in(connection)
                self._is_new = False
        return True

    def _wake(self, now: datetime) -> int:
        """How many open cases have parked events nevertheless, and apply them now.

        Some parked events are looked at in a round, then the next.
        """
        with self._database.reading() as connection:
            parked, self._after = inbox.parked_cases(connection, self._after, limit=CHUNK)
            lost = cases.not_due(connection, parked)
        if not lost:
            return 0
        with self._database.writing() as connection:
            woken = cases.wake(connection, lost)
            trail.note(
                connection,
                at=now,
                actor="reconcile",
                action="parked_events_woken",
                details={"cases": woken},
                alarm=True,
            )
        return woken

    def _retry(self, now: datetime) -> int:
        """How many documents that failed by deaths alone are tried again."""
        with self._database.reading() as connection:
            if not deaths.any_failed(connection, now=now):
                return 0
        with self._database.writing() as connection:
            return deaths.retry_failed(connection, now=now, patience=patience_of(self._settings))

    def _survey(self, now: datetime) -> None:
        """What a worker of the version before archived, which watches nothing, is looked at too."""
        if now < self._next_survey:
            return
        since = now - (_FIRST_SURVEY if self._next_survey == _ALWAYS else 2 * _SURVEY)
        self._next_survey = now + _SURVEY
        with self._database.reading() as connection:
            ids = watched.archived_since(connection, since)
        for start in range(0, len(ids), BATCH):
            with self._database.writing() as connection:
                watched.look_at(connection, ids[start : start + BATCH])

    def _look(self, now: datetime) -> int:
        """How many deadlines were told."""
        told, looked = look_at_deadlines(self._database, self._watch, now)
        if looked:
            # there may be more
            self._next_round = now
        return told

    def _expire(self, now: datetime) -> int:
        """How many parked events were rejected because their case has not come; a chunk a round."""
        since = now - timedelta(days=self._settings.parked_days)
        with self._database.reading() as connection:
            late = inbox.parked_before(connection, since, limit=CHUNK)
        if not late:
            return 0
        with self._database.writing() as connection:
            directory = self._watch.directory
            expired = Settling(connection, directory, self._settings, self._clock).expire(late)
        if expired:
            # there may be more
            self._next_round = now
        return expired

    def _bring_back(self, now: datetime) -> int:
        """How many alarms were raised again that are true, whatever somebody said."""
        with self._database.reading() as connection:
            if not alarms.are_unchecked(connection):
                return 0
        with self._database.writing() as connection:
            return bring_back(connection, self._watch, now)

    def _settle(self, now: datetime) -> None:
        """Alarms that are over are closed."""
        if now >= self._next_settling:
            self._next_settling = now + _SETTLES_EVERY
            settle(self._database, self._watch, now)

    def _pack(self, now: datetime) -> None:
        """A pack of old events and one of old messages was made, where there are as many."""
        settings = self._settings
        of_events = now - timedelta(days=settings.events_days)
        of_messages = now - timedelta(days=settings.messages_days)
        with self._database.reading() as connection:
            events = packs.old_events(connection, before=of_events)
            messages = packs.old_messages(connection, before=of_messages)
        if not (events or messages):
            return
        with self._database.writing() as connection:
            if events:
                packs.pack_events(connection, events, at=now)
            if messages:
                packs.pack_messages(connection, messages, at=now)
        # there may be more: soon, and behind whatever else there is to do
        self._next_round = now

    def _store(self) -> int:
        return store_loose(self._database, self._shelf, clock=self._clock)

    def close(self) -> None:
        """Connections are given back; the claim runs out by itself."""
        self._shelf.close()
        self._database.close()
