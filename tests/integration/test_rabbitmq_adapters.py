"""What only a real RabbitMQ can do to the adapters."""

import logging
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from time import sleep
from urllib.parse import quote

import amqp
import pika
import pytest

from schemas.errors import Misconfigured, Unavailable
from schemas.exchanges import EVENTS, LETTERS
from tests.building.brokers import (
    EVENT_TYPE,
    BrokerUnderTest,
    directory,
    event,
    is_empty,
    letter,
    names,
    raw_connection,
    receive,
)
from tests.servers.absence import missing
from tests.servers.process import free_port
from tests.servers.rabbitmq import programs, rabbitmq
from tests.servers.wire import Fault, wire
from workers.brokers import Intake, rabbitmq_intake
from workers.brokers.address import rabbit_address
from workers.brokers.rabbitmq_intake import RabbitIntake
from workers.brokers.topology import DEAD_QUEUE, INTAKE_QUEUE, letters_queue

PASSWORD = "geheim-口令"


@pytest.fixture
def broker(rabbitmq_url: str) -> BrokerUnderTest:
    under_test = BrokerUnderTest(url=rabbitmq_url, directory=directory())
    under_test.declare()
    return under_test


@pytest.fixture
def intake(broker: BrokerUnderTest) -> Iterator[Intake]:
    opened = broker.intake()
    yield opened
    opened.close()


def publish_raw(
    broker: BrokerUnderTest, message: amqp.Message, *, routing_key: str | bytes
) -> None:
    with closing(raw_connection(broker.url)) as connection:
        connection.channel().basic_publish_confirm(
            message, exchange=EVENTS, routing_key=routing_key, mandatory=True
        )


@pytest.mark.parametrize(
    "properties",
    [
        {"content_type": b"\xff\xfe"},
        {"content_type": "application/x-python-serialize", "content_encoding": "binary"},
        {"content_encoding": "no-such-encoding"},
        {"application_headers": {"compression": "application/x-gzip"}},
        {"application_headers": {"compression": "no-such-compression"}},
        {"correlation_id": b"\xc3", "type": b"\x00", "message_id": b"\xed\xa0\x80"},
        {"timestamp": 2**63, "priority": 255, "expiration": "3600000"},
    ],
)
def test_no_property_of_a_message_disturbs_the_intake(
    broker: BrokerUnderTest, intake: Intake, properties: dict[str, object]
) -> None:
    publish_raw(broker, amqp.Message(b"\x00raw", **properties), routing_key=EVENT_TYPE)
    broker.publish(event("after"))
    assert [delivery.body for delivery in receive(intake, 2)] == [b"\x00raw", event("after").body]


def test_a_routing_key_that_is_no_text_is_made_printable(
    broker: BrokerUnderTest, intake: Intake
) -> None:
    publish_raw(broker, amqp.Message(b"x"), routing_key=b"a\x00\xff\n.b")
    assert [delivery.routing_key for delivery in receive(intake, 1)] == ["a???.b"]


def test_the_user_id_is_found_behind_any_other_properties(
    broker: BrokerUnderTest, intake: Intake
) -> None:
    user = rabbit_address(broker.url).user
    message = amqp.Message(
        b"x",
        content_type="a",
        content_encoding="b",
        application_headers={"n": {"deep": [1, "x"]}},
        delivery_mode=2,
        priority=1,
        correlation_id="c",
        reply_to="d",
        expiration="60000",
        message_id="e",
        timestamp=1,
        type="f",
        user_id=user,
        app_id="g",
    )
    publish_raw(broker, message, routing_key=EVENT_TYPE)
    assert [delivery.user_id for delivery in receive(intake, 1)] == [user]


def test_a_letter_is_persistent_and_says_what_it_is(broker: BrokerUnderTest) -> None:
    broker.publish(letter("l1", bank="icbc"))
    with closing(pika.BlockingConnection(pika.URLParameters(broker.url))) as connection:
        method, properties, body = connection.channel().basic_get(letters_queue("icbc"))
    assert (properties.delivery_mode, properties.content_type, properties.message_id) == (
        2,
        "application/cloudevents+json",
        "l1",
    )
    assert (properties.type, properties.user_id) == (
        "hanyin.letter.issued.v1",
        rabbit_address(broker.url).user,
    )
    assert (method.exchange, body) == (LETTERS, letter("l1", bank="icbc").body)


