"""Brokers, messages and installations for tests."""

import json
from dataclasses import dataclass
from time import monotonic

import amqp

from schemas.configuration import Bank, Directory, Source
from schemas.exchanges import EVENTS, LETTERS
from schemas.reading import SIZE_LIMIT
from workers.brokers import Delivery, Intake, OutgoingMessage, Outlet
from workers.brokers.address import rabbit_address
from workers.brokers.mailbox import Mailbox
from workers.brokers.opening import declare_topology, open_intake, open_mailbox, open_outlet

EVENT_TYPE = "hanyin.overpayment.confirmed.v1"

#: seconds for a message to come that must come; none of the tests waits as long
PATIENCE = 20.0
#: seconds without a message after which none is there
SILENCE = 0.3


def directory(*banks: str) -> Directory:
    """An installation with these banks, each with a user of its own name, and one source."""
    return Directory(
        agencies=[],
        banks=[Bank(name=name, codes=["102"], user=name) for name in banks or ("icbc", "abc")],
        sources=[Source(slug="county", source="/hunan/*", agencies=["430111"], user="county")],
    )


def event(name: str, *, body: bytes | None = None, user_id: str | None = None) -> OutgoingMessage:
    """An event for the intake."""
    return OutgoingMessage(
        message_id=name,
        exchange=EVENTS,
        routing_key=EVENT_TYPE,
        type=EVENT_TYPE,
        body=json.dumps({"id": name}).encode() if body is None else body,
        user_id=user_id,
    )


def letter(name: str, *, bank: str | None) -> OutgoingMessage:
    """A letter for a bank; None: a bank that nobody configured."""
    return OutgoingMessage(
        message_id=name,
        exchange=LETTERS,
        routing_key=f"bank.{bank or 'unassigned'}.stop_payment_letter",
        type="hanyin.letter.issued.v1",
        body=json.dumps({"id": name}).encode(),
    )


def names(deliveries: list[Delivery]) -> list[str]:
    """The names that the messages were built with."""
    return [json.loads(delivery.body)["id"] for delivery in deliveries]


@dataclass(frozen=True, kw_only=True)
class BrokerUnderTest:
    """A broker with the topology declared, and what opens it."""

    url: str
    directory: Directory

    @property
    def is_embedded(self) -> bool:
        return self.url.startswith("embedded:")

    def declare(self) -> None:
        declare_topology(self.url, self.directory)

    def intake(self, *, most: int = SIZE_LIMIT) -> Intake:
        return open_intake(self.url, self.directory, most=most)

    def outlet(self) -> Outlet:
        return open_outlet(self.url, self.directory)

    def mailbox(self) -> Mailbox:
        return open_mailbox(self.url, self.directory)

    def publish(self, *messages: OutgoingMessage) -> list[str]:
        """The outcomes of messages that were sent by an outlet of their own."""
        outlet = self.outlet()
        try:
            return list(outlet.publish(messages))
        finally:
            outlet.close()


def receive(intake: Intake, count: int, *, settle: bool = True) -> list[Delivery]:
    """``count`` deliveries, or those that came before patience ran out."""
    received: list[Delivery] = []
    deadline = monotonic() + PATIENCE
    while len(received) < count and monotonic() < deadline:
        batch = intake.receive(limit=count - len(received), wait=1.0)
        if settle:
            intake.settle(batch)
        received += batch
    return received


def is_empty(intake: Intake) -> bool:
    """Nothing more comes."""
    return intake.receive(limit=1, wait=SILENCE) == []


def raw_connection(url: str) -> amqp.Connection:
    """A connection of py-amqp, which sends properties that no decent publisher would."""
    address = rabbit_address(url)
    connection = amqp.Connection(
        host=f"{address.host}:{address.port}",
        userid=address.user,
        password=address.password,
        virtual_host=address.virtual_host,
        confirm_publish=True,
    )
    connection.connect()
    return connection
