"""Receive: what the broker delivers is written into the inbox, then acknowledged."""

import hashlib

import structlog

from ledger import inbox
from ledger.database import Database
from ledger.inbox import Arrival
from schemas.errors import Unavailable
from schemas.parsing import digest, read_envelope
from workers.brokers import Delivery, Intake
from workers.clock import Clock
from workers.permission import OPERATOR_EXCHANGE
from workers.settings import Settings

_log = structlog.get_logger(__name__)

#: deliveries that are written in one transaction
_BATCH = 200


class Receive:
    """Nothing that is in a message can make this stage fail."""

    name = "receive"

    def __init__(
        self,
        *,
        database: Database,
        intake: Intake,
        settings: Settings,
        clock: Clock,
        wait: float = 1.0,
    ) -> None:
        self._database = database
        self._intake = intake
        self._settings = settings
        self._clock = clock
        #: seconds that one step waits for a first delivery
        self._wait = wait

    def step(self) -> int:
        """Up to a batch of messages is in the inbox and acknowledged; how many."""
        deliveries = self._intake.receive(limit=_BATCH, wait=self._wait)
        if not deliveries:
            return 0
        arrivals = [self._arrival(delivery) for delivery in deliveries]
        try:
            with self._database.writing() as connection:
                inbox.add(connection, arrivals)
            self._intake.settle(deliveries)
        except Unavailable:
            # what was not settled comes again after a new start of the intake, not before
            self._intake.close()
            raise
        _log.info("events were received", count=len(deliveries))
        return len(deliveries)

    def close(self) -> None:
        """Unsettled deliveries go back to the broker."""
        self._intake.close()
        self._database.close()

    def _arrival(self, delivery: Delivery) -> Arrival:
        raw = delivery.body
        envelope = read_envelope(raw, size_limit=self._settings.event_bytes)
        return Arrival(
            received_at=self._clock(),
            delivery_id=delivery.delivery_id,
            # somebody may declare an exchange of this name
            exchange="" if delivery.exchange == OPERATOR_EXCHANGE else delivery.exchange,
            routing_key=delivery.routing_key,
            user_id=delivery.user_id,
            raw=raw,
            raw_sha256=hashlib.sha256(raw).hexdigest(),
            source=envelope.source,
            event_id=envelope.id,
            type=envelope.type,
            time=envelope.time,
            agency=envelope.agency,
            case_no=envelope.case_no,
            content_sha256=digest(raw, size_limit=self._settings.event_bytes),
        )
