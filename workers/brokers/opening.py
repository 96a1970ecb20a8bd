"""The adapters for a broker's URL: ``amqp://``, ``amqps://`` or ``embedded://``."""

from pathlib import Path

from schemas.configuration import Directory
from schemas.reading import SIZE_LIMIT
from workers.brokers import Intake, Outlet
from workers.brokers.address import EMBEDDED_SCHEME, embedded_path, rabbit_address, scheme_of
from workers.brokers.embedded import EmbeddedBroker, EmbeddedIntake, EmbeddedOutlet
from workers.brokers.mailbox import EmbeddedMailbox, Mailbox, RabbitMailbox
from workers.brokers.rabbitmq_connection import (
    KEEPS_COUNTS,
    declare_on_rabbitmq,
    demand_on_rabbitmq,
    version_of,
)
from workers.brokers.rabbitmq_intake import RabbitIntake
from workers.brokers.rabbitmq_outlet import RabbitOutlet
from workers.brokers.topology import topology_of


def declare_topology(url: str, directory: Directory, *, ca_file: Path | None = None) -> None:
    """Every exchange, queue and binding exists; idempotent.

    Raises ``Unavailable`` where the broker is away, ``Misconfigured`` where it refuses.
    """
    if _is_embedded(url):
        _declare_embedded(url, directory)
    else:
        declare_on_rabbitmq(rabbit_address(url, ca_file=ca_file), topology_of(directory))


def demand_topology(url: str, directory: Directory, *, ca_file: Path | None = None) -> None:
    """As ``declare_topology``; a user of RabbitMQ who may not declare finds it there already."""
    if _is_embedded(url):
        _declare_embedded(url, directory)
    else:
        demand_on_rabbitmq(rabbit_address(url, ca_file=ca_file), topology_of(directory))


def counts_are_open(url: str, *, ca_file: Path | None = None) -> str | None:
    """The version of a RabbitMQ on which any user may count the messages of any queue; else None.

    Raises ``Unavailable`` or ``Misconfigured``.
    """
    if _is_embedded(url):
        return None
    version = version_of(rabbit_address(url, ca_file=ca_file))
    return None if version >= KEEPS_COUNTS else ".".join(map(str, version)) or "?"


def open_intake(
    url: str, directory: Directory, *, ca_file: Path | None = None, most: int = SIZE_LIMIT
) -> Intake:
    """The intake of the broker; it connects at the first ``receive``.

    Of messages with more than ``most`` bytes it keeps head, size and digest.
    """
    if _is_embedded(url):
        return EmbeddedIntake(_embedded(url, directory), most=most)
    return RabbitIntake(rabbit_address(url, ca_file=ca_file), most=most)


def open_outlet(url: str, directory: Directory, *, ca_file: Path | None = None) -> Outlet:
    """The outlet of the broker; it connects at the first ``publish``."""
    if _is_embedded(url):
        return EmbeddedOutlet(_embedded(url, directory))
    return RabbitOutlet(rabbit_address(url, ca_file=ca_file))


def open_mailbox(url: str, directory: Directory, *, ca_file: Path | None = None) -> Mailbox:
    """A reader of the broker's queues."""
    if _is_embedded(url):
        return EmbeddedMailbox(_embedded(url, directory))
    return RabbitMailbox(rabbit_address(url, ca_file=ca_file))


def _declare_embedded(url: str, directory: Directory) -> None:
    broker = _embedded(url, directory)
    with broker.channel():  # opening it declares
        pass
    broker.close()


def _is_embedded(url: str) -> bool:
    return scheme_of(url) == EMBEDDED_SCHEME


def _embedded(url: str, directory: Directory) -> EmbeddedBroker:
    """The file has no server that would remember bindings: each opener brings the topology."""
    return EmbeddedBroker(embedded_path(url), topology_of(directory))
