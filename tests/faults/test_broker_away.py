"""RabbitMQ goes away and comes back, in the middle of everything."""

import socket
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from threading import Event
from time import monotonic, sleep

import pytest

from schemas.errors import Unavailable
from tests.building.brokers import (
    PATIENCE,
    BrokerUnderTest,
    directory,
    event,
    is_empty,
    names,
    receive,
)
from tests.servers.absence import missing
from tests.servers.rabbitmq import RabbitMQ, programs, rabbitmq
from workers.brokers import OutgoingMessage, PublishOutcome
from workers.brokers.address import rabbit_address
from workers.brokers.rabbitmq_outlet import RabbitOutlet

CONFIRMED = PublishOutcome.CONFIRMED


pytestmark = pytest.mark.rabbitmq


@pytest.fixture(scope="module")
def node() -> Iterator[RabbitMQ]:
    """A node for these tests alone, which leave it running; it takes some seconds to start."""
    if programs() is None:
        missing("RabbitMQ", "it is not installed")
    with rabbitmq() as running:
        yield running


@pytest.fixture
def broker(node: RabbitMQ) -> BrokerUnderTest:
    vhost = uuid.uuid4().hex
    node.add_vhosts(vhost)
    under_test = BrokerUnderTest(url=node.vhost_url(vhost), directory=directory())
    under_test.declare()
    return under_test


def test_intake_and_outlet_say_so_while_the_broker_is_away_and_go_on_when_it_is_back(
    node: RabbitMQ, broker: BrokerUnderTest
) -> None:
    with closing(broker.outlet()) as outlet, closing(broker.intake()) as intake:
        outlet.publish([event("settled"), event("unsettled")])
        received = receive(intake, 2, settle=False)
        intake.settle(received[:1])
        # an answer from the broker shows that the acknowledgement before it has arrived
        broker.mailbox().read("documents.all", limit=1, remove=False)
        assert is_empty(intake)

        node.stop_app()
        for attempt in (
            lambda: outlet.publish([event("lost")]),
            lambda: intake.settle(received[1:]),
            lambda: intake.receive(limit=1, wait=0),
        ):
            with pytest.raises(Unavailable):
                attempt()
        node.start_app()

        assert outlet.publish([event("after")]) == [CONFIRMED]
        assert names(receive(intake, 2)) == ["unsettled", "after"]
        assert is_empty(intake)


def test_what_was_confirmed_while_the_broker_comes_and_goes_is_there_afterwards(
    node: RabbitMQ, broker: BrokerUnderTest
) -> None:
    confirmed: list[str] = []
    stop = Event()

    def publish() -> None:
        with closing(broker.outlet()) as outlet:
            for number in range(1_000_000):
                batch = [event(f"e{number}-{at}") for at in range(5)]
                if stop.is_set():
                    return
                try:
                    outcomes = outlet.publish(batch)
                except Unavailable:
                    sleep(0.1)
                    continue
                assert outcomes == [CONFIRMED] * 5
                confirmed.extend(names_of(batch))

    with ThreadPoolExecutor(1) as pool:
        publishing = pool.submit(publish)
        try:
            for _ in range(2):
                until_longer(confirmed, by=50)
                node.stop_app()
                node.start_app()
            until_longer(confirmed, by=50)
        finally:
            stop.set()
        publishing.result()
    with closing(broker.intake()) as intake:
        received: set[str] = set()
        while deliveries := intake.receive(limit=200, wait=2.0):
            intake.settle(deliveries)
            received.update(names(deliveries))
    assert set(confirmed) <= received


def test_a_broker_that_is_out_of_memory_is_unavailable_until_it_has_some(
    node: RabbitMQ, broker: BrokerUnderTest
) -> None:
    outlet = RabbitOutlet(rabbit_address(broker.url), confirm_timeout=1.0)
    with closing(outlet):
        node.control("set_vm_memory_high_watermark", "0")
        try:
            with pytest.raises(Unavailable, match="memory"):
                outlet.publish([event("e1")])
        finally:
            # the node is the other tests' too
            node.control("set_vm_memory_high_watermark", "0.9")
        assert outlet.publish([event("e2")]) == [CONFIRMED]


def test_a_server_that_never_says_a_word_is_given_up() -> None:
    with silent_listener() as port:
        silent = RabbitOutlet(rabbit_address(f"amqp://user:secret@127.0.0.1:{port}/"))
        with closing(silent), pytest.raises(Unavailable) as caught:
            silent.publish([event("e1")])
    assert "secret" not in f"{caught.value!r} {caught.value.__cause__!r}"


def names_of(messages: list[OutgoingMessage]) -> list[str]:
    return [message.message_id for message in messages]


def until_longer(growing: list[str], *, by: int) -> None:
    """``growing`` has ``by`` more entries than now."""
    wanted, deadline = len(growing) + by, monotonic() + 3 * PATIENCE
    while len(growing) < wanted:
        assert monotonic() < deadline
        sleep(0.05)


@contextmanager
def silent_listener() -> Iterator[int]:
    """A server that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]
