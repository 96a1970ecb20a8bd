"""The broker of one machine: kombu's SQLAlchemy transport on a SQLite file.

Any number of processes may publish; one at a time receives, which a file lock sees to.
"""

import base64
import binascii
import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from time import monotonic, sleep, time
from typing import Any
from urllib.parse import quote

from kombu import Connection
from sqlalchemy.exc import SQLAlchemyError

from ledger.private_file import make_private
from schemas import limits
from schemas.errors import HanyinError, Unavailable
from schemas.exchanges import DEAD
from workers.brokers import Delivery, OutgoingMessage, PublishOutcome
from workers.brokers.oversize import condensed
from workers.brokers.sqlite_transport import (
    BUSY_TIMEOUT,
    DurableChannel,
    DurableTransport,
    NoSuchQueueError,
    exclusive,
)
from workers.brokers.stored_row import StoredRow
from workers.brokers.topology import (
    DEAD_QUEUE,
    INTAKE_QUEUE,
    Topology,
    declare,
    origin_of_dead_letter,
)

CONTENT_TYPE = "application/cloudevents+json"
PERSISTENT = 2
#: what the intake receives from
QUEUES = (INTAKE_QUEUE, DEAD_QUEUE)
#: seconds between two looks whether anything was written; a look takes some 300 µs of CPU in all:
#: ten times as often it would be the most of what idle workers take
POLL = 0.05


class EmbeddedBroker:
    """The SQLite file with the topology declared; opened at first use."""

    def __init__(self, path: Path, topology: Topology) -> None:
        self._path = path
        self._topology = topology
        self._connection: Connection | None = None
        self._channel: DurableChannel | None = None

    def __str__(self) -> str:
        return str(self._path)

    @contextmanager
    def channel(self) -> Iterator[DurableChannel]:
        """The channel, opened; the driver's exceptions become ``Unavailable`` and close it."""
        try:
            yield self._channel or self._open()
        except NoSuchQueueError as error:
            self.close()
            raise Unavailable(
                f"内置消息代理 {self._path} 没有队列 {error}",
                f"the embedded broker {self._path} has no queue {error}",
            ) from error
        except (SQLAlchemyError, sqlite3.Error, OSError) as error:
            self.close()
            raise Unavailable(
                f"内置消息代理 {self._path} 不能使用（{type(error).__name__}）；"
                "请看磁盘是否已满，文件是否属于别的用户",
                f"the embedded broker {self._path} cannot be used ({type(error).__name__}); "
                "see whether the disk is full or the file belongs to another user",
            ) from error

    def close(self) -> None:
        """The file is closed."""
        connection, self._connection, self._channel = self._connection, None, None
        if connection is not None:
            connection.release()

    def receiver_lock(self) -> Path:
        """The file whose lock the one receiver holds."""
        return self._path.with_name(self._path.name + ".receiver-lock")

    def _open(self) -> DurableChannel:
        # letters lie in it: nobody else reads them (SQLite gives its side files the same mode)
        make_private(self._path)
        self._connection = Connection(
            # kombu takes a ; and SQLAlchemy a ? for the path's end where they stand as they are
            hostname=f"sqlite:///{quote(str(self._path))}",
            transport=DurableTransport,
            transport_options={"connect_args": {"timeout": BUSY_TIMEOUT}},
        )
        channel: DurableChannel = self._connection.channel()
        declare(channel, self._topology)
        self._channel = channel
        return channel


