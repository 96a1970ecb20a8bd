"""Reconcile: what was left lying is found and finished, however old."""

from datetime import timedelta

import structlog
from sqlalchemy import exists

from ledger import claims, inbox, trail
from ledger.database import Database
from ledger.tables import cases as case_table
from ledger.tables import inbox as inbox_table
from ledger.watch import Watch
from schemas.identifiers import new_id
from workers.clock import Clock
from workers.deadlines import tell_passed
from workers.settings import Settings

_log = structlog.get_logger(__name__)

_CLAIM = "reconcile"
#: seconds between two rounds
_EVERY = 5.0


class Reconcile:
    """Wakes parked events whose case is open, and tells deadlines that have passed.

    Claims that ran out and rows that are due need no help: produce and relay look for them by
    their lease and time at every step. Dead letters come in through the intake.
    """

    name = "reconcile"

    def __init__(
        self, *, database: Database, settings: Settings, watch: Watch, clock: Clock
    ) -> None:
        self._database = database
        self._settings = settings
        self._watch = watch
        self._clock = clock
        self._token = new_id()
        self._next_round = clock()

    def step(self) -> int:
        """A round every few seconds; how many events it woke and deadlines it told."""
        now = self._clock()
        if now < self._next_round:
            return 0
        self._next_round = now + timedelta(seconds=_EVERY)
        lease = timedelta(seconds=max(self._settings.lease_seconds, 2 * _EVERY))
        with self._database.writing() as connection:
            if not claims.take(connection, _CLAIM, token=self._token, now=now, lease=lease):
                return 0
            opened = exists().where(
                case_table.c.agency == inbox_table.c.agency,
                case_table.c.case_no == inbox_table.c.case_no,
                case_table.c.body.is_not(None),
            )
            woken = inbox.wake_parked(connection, opened)
            if woken:
                trail.note(
                    connection,
                    at=now,
                    actor="reconcile",
                    action="parked_events_woken",
                    details={"count": woken},
                    alarm=True,
                )
            told = tell_passed(connection, self._watch, now)
        return woken + told

    def close(self) -> None:
        """Connections are given back; the claim runs out by itself."""
        self._database.close()
