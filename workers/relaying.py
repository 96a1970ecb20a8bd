"""Relay: what stands in the outbox leaves, in order for each destination."""

import base64
import time
from collections.abc import Mapping, Sequence
from datetime import timedelta

import structlog

from archive import Archive
from ledger import claims, documents, outbox, readiness
from ledger.database import Database
from ledger.outbox import OutboxMessage
from schemas.errors import Unavailable
from schemas.identifiers import new_id
from schemas.messages import body
from workers.brokers import OutgoingMessage, Outlet, PublishOutcome
from workers.clock import Clock
from workers.settings import Settings
from workers.stage import backoff

_log = structlog.get_logger(__name__)

#: messages that leave between two looks at the ledger; letters carry some 200 KB each
_BATCH = 50
#: letters waiting to be made from which on messages are gathered: a look is three transactions
_BUSY = 8
#: seconds for which they are
_GATHERING = 1.0
#: one relay at a time keeps the order of each destination
_CLAIM = "relay"


class Relay:
    """Publishes outbox rows; a row is sent when the broker has confirmed it and not returned it."""

    name = "relay"

    def __init__(
        self,
        *,
        database: Database,
        outlet: Outlet,
        archive: Archive,
        settings: Settings,
        clock: Clock,
    ) -> None:
        self._database = database
        self._outlet = outlet
        self._archive = archive
        self._settings = settings
        self._clock = clock
        self._token = new_id()

    def step(self) -> int:
        """Up to a batch of messages has left, or been held back with the reason."""
        now = self._clock()
        with self._database.reading() as connection:
            if not outbox.due(connection, now=now, limit=1):
                return 0
            busy = readiness.count_ready(connection, now=now, most=_BUSY) == _BUSY
        if busy:
            time.sleep(_GATHERING)
        messages = self._let_go()
        if not messages:
            return 0
        outcomes = self._outlet.publish(self._outgoing(messages))
        self._record(messages, outcomes)
        return len(messages)

    def close(self) -> None:
        """The claim, the outlet and the store are given back."""
        try:
            with self._database.writing() as connection:
                claims.give_back(connection, _CLAIM, token=self._token)
        except Unavailable:
            _log.info("the relay's claim is left to run out")
        self._outlet.close()
        self._archive.close()
        self._database.close()

    def _let_go(self) -> list[OutboxMessage]:
        now = self._clock()
        lease = timedelta(seconds=self._settings.lease_seconds)
        with self._database.writing() as connection:
            if not claims.take(connection, _CLAIM, token=self._token, now=now, lease=lease):
                return []
            due = outbox.due(connection, now=now, limit=_BATCH)
            return outbox.let_go(connection, due, at=now)

    def _outgoing(self, messages: Sequence[OutboxMessage]) -> list[OutgoingMessage]:
        carried = [str(message.document_id) for message in messages if message.carries]
        places: dict[str, tuple[str, str | None]] = {}
        if carried:
            with self._database.reading() as connection:
                places = documents.places(connection, carried)
        return [self._one(message, places) for message in messages]

    def _one(
        self, message: OutboxMessage, places: Mapping[str, tuple[str, str | None]]
    ) -> OutgoingMessage:
        envelope = message.envelope
        if message.carries:
            content = self._archive.get(*places[str(message.document_id)])
            told = {"content_base64": base64.b64encode(content).decode("ascii")}
            envelope = {**envelope, "data": {**envelope["data"], **told}}
        return OutgoingMessage(
            message_id=message.message_id,
            exchange=message.exchange,
            routing_key=message.routing_key,
            type=message.type,
            body=body(envelope),
        )

    def _record(
        self, messages: Sequence[OutboxMessage], outcomes: Sequence[PublishOutcome]
    ) -> None:
        now = self._clock()
        pairs = list(zip(messages, outcomes, strict=True))
        sent = [message for message, outcome in pairs if outcome is PublishOutcome.CONFIRMED]
        refused = [pair for pair in pairs if pair[1] is not PublishOutcome.CONFIRMED]
        with self._database.writing() as connection:
            outbox.mark_sent(connection, sent, at=now)
            for message, outcome in refused:
                until = now + backoff(message.attempts + 1, self._settings.retry_seconds)
                outbox.put_off(connection, message, until=until, error=outcome)
        for message, outcome in refused:
            _log.warning(
                "the broker did not take a message",
                outcome=outcome,
                exchange=message.exchange,
                routing_key=message.routing_key,
                message_id=message.message_id,
            )