class EmbeddedIntake:
    """``Intake`` on the file; one thread at a time."""

    def __init__(self, broker: EmbeddedBroker, *, most: int) -> None:
        self._broker = broker
        #: bytes of a message that are taken; of a larger one, its head
        self._most = most
        self._lock: ExitStack | None = None
        #: the last row handed out; later rows have larger ids, since only one process can write
        self._after = 0

    def receive(self, *, limit: int, wait: float) -> list[Delivery]:
        """See ``Intake.receive``. ``Unavailable`` also where another process receives."""
        deadline = monotonic() + wait
        self._take_turn()
        while True:
            # before the look: what is written meanwhile is seen by the next one
            version = self._version()
            rows = self._peek(limit)
            if rows or monotonic() >= deadline:
                break
            self._wait_for_another(version, deadline)
        self._after = rows[-1].row_id if rows else self._after
        return [self._taken(delivery_of_row(row)) for row in rows]

    def expects_more(self) -> bool:
        """See ``Intake.expects_more``: the file has no time of its own."""
        return False

    def settle(self, deliveries: Sequence[Delivery]) -> None:
        """See ``Intake.settle``; all or none."""
        rows = [delivery.handle for delivery in deliveries if isinstance(delivery.handle, int)]
        with self._broker.channel() as channel:
            channel.discard(rows)

    def close(self) -> None:
        """See ``Intake.close``; another process may receive now."""
        self._broker.close()
        self._after = 0
        lock, self._lock = self._lock, None
        if lock is not None:
            lock.close()

    def _peek(self, limit: int) -> list[StoredRow]:
        with self._channel() as channel:
            return channel.peek(QUEUES, after=self._after, limit=limit, most=self._most)

    def _taken(self, delivery: Delivery) -> Delivery:
        """The delivery, with the head of its body alone where that is too large."""
        if delivery.oversize is not None or len(delivery.body) <= self._most:
            return delivery
        head, oversize = condensed([delivery.body])
        return replace(delivery, body=head, oversize=oversize)

    def _version(self) -> int:
        with self._channel() as channel:
            return channel.version()

    def _wait_for_another(self, version: int, deadline: float) -> None:
        while monotonic() < deadline and self._version() == version:
            sleep(min(POLL, max(deadline - monotonic(), 0)))

    @contextmanager
    def _channel(self) -> Iterator[DurableChannel]:
        """The channel; what cannot be read gives the turn back."""
        try:
            with self._broker.channel() as channel:
                yield channel
        except HanyinError:
            self.close()
            raise

    def _take_turn(self) -> None:
        """The process is the one receiver, and every message that is not settled can be seen."""
        if self._lock is not None:
            return
        with self._broker.channel() as channel, ExitStack() as stack:
            try:
                stack.enter_context(exclusive(self._broker.receiver_lock(), wait=False))
            except BlockingIOError:
                raise Unavailable(
                    f"另一进程正在从内置消息代理 {self._broker} 收取；请停止它，或用"
                    " RabbitMQ 由多个进程收取",
                    f"another process receives from the embedded broker {self._broker}; "
                    "stop it, or use RabbitMQ to receive in several processes",
                ) from None
            channel.show_all(QUEUES)
            self._lock = stack.pop_all()


class EmbeddedOutlet:
    """``Outlet`` on the file; one thread at a time, any number of processes."""

    def __init__(self, broker: EmbeddedBroker) -> None:
        self._broker = broker

    def publish(self, messages: Sequence[OutgoingMessage]) -> list[PublishOutcome]:
        """See ``Outlet.publish``; all messages are committed together."""
        with self._broker.channel() as channel, channel.transaction():
            return [_put(channel, message) for message in messages]

    def close(self) -> None:
        """See ``Outlet.close``."""
        self._broker.close()


def delivery_of_row(row: StoredRow) -> Delivery:
    """The message of a row; what is no envelope of kombu's is handed on as it is."""
    envelope = _envelope(row.payload)
    properties = _table(envelope.get("properties"))
    info = _table(properties.get("delivery_info"))
    exchange = _word(info.get("exchange"))
    routing_key = _word(info.get("routing_key"))
    return Delivery(
        body=_body(row.payload, envelope, properties),
        exchange=origin_of_dead_letter(routing_key) if exchange == DEAD else exchange,
        routing_key=routing_key,
        user_id=_word(properties.get("user_id")) or None,
        # the row alone makes it unique: a tag that is too long may be cut
        delivery_id=f"{_word(properties.get('delivery_tag'))[: limits.DELIVERY_TAG]}:{row.row_id}",
        handle=row.row_id,
        oversize=row.oversize,
    )


def _put(channel: DurableChannel, message: OutgoingMessage) -> PublishOutcome:
    if not channel._lookup(message.exchange, message.routing_key):  # noqa: SLF001 - kombu has no public way
        return PublishOutcome.RETURNED
    properties = {
        "delivery_mode": PERSISTENT,
        "message_id": message.message_id,
        "type": message.type,
        "timestamp": int(time()),
        "user_id": message.user_id,
    }
    prepared = channel.prepare_message(
        message.body, content_type=CONTENT_TYPE, content_encoding="binary", properties=properties
    )
    channel.basic_publish(prepared, message.exchange, message.routing_key)
    return PublishOutcome.CONFIRMED


def _envelope(payload: str) -> dict[str, Any]:
    try:
        return _table(json.loads(payload))
    except (ValueError, RecursionError):
        return {}


def _body(payload: str, envelope: dict[str, Any], properties: dict[str, Any]) -> bytes:
    body = envelope.get("body")
    if not isinstance(body, str):
        return payload.encode("utf-8", "surrogatepass")
    raw = body.encode("utf-8", "surrogatepass")
    if properties.get("body_encoding") != "base64":
        return raw
    try:
        return base64.b64decode(raw)
    except binascii.Error:
        return raw


def _table(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _word(value: object) -> str:
    """``value`` as printable text that the inbox can hold."""
    text = value if isinstance(value, str) else ""
    plain = "".join(character if character.isprintable() else "?" for character in text)
    return plain[: limits.SHORT_STRING]
