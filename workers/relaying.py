"""Relay: what stands in the outbox leaves, in order for each destination."""

import base64
import time
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Connection

from archive import Archive
from ledger import claims, holdings, outbox, readiness, trail
from ledger.database import Database
from ledger.holdings import Held
from ledger.lives import LifeAction
from ledger.outbox import OutboxMessage
from schemas.errors import DigestMismatch, ObjectMissing, Unavailable, WrongLetter
from schemas.identifiers import new_id
from schemas.messages import body
from workers.brokers import OutgoingMessage, Outlet, PublishOutcome
from workers.clock import Clock
from workers.delivering import fetch
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
#: why a letter does not leave: the store's object is not what the ledger says
_KEPT: dict[type[Exception], str] = {
    DigestMismatch: "object_altered",
    ObjectMissing: "object_missing",
    WrongLetter: "letter_not_its_own",
}
#: why what follows such a letter does not leave
_BEHIND = "behind_a_letter_held_back"


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
        outgoing, kept = self._outgoing(messages)
        going = [message for message in messages if message.seq not in kept]
        outcomes = dict(zip([m.seq for m in going], self._outlet.publish(outgoing), strict=True))
        self._record(messages, outcomes | kept)
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

    def _outgoing(
        self, messages: Sequence[OutboxMessage]
    ) -> tuple[list[OutgoingMessage], dict[int, str]]:
        """What may leave, and why the others may not, by their place in the outbox.

        Behind a letter that is kept back, nothing else leaves for its destination.
        """
        carried = [str(message.document_id) for message in messages if message.carries]
        letters: dict[str, Held] = {}
        if carried:
            with self._database.reading() as connection:
                letters = holdings.letters(connection, carried)
        outgoing: list[OutgoingMessage] = []
        kept: dict[int, str] = {}
        closed: set[tuple[str, str]] = set()
        for message in messages:
            if message.destination in closed:
                kept[message.seq] = _BEHIND
                continue
            try:
                outgoing.append(self._one(message, letters))
            except (DigestMismatch, ObjectMissing, WrongLetter) as error:
                kept[message.seq] = _KEPT[type(error)]
                closed.add(message.destination)
        return outgoing, kept

    def _one(self, message: OutboxMessage, letters: Mapping[str, Held]) -> OutgoingMessage:
        envelope = message.envelope
        if message.carries:
            content = self._letter(message, letters.get(str(message.document_id)))
            told = {"content_base64": base64.b64encode(content).decode("ascii")}
            envelope = {**envelope, "data": {**envelope["data"], **told}}
        return OutgoingMessage(
            message_id=message.message_id,
            exchange=message.exchange,
            routing_key=message.routing_key,
            type=message.type,
            body=body(envelope),
        )

    def _letter(self, message: OutboxMessage, held: Held | None) -> bytes:
        """The letter that the message tells of, which must be the one that it carries."""
        data = message.envelope["data"]
        if held is None:
            raise ObjectMissing(str(message.document_id))
        if (data["number"], data["sha256"]) != (held.number, held.sha256):
            raise WrongLetter(str(data["number"]), held.number)
        return fetch(self._archive, held)

    def _record(self, messages: Sequence[OutboxMessage], outcomes: Mapping[int, str]) -> None:
        now = self._clock()
        sent = [m for m in messages if outcomes[m.seq] == PublishOutcome.CONFIRMED]
        refused = [m for m in messages if outcomes[m.seq] != PublishOutcome.CONFIRMED]
        with self._database.writing() as connection:
            outbox.mark_sent(connection, sent, at=now)
            trail.note_all(
                connection,
                at=now,
                actor="relay",
                action=LifeAction.SENT,
                details={
                    str(m.document_id): {"routing_key": m.routing_key} for m in sent if m.carries
                },
            )
            for message in refused:
                until = now + backoff(message.attempts + 1, self._settings.retry_seconds)
                outbox.put_off(connection, message, until=until, error=outcomes[message.seq])
                if outcomes[message.seq] in _KEPT.values() and not message.attempts:
                    self._alarm(connection, message, outcomes[message.seq], now)
        for message in refused:
            _log.warning(
                "a message is held back",
                outcome=outcomes[message.seq],
                exchange=message.exchange,
                routing_key=message.routing_key,
                message_id=message.message_id,
            )

    def _alarm(
        self, connection: Connection, message: OutboxMessage, code: str, now: datetime
    ) -> None:
        trail.note(
            connection,
            at=now,
            actor="relay",
            action="letter_held_back",
            subject=message.document_id,
            details={"code": code, "message_id": message.message_id},
            alarm=True,
        )
