"""Reconcile: what was left lying is found and finished, however old."""

from datetime import datetime, timedelta

import structlog

from ledger import cases, claims, deaths, inbox, trail, usage
from ledger.database import Database
from ledger.watch import Watch
from schemas.identifiers import new_id
from workers.attaching import store_loose
from workers.clock import Clock
from workers.deadlines import tell_passed
from workers.quotas import KEPT
from workers.settings import Settings
from workers.settling import CHUNK, Settling
from workers.shelving import Shelf
from workers.tokens import patience_of

_log = structlog.get_logger(__name__)

_CLAIM = "reconcile"
#: seconds between two rounds
_EVERY = 5.0


class Reconcile:
    """Wakes parked events, tells deadlines that passed, stores attachments left in the ledger.

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

    def step(self) -> int:
        """A round every few seconds; how many cases, deadlines and attachments it settled."""
        now = self._clock()
        if now < self._next_round:
            return 0
        self._next_round = now + timedelta(seconds=_EVERY)
        woken = self._wake(now)
        return 0 if woken is None else woken + self._expire(now) + self._store()

    def _wake(self, now: datetime) -> int | None:
        """How many cases have parked events again, and deadlines were told.

        None where another process reconciles.
        """
        lease = timedelta(seconds=max(self._settings.lease_seconds, 2 * _EVERY))
        with self._database.writing() as connection:
            if not claims.take(connection, _CLAIM, token=self._token, now=now, lease=lease):
                return None
            woken = cases.find_parked_due(connection)
            if woken:
                trail.note(
                    connection,
                    at=now,
                    actor="reconcile",
                    action="parked_events_woken",
                    details={"cases": woken},
                    alarm=True,
                )
            again = deaths.retry_failed(connection, now=now, patience=patience_of(self._settings))
            told = tell_passed(connection, self._watch, now)
        return woken + again + told

    def _expire(self, now: datetime) -> int:
        """How many parked events were rejected because their case has not come; a chunk a round."""
        since = now - timedelta(days=self._settings.parked_days)
        with self._database.writing() as connection:
            usage.forget(connection, before=now.date() - KEPT)
            late = inbox.parked_before(connection, since, limit=CHUNK)
            if not late:
                return 0
            directory = self._watch.directory
            expired = Settling(connection, directory, self._settings, self._clock).expire(late)
        if expired:
            # there may be more
            self._next_round = now
        return expired

    def _store(self) -> int:
        return store_loose(self._database, self._shelf, clock=self._clock)

    def close(self) -> None:
        """Connections are given back; the claim runs out by itself."""
        self._shelf.close()
        self._database.close()
