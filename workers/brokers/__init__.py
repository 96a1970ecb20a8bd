"""The queue outside: the ports; ``rabbitmq_…`` and ``embedded`` hold the adapters.

Intake is kombu in both; the outlet is pika on RabbitMQ and kombu on the embedded transport.
``opening`` chooses by the scheme of the broker's URL.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol


@dataclass(frozen=True, kw_only=True)
class Oversize:
    """What is kept of a message that is larger than the intake takes, beside its head."""

    #: bytes as it was sent
    size: int
    #: of all of it, lower-case hex
    sha256: str


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """One message as it came from the broker, not parsed."""

    #: as it was sent: neither decoded nor decompressed, whatever its properties say; the head
    #: alone where it is an ``oversize``
    body: bytes = field(repr=False)
    #: where it was published (of a dead letter: see ``topology.origin_of_dead_letter``)
    exchange: str
    #: printable text; what was no UTF-8 or a control character is ``?``
    routing_key: str
    #: the ``user-id`` property, which RabbitMQ has checked against the publisher's login;
    #: the embedded broker has no logins and passes on what the publisher wrote; None: not set
    user_id: str | None
    #: unique for a copy of a message where the transport has such an id (embedded); else None
    delivery_id: str | None
    #: adapter's own handle for the acknowledgement
    handle: object = field(repr=False)
    #: None: ``body`` is whole
    oversize: Oversize | None = None


class Intake(Protocol):
    """Where events come from (queue ``hanyin.intake``)."""

    def receive(self, *, limit: int, wait: float) -> list[Delivery]:
        """Up to ``limit`` deliveries; at least one where any comes within ``wait`` seconds.

        Fewer where they hold much together. Of a message that is too large, its head.

        What it has given and is not settled comes again after ``close``, after a lost
        connection and after a crash, not before. Connects where it is not connected. Raises
        ``Unavailable``, and ``Misconfigured`` where the broker refuses the login.
        """

    def expects_more(self) -> bool:
        """Messages lie in the queue though none came: the broker takes its time."""

    def settle(self, deliveries: Sequence[Delivery]) -> None:
        """The deliveries are acknowledged: they have been written to the inbox.

        Raises ``Unavailable`` where the connection that brought them is gone: they come again.
        """

    def close(self) -> None:
        """The connection is closed; unsettled deliveries go back; ``receive`` opens a new one."""


@dataclass(frozen=True, kw_only=True)
class OutgoingMessage:
    """One message for the broker, persistent, ``application/cloudevents+json``."""

    message_id: str
    exchange: str
    routing_key: str
    type: str
    body: bytes = field(repr=False)
    #: the sender's RabbitMQ user; None: the user that the outlet is logged in as
    user_id: str | None = None


class PublishOutcome(StrEnum):
    """What the broker said of a message."""

    CONFIRMED = "confirmed"  # it has it, in a queue
    RETURNED = "returned"  # no queue takes this routing key
    REFUSED = "refused"  # the broker will not have it: negative acknowledgement, or too large


class Outlet(Protocol):
    """Where messages leave."""

    def publish(self, messages: Sequence[OutgoingMessage]) -> list[PublishOutcome]:
        """One outcome for each message, in order; confirms are pipelined.

        Raises ``Unavailable`` where the connection broke: then any of them may have arrived.
        """

    def close(self) -> None:
        """The connection is closed; ``publish`` opens a new one."""
