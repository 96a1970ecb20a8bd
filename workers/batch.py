"""The claims of several documents that a producer works on one after another."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import structlog

from ledger import production
from ledger.database import Database
from ledger.production import Claim
from schemas.errors import Unavailable
from workers.clock import Clock
from workers.settings import Settings

_log = structlog.get_logger(__name__)


class Batch:
    """Keeps the claims of one batch, which all have the same token, until their turn comes."""

    def __init__(self, database: Database, settings: Settings, clock: Clock) -> None:
        self._database = database
        self._lease = timedelta(seconds=settings.lease_seconds)
        self._clock = clock
        self._renewed: datetime = clock()

    def renew(self, claim: Claim) -> None:
        """The lease of ``claim``'s token is long enough for another letter.

        A claim that ran out and was taken by another worker stays that worker's.
        """
        now = self._clock()
        if now - self._renewed < self._lease / 2:
            return
        with self._database.writing() as connection:
            production.renew(connection, token=claim.token, until=now + self._lease)
        self._renewed = now

    def let_lie(self, claims: Sequence[Claim]) -> None:
        """``claims`` are given back untouched: a server is away, or this process is to end."""
        try:
            with self._database.writing() as connection:
                for claim in claims:
                    production.let_lie(connection, claim)
        except Unavailable:
            # the ledger itself is away: the claims run out by themselves
            _log.info("claims are left to run out", documents=len(claims))
