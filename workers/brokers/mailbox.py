"""Messages out of any queue: for banks, for tests and for people who look what is there."""

from typing import Any, Protocol

from workers.brokers import Delivery
from workers.brokers.address import RabbitAddress
from workers.brokers.embedded import EmbeddedBroker, delivery_of_row
from workers.brokers.rabbitmq_connection import (
    close_quietly,
    new_connection,
    open_channel,
    translated,
)
from workers.brokers.rabbitmq_intake import delivery_of_message


class Mailbox(Protocol):
    """The queues of a broker, from their fronts."""

    def read(self, queue: str, *, limit: int, remove: bool) -> list[Delivery]:
        """Up to ``limit`` of the oldest messages of ``queue``, without waiting for any.

        They stay where they are unless ``remove``. Raises ``Unavailable``, and
        ``Misconfigured`` where the broker does not let this user read the queue.
        """


class RabbitMailbox:
    """``Mailbox`` on RabbitMQ; a connection a call."""

    def __init__(self, address: RabbitAddress) -> None:
        self._address = address

    def read(self, queue: str, *, limit: int, remove: bool) -> list[Delivery]:
        """See ``Mailbox.read``; what is left is delivered again, so its delivery count rises."""
        connection = new_connection(self._address)
        try:
            with translated(self._address):
                channel = open_channel(connection)
                messages: list[Any] = []
                while len(messages) < limit and (message := channel.basic_get(queue)) is not None:
                    messages.append(message)
                if remove and messages:
                    channel.basic_ack(messages[-1].delivery_tag, multiple=True)
                channel.close()  # answered by RabbitMQ, so the acknowledgement has arrived
        finally:
            close_quietly(connection)
        return [delivery_of_message(message, handle=None) for message in messages]


class EmbeddedMailbox:
    """``Mailbox`` on the embedded broker's file."""

    def __init__(self, broker: EmbeddedBroker) -> None:
        self._broker = broker

    def read(self, queue: str, *, limit: int, remove: bool) -> list[Delivery]:
        """See ``Mailbox.read``; two readers of a queue at a time may get the same message."""
        try:
            with self._broker.channel() as channel:
                rows = channel.peek([queue], after=0, limit=limit)
                if remove:
                    channel.discard([row.row_id for row in rows])
        finally:
            self._broker.close()
        return [delivery_of_row(row) for row in rows]