def test_a_message_under_another_name_is_refused_and_its_neighbours_leave(
    broker: BrokerUnderTest, intake: Intake
) -> None:
    outcomes = broker.publish(event("e1"), event("e2", user_id="somebody"), event("e3"))
    assert outcomes == ["confirmed", "refused", "confirmed"]
    # the first attempt may have brought some of them already: a repeat has the same id
    intake.receive(limit=1, wait=5)
    intake.close()
    received = set(names(intake.receive(limit=10, wait=5)))
    assert received == {"e1", "e3"}


def test_an_event_that_is_rejected_arrives_by_the_dead_letter_queue_with_its_sender(
    broker: BrokerUnderTest, intake: Intake
) -> None:
    broker.publish(event("e1"))
    with closing(pika.BlockingConnection(pika.URLParameters(broker.url))) as connection:
        channel = connection.channel()
        method = None
        while method is None:
            method, _, _ = channel.basic_get(INTAKE_QUEUE)
        channel.basic_reject(method.delivery_tag, requeue=False)
    (delivery,) = receive(intake, 1)
    assert (delivery.exchange, delivery.user_id) == (EVENTS, rabbit_address(broker.url).user)
    intake.close()
    assert is_empty(intake)


def test_living_events_come_before_dead_letters(broker: BrokerUnderTest, intake: Intake) -> None:
    broker.publish(*(replace(event(f"dead{at}"), exchange="hanyin.dead") for at in range(2)))
    broker.publish(event("e1"))
    while names(broker.mailbox().read(DEAD_QUEUE, limit=2, remove=False)) != ["dead0", "dead1"]:
        continue
    assert set(names(receive(intake, 3))) == {"dead0", "dead1", "e1"}


def test_a_missing_exchange_is_no_loss_but_an_error(rabbitmq_url: str) -> None:
    outlet = BrokerUnderTest(url=rabbitmq_url, directory=directory()).outlet()
    with closing(outlet), pytest.raises(Unavailable, match=LETTERS):
        outlet.publish([letter("l1", bank="icbc")])


def test_a_missing_queue_is_an_error_of_the_intake(rabbitmq_url: str) -> None:
    intake = BrokerUnderTest(url=rabbitmq_url, directory=directory()).intake()
    with closing(intake), pytest.raises(Unavailable, match=INTAKE_QUEUE):
        intake.receive(limit=1, wait=1)


def test_a_queue_of_other_properties_is_named(rabbitmq_url: str) -> None:
    with closing(raw_connection(rabbitmq_url)) as connection:
        connection.channel().queue_declare(INTAKE_QUEUE, durable=True, auto_delete=False)
    with pytest.raises(Misconfigured, match=INTAKE_QUEUE):
        BrokerUnderTest(url=rabbitmq_url, directory=directory()).declare()


def test_settling_what_a_lost_connection_brought_is_refused(
    broker: BrokerUnderTest, intake: Intake
) -> None:
    broker.publish(event("e1"))
    received = receive(intake, 1, settle=False)
    intake.close()
    with pytest.raises(Unavailable):
        intake.settle(received)
    assert names(receive(intake, 1)) == ["e1"]


def _with_password(url: str, password: str) -> str:
    address = rabbit_address(url)
    return url.replace(quote(address.password), quote(password))


def _errors(broker: BrokerUnderTest) -> list[str]:
    """What each way to reach the broker says."""
    said: list[str] = []
    outlet, intake = broker.outlet(), broker.intake()
    for attempt in (
        broker.declare,
        lambda: outlet.publish([event("e1")]),
        lambda: intake.receive(limit=1, wait=1),
        lambda: broker.mailbox().read(INTAKE_QUEUE, limit=1, remove=False),
    ):
        with pytest.raises((Misconfigured, Unavailable)) as caught:
            attempt()
        said.append(f"{type(caught.value).__name__} {caught.value!r} {caught.value.__cause__!r}")
    outlet.close()
    intake.close()
    return said


