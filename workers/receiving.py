"""Receive: what the broker delivers is written into the inbox, then acknowledged."""

import hashlib
import time
from dataclasses import replace

import structlog
from sqlalchemy import Connection

from ledger import answered, backlog, inbox
from ledger.database import Database
from ledger.inbox import Arrival
from schemas.answers import RECEIPT, letter_named_in
from schemas.errors import Unavailable
from schemas.parsing import digest, read_envelope
from workers.brokers import Delivery, Intake
from workers.clock import Clock
from workers.permission import OPERATOR_EXCHANGE
from workers.settings import Settings

_log = structlog.get_logger(__name__)

#: deliveries that are written in one transaction
_BATCH = 200
#: seconds between two looks at the backlog
_LOOK_SECONDS = 1.0


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
        #: events stay in the queue until some of what waits has left
        self.paused = False
        self._looked = float("-inf")

    def step(self) -> int:
        """Up to a batch of messages is in the inbox and acknowledged; how many.

        Paused, or waiting for messages that are in the queue, it counts as work.
        """
        if self._is_paused():
            time.sleep(self._wait)
            return 1
        deliveries = self._intake.receive(limit=_BATCH, wait=self._wait)
        if not deliveries:
            return int(self._intake.expects_more())
        arrivals = [self._arrival(delivery) for delivery in deliveries]
        try:
            with self._database.writing() as connection:
                inbox.add(connection, [_with_case(connection, arrival) for arrival in arrivals])
            self._intake.settle(deliveries)
        except Unavailable:
            # what was not settled comes again after a new start of the intake, not before
            self._intake.close()
            raise
        _log.info("events were received", count=len(deliveries))
        return len(deliveries)

    def _is_paused(self) -> bool:
        """Looked at now and then; what the store or the broker does not take fills no ledger."""
        if time.monotonic() - self._looked < _LOOK_SECONDS:
            return self.paused
        most = self._settings.backlog
        with self._database.reading() as connection:
            paused = backlog.exceeds(connection, most, now=self._clock())
        self._looked = time.monotonic()
        if paused != self.paused:
            _log.warning("intake pauses" if paused else "intake goes on", backlog=most)
            if paused:
                # what was sent ahead goes back to the broker
                self._intake.close()
        self.paused = paused
        return paused

    def close(self) -> None:
        """Unsettled deliveries go back to the broker."""
        self._intake.close()
        self._database.close()

    def _arrival(self, delivery: Delivery) -> Arrival:
        raw, oversize = delivery.body, delivery.oversize
        # what is known of all of it: of one that is too large, what was counted on its way
        sha256 = oversize.sha256 if oversize else hashlib.sha256(raw).hexdigest()
        limit = self._settings.event_bytes
        envelope = read_envelope(raw, size_limit=limit)
        return Arrival(
            received_at=self._clock(),
            delivery_id=delivery.delivery_id,
            # somebody may declare an exchange of this name
            exchange="" if delivery.exchange == OPERATOR_EXCHANGE else delivery.exchange,
            routing_key=delivery.routing_key,
            user_id=delivery.user_id,
            raw=raw,
            raw_size=oversize.size if oversize else None,
            raw_sha256=sha256,
            source=envelope.source,
            event_id=envelope.id,
            type=envelope.type,
            time=envelope.time,
            agency=envelope.agency,
            case_no=envelope.case_no,
            content_sha256=sha256 if oversize else digest(raw, size_limit=limit),
        )


def _with_case(connection: Connection, arrival: Arrival) -> Arrival:
    """``arrival`` with the case of the letter, where a bank answers to a letter alone.

    The bank has the letter from here, so it is here before its answer.
    """
    if arrival.type != RECEIPT or arrival.raw_size is not None:
        return arrival
    letter = letter_named_in(arrival.raw, size_limit=len(arrival.raw))
    found = None if letter is None else answered.case_of(connection, letter)
    if found is None:
        return arrival
    agency, case_no = found
    return replace(arrival, agency=arrival.agency or agency, case_no=arrival.case_no or case_no)
