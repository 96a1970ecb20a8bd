"""Exchanges, queues and bindings as data, and their declaration on either broker.

Every exchange that letters leave by has a queue for whatever it carries: a message that no
queue takes is returned to the relay for ever (``mandatory``). Arguments are those that
RabbitMQ 3.10 knows.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from schemas.configuration import Directory
from schemas.errors import Misconfigured
from schemas.exchanges import DEAD, DOCUMENTS, EVENTS, LETTERS, RECEIPTS, REJECTIONS

INTAKE_QUEUE = "hanyin.intake"
DEAD_QUEUE = "hanyin.intake.dead"
DOCUMENTS_QUEUE = "documents.all"
REJECTIONS_QUEUE = "rejections.all"
UNASSIGNED_QUEUE = "letters.unassigned"
#: routing keys of ``hanyin.receipts``: the one event that a bank may send
RECEIPT_TYPE = r"^hanyin\.letter\.receipted\.v[0-9]+$"
#: stands for the bank in the routing key of a letter to a bank that is not configured
UNASSIGNED = "unassigned"

#: After as many failed deliveries an event leaves the intake queue for the dead-letter queue,
#: which is read one by one when the intake queue is empty, so that an event that kills its
#: receiver stops holding up the others. A database that is away costs a delivery a retry.
INTAKE_DELIVERY_LIMIT = 1000
#: Since RabbitMQ 4 a quorum queue drops a message after 20 deliveries unless told otherwise;
#: 3.10 does not know -1 for "never", so the largest number of 32 bits stands for it.
NO_DELIVERY_LIMIT = 2**31 - 1


@dataclass(frozen=True, kw_only=True)
class ExchangeSpec:
    """A durable topic exchange."""

    name: str


@dataclass(frozen=True, kw_only=True)
class QueueSpec:
    """A durable quorum queue."""

    name: str
    arguments: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class BindingSpec:
    """What of an exchange goes into a queue."""

    exchange: str
    queue: str
    routing_key: str


@dataclass(frozen=True, kw_only=True)
class Topology:
    """All that has to exist on the broker before the first message."""

    exchanges: tuple[ExchangeSpec, ...]
    queues: tuple[QueueSpec, ...]
    bindings: tuple[BindingSpec, ...]


def letters_queue(bank: str) -> str:
    """The queue of a configured bank's letters."""
    return f"letters.bank.{bank}"


def rejections_queue(bank: str) -> str:
    """The queue of what a configured bank answered and was refused."""
    return f"rejections.bank.{bank}"


def origin_of_dead_letter(routing_key: str) -> str:
    """The exchange that a dead letter was published to, told by its routing key.

    RabbitMQ keeps the routing key, and a bank's user may use no other than a receipt's
    (``permissions``), so what a bank sent never counts as an upstream system's.
    """
    return RECEIPTS if re.match(RECEIPT_TYPE, routing_key) else EVENTS


def topology_of(directory: Directory) -> Topology:
    """The topology of an installation; the same for the same directory.

    Raises ``Misconfigured`` where a bank takes the name that stands for no bank.
    """
    banks = [bank.name for bank in directory.banks]
    if UNASSIGNED in banks:
        raise Misconfigured(
            f"银行不能叫 {UNASSIGNED}；请换一个名称",
            f"a bank may not be named {UNASSIGNED}; give it another name",
        )
    letters = {letters_queue(bank): f"bank.{bank}.#" for bank in banks}
    letters[UNASSIGNED_QUEUE] = f"bank.{UNASSIGNED}.#"
    refused = {rejections_queue(bank): f"bank.{bank}" for bank in banks}
    names = (EVENTS, RECEIPTS, LETTERS, DOCUMENTS, REJECTIONS, DEAD)
    return Topology(
        exchanges=tuple(ExchangeSpec(name=name) for name in names),
        queues=(
            _intake_queue(),
            *(
                _lasting_queue(name)
                for name in (DEAD_QUEUE, *letters, *refused, DOCUMENTS_QUEUE, REJECTIONS_QUEUE)
            ),
        ),
        bindings=(
            *(
                BindingSpec(exchange=exchange, queue=queue, routing_key="#")
                for exchange, queue in _TAKES_ALL
            ),
            *(
                BindingSpec(exchange=LETTERS, queue=queue, routing_key=key)
                for queue, key in letters.items()
            ),
            *(
                BindingSpec(exchange=REJECTIONS, queue=queue, routing_key=key)
                for queue, key in refused.items()
            ),
        ),
    )


def declare(channel: Any, topology: Topology) -> None:
    """Everything in ``topology`` exists on the broker of the kombu channel.

    Idempotent. The driver's exceptions pass through: the adapter knows them.
    """
    for exchange in topology.exchanges:
        channel.exchange_declare(
            exchange=exchange.name, type="topic", durable=True, auto_delete=False
        )
    for queue in topology.queues:
        channel.queue_declare(
            queue=queue.name, durable=True, auto_delete=False, arguments=dict(queue.arguments)
        )
    for binding in topology.bindings:
        channel.queue_bind(
            queue=binding.queue, exchange=binding.exchange, routing_key=binding.routing_key
        )


def _intake_queue() -> QueueSpec:
    return QueueSpec(
        name=INTAKE_QUEUE,
        arguments={
            "x-queue-type": "quorum",
            "x-delivery-limit": INTAKE_DELIVERY_LIMIT,
            "x-dead-letter-exchange": DEAD,
            # without these two, a message may be lost on its way to the dead-letter queue
            "x-dead-letter-strategy": "at-least-once",
            "x-overflow": "reject-publish",
        },
    )


def _lasting_queue(name: str) -> QueueSpec:
    arguments = {"x-queue-type": "quorum", "x-delivery-limit": NO_DELIVERY_LIMIT}
    return QueueSpec(name=name, arguments=arguments)


_TAKES_ALL = (
    (EVENTS, INTAKE_QUEUE),
    (RECEIPTS, INTAKE_QUEUE),
    (DEAD, DEAD_QUEUE),
    (DOCUMENTS, DOCUMENTS_QUEUE),
    (REJECTIONS, REJECTIONS_QUEUE),
)