def test_a_refused_login_names_the_setting_and_never_the_password(
    rabbitmq_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    url = _with_password(rabbitmq_url, PASSWORD)
    said = _errors(BrokerUnderTest(url=url, directory=directory()))
    assert all("Misconfigured" in text and "HANYIN_BROKER_URL" in text for text in said)
    assert PASSWORD not in "".join(said) + caplog.text
    assert quote(PASSWORD) not in "".join(said) + caplog.text


def test_a_virtual_host_that_is_not_there_is_a_setting_to_correct(rabbitmq_url: str) -> None:
    url = rabbitmq_url.rpartition("/")[0] + "/nowhere"
    said = _errors(BrokerUnderTest(url=url, directory=directory()))
    assert all("Misconfigured" in text for text in said)


def test_a_broker_that_does_not_listen_is_unavailable() -> None:
    url = f"amqp://user:{quote(PASSWORD)}@127.0.0.1:{free_port()}/"
    said = _errors(BrokerUnderTest(url=url, directory=directory()))
    assert all("Unavailable" in text and PASSWORD not in text for text in said)


def test_messages_that_are_long_in_coming_are_expected(
    broker: BrokerUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    # its answer waits behind what is on the wire, not behind what RabbitMQ reads from its disk
    monkeypatch.setattr(RabbitIntake, "_take_dead_letter", lambda _: None)
    # two seconds for each body, in pieces ten times a second, and the reader waits half a piece
    broker.publish(*(event("large", body=bytes(1_000_000)) for _ in range(2)))
    at = broker.url.rpartition("@")[2]
    address, _, vhost = at.partition("/")
    with wire(address) as slow:
        slow.become(Fault.TRICKLES, after=500_000)
        through = replace(broker, url=broker.url.replace(at, f"{slow.endpoint}/{vhost}"))
        with closing(through.intake(most=100_000)) as intake:
            assert not intake.expects_more()
            found = intake.receive(limit=10, wait=0.05)
            assert len(found) == 1
            empty = 0
            while intake.expects_more():
                more = intake.receive(limit=10, wait=0.05)
                empty += not more
                found += more
            assert empty
            assert [delivery.oversize is not None for delivery in found] == [True] * 2
            intake.settle(found)
            assert is_empty(intake)
            assert not intake.expects_more()


def test_messages_that_another_receiver_has_are_not_expected_for_ever(
    broker: BrokerUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rabbitmq_intake, "PATIENCE", 0.5)
    broker.publish(*(event(f"e{index}") for index in range(3)))
    with closing(broker.intake()) as one, closing(broker.intake()) as other:
        # takes one ahead, and has been said that two are left
        assert len(one.receive(limit=1, wait=0)) == 1
        receive(other, 1, settle=False)
        sleep(0.6)
        assert not one.expects_more()


def test_an_intake_that_is_closed_keeps_nothing_of_what_is_still_sent(
    broker: BrokerUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    broker.publish(*(event(f"e{index}") for index in range(50)))
    with closing(broker.intake()) as intake:
        assert isinstance(intake, RabbitIntake)
        monkeypatch.setattr(intake, "_drain", lambda _seconds: False)
        intake.receive(limit=50, wait=0)
        intake.close()
        assert not intake._waiting


def test_a_broker_with_our_settings_refuses_what_is_larger_than_an_event_may_be() -> None:
    if programs() is None:
        missing("RabbitMQ", "it is not installed")
    settings = (Path(__file__).parents[2] / "deploy" / "rabbitmq.conf").read_text()
    with rabbitmq(more=settings) as node:
        broker = BrokerUnderTest(url=node.url, directory=directory())
        broker.declare()
        size = 16 * 1024 * 1024
        assert broker.publish(event("e1", body=bytes(size))) == ["confirmed"]
        assert broker.publish(event("e2", body=bytes(size + 1))) == ["refused"]
