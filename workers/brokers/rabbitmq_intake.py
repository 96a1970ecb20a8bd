"""The intake on RabbitMQ: kombu over py-amqp, prefetch, one acknowledgement for many."""

from collections import OrderedDict, deque
from collections.abc import Sequence
from dataclasses import dataclass
from time import monotonic
from typing import Any

from kombu import Connection

from schemas.errors import HanyinError, Unavailable
from schemas.exchanges import DEAD
from workers.brokers import Delivery
from workers.brokers.address import RabbitAddress
from workers.brokers.frames import oversize_of
from workers.brokers.rabbitmq_connection import (
    close_quietly,
    new_connection,
    open_channel,
    translated,
)
from workers.brokers.topology import DEAD_QUEUE, INTAKE_QUEUE, origin_of_dead_letter

#: seconds between two looks at the heartbeat while waiting
TICK = 1.0
#: seconds to wait for more once something is there: what RabbitMQ has prefetched comes at once
GATHER = 0.01
#: seconds between two messages of those that lay in the queue; then somebody else has them.
#: RabbitMQ reads all that it sends ahead from its disk before it sends the first
PATIENCE = 60.0
#: bytes of messages that RabbitMQ may have sent ahead; it counts messages and not their bytes, so
#: as many are asked for as would fit if each were the largest that is taken
AHEAD_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class _Handle:
    #: which connection brought it: a delivery tag means nothing on another
    session: int
    tag: int


class RabbitIntake:
    """``Intake`` on ``hanyin.intake`` and its dead-letter queue; one thread at a time."""

    def __init__(self, address: RabbitAddress, *, most: int) -> None:
        self._address = address
        #: bytes of a message that are taken; of a larger one, its head
        self._most = most
        self._connection: Connection | None = None
        self._channel: Any = None
        self._session = 0
        #: messages that lay in the queue when this connection began and have not come yet
        self._expected = 0
        self._patient_until = 0.0
        self._waiting: deque[Delivery] = deque()
        #: tags handed out or waiting, in the order of the broker, not acknowledged
        self._unsettled: OrderedDict[int, None] = OrderedDict()

    def receive(self, *, limit: int, wait: float) -> list[Delivery]:
        """See ``Intake.receive``; the first call's ``limit`` bounds the connection's prefetch."""
        try:
            with translated(self._address):
                self._connect(prefetch=max(1, min(limit, AHEAD_BYTES // self._most)))
                self._gather(limit, wait)
        except HanyinError:
            self.close()
            raise
        return [self._waiting.popleft() for _ in range(min(limit, len(self._waiting)))]

    def settle(self, deliveries: Sequence[Delivery]) -> None:
        """See ``Intake.settle``."""
        handles = [delivery.handle for delivery in deliveries]
        tags = [
            handle.tag
            for handle in handles
            if isinstance(handle, _Handle) and handle.session == self._session
        ]
        if self._channel is None or len(tags) < len(handles):
            raise Unavailable(
                "送来这些消息的连接已断；消息会再来",
                "the connection that brought these messages is gone; they come again",
            )
        try:
            with translated(self._address):
                self._acknowledge(tags)
        except HanyinError:
            self.close()
            raise

    def expects_more(self) -> bool:
        """See ``Intake.expects_more``."""
        return self._expected > 0 and monotonic() < self._patient_until

    def close(self) -> None:
        """See ``Intake.close``."""
        connection, self._connection, self._channel = self._connection, None, None
        self._expected = 0
        self._waiting.clear()
        self._unsettled.clear()
        close_quietly(connection)

    def _connect(self, *, prefetch: int) -> None:
        if self._channel is not None:
            return
        self._session += 1
        self._connection = new_connection(self._address, most=self._most)
        channel = open_channel(self._connection)
        self._channel = channel
        # what is asked for is answered, with how many are left: silence is not an empty queue
        first = channel.basic_get(INTAKE_QUEUE)
        if first is not None:
            self._keep(first)
            self._expected = first.delivery_info["message_count"]
        channel.basic_qos(0, prefetch, False)  # not global: for each consumer
        channel.basic_consume(INTAKE_QUEUE, callback=self._keep)

    def _gather(self, limit: int, wait: float) -> None:
        """``limit`` deliveries wait, or fewer where no more came, or none began to in time."""
        self._drain_all(limit)
        if not self._waiting:
            self._take_dead_letter()
        deadline = monotonic() + wait
        while not self._waiting and (left := deadline - monotonic()) > 0:
            self._drain(min(left, TICK))
        self._drain_all(limit)

    def _drain_all(self, limit: int) -> None:
        """What RabbitMQ has sent already waits, up to ``limit`` or the first that is too large."""
        while len(self._waiting) < limit and not self._holds_oversize() and self._drain(GATHER):
            pass

    def _holds_oversize(self) -> bool:
        """Reading it took as long as reading many: what waits is handed out first."""
        return bool(self._waiting) and self._waiting[-1].oversize is not None

    def _take_dead_letter(self) -> None:
        """One at most: a dead letter may be what killed the last receiver."""
        message = self._channel.basic_get(DEAD_QUEUE)
        if message is not None:
            self._keep(message)

    def _drain(self, seconds: float) -> bool:
        """Whether the broker sent anything within ``seconds``."""
        wire = self._channel.connection
        wire.heartbeat_tick()
        try:
            wire.drain_events(timeout=seconds)
        except TimeoutError:
            return False
        return True

    def _keep(self, message: Any) -> None:
        """py-amqp's raw message, before kombu would unpack or deserialize it, waits its turn."""
        if self._connection is None:
            return  # it is being closed: RabbitMQ sends on until it has heard of it
        handle = _Handle(session=self._session, tag=message.delivery_info["delivery_tag"])
        self._unsettled[handle.tag] = None
        self._expected -= 1
        self._patient_until = monotonic() + PATIENCE
        self._waiting.append(delivery_of_message(message, handle=handle))

    def _acknowledge(self, tags: list[int]) -> None:
        """One acknowledgement where ``tags`` are the oldest outstanding ones, else one for each."""
        oldest = [tag for tag, _ in zip(self._unsettled, tags, strict=False)]
        if tags and set(oldest) == set(tags):
            self._channel.basic_ack(max(tags), multiple=True)
        else:
            for tag in tags:
                self._channel.basic_ack(tag)
        for tag in tags:
            self._unsettled.pop(tag, None)
        self._channel.connection.heartbeat_tick()


def delivery_of_message(message: Any, *, handle: object) -> Delivery:
    """py-amqp's message as the product's."""
    body = message.body
    exchange = message.delivery_info["exchange"]
    routing_key = message.delivery_info["routing_key"]
    return Delivery(
        body=body.encode() if isinstance(body, str) else bytes(body),
        exchange=origin_of_dead_letter(routing_key) if exchange == DEAD else exchange,
        routing_key=routing_key,
        user_id=message.properties.get("user_id") or None,
        delivery_id=None,
        handle=handle,
        oversize=oversize_of(message.properties.get("message_id")),
    )
