"""Addresses, topology, permissions, confirms and event messages, without any broker."""

import re
import socket
from pathlib import Path

import pytest

from schemas.configuration import Bank, Directory, Source
from schemas.errors import Misconfigured
from schemas.exchanges import DEAD, EVENTS, RECEIPTS
from tests.building.brokers import directory, event
from workers.brokers import PublishOutcome
from workers.brokers.address import embedded_path, rabbit_address, scheme_of
from workers.brokers.confirms import Batch, Confirms
from workers.brokers.permissions import (
    bank_permissions,
    bank_topic_permissions,
    program_permission,
    source_permissions,
)
from workers.brokers.rabbitmq_outlet import WINDOW_BYTES, WINDOW_MESSAGES, windows
from workers.brokers.topology import (
    DEAD_QUEUE,
    INTAKE_QUEUE,
    REJECTIONS_QUEUE,
    letters_queue,
    origin_of_dead_letter,
    rejections_queue,
    topology_of,
)

CONFIRMED, RETURNED, REFUSED = PublishOutcome


# -- addresses


def test_a_rabbitmq_url_is_taken_apart_with_its_percent_signs() -> None:
    address = rabbit_address("amqp://us%40er:p%2Fw@rabbit.example:5673/ha%2Fnyin")
    assert (address.host, address.port, address.virtual_host) == (
        "rabbit.example",
        5673,
        "ha/nyin",
    )
    assert (address.user, address.password, address.tls) == ("us@er", "p/w", False)


@pytest.mark.parametrize(
    ("url", "port", "virtual_host"),
    [
        ("amqp://host", 5672, "/"),
        ("amqp://host/", 5672, "/"),
        ("amqp://host/%2F", 5672, "/"),
        ("amqps://host/hanyin", 5671, "hanyin"),
        ("amqps://[::1]:5000", 5000, "/"),
    ],
)
def test_what_a_url_leaves_out_is_rabbitmqs_default(url: str, port: int, virtual_host: str) -> None:
    address = rabbit_address(url)
    assert (address.port, address.virtual_host) == (port, virtual_host)


def test_neither_text_of_an_address_holds_the_password() -> None:
    address = rabbit_address("amqps://user:geheim@host/vhost", ca_file=Path("/ca.pem"))
    assert "geheim" not in f"{address} {address!r}"
    assert str(address) == "amqps://host:5671/vhost"


def test_the_nodes_of_a_cluster_stand_side_by_side() -> None:
    address = rabbit_address("amqps://user:geheim@a:1,b,[::1]:3/vhost")
    assert (address.host, address.port, address.others) == ("a", 1, (("b", 5671), ("::1", 3)))
    assert str(address) == "amqps://a:1,b:5671,::1:3/vhost"


def test_a_node_that_answers_is_taken_from_wherever_it_stands() -> None:
    with socket.create_server(("127.0.0.1", 0)) as node:
        port = node.getsockname()[1]
        for nodes in (f"127.0.0.1:1,127.0.0.1:{port}", f"127.0.0.1:{port},127.0.0.1:1"):
            at_hand = rabbit_address(f"amqp://{nodes}/vhost").at_hand()
            assert (at_hand.host, at_hand.port, at_hand.others) == ("127.0.0.1", port, ())


def test_where_no_node_answers_the_first_try_says_so() -> None:
    at_hand = rabbit_address("amqp://127.0.0.1:1,127.0.0.1:2/vhost").at_hand()
    assert at_hand.port in {1, 2}


@pytest.mark.parametrize(
    "url",
    [
        "",
        "geheim",
        "amqp://user:geheim@a,,b/",
        "amqp://user:geheim@a,b:port/",
        "redis://:geheim@host",
        "amqp://",
        "amqp://user:geheim@:5672/",
        "amqp://user:geheim@host:port/",
        "amqp://user:geheim@host:99999/",
        "amqp://user:geheim@host/?heartbeat=1",
        "amqp://user:geheim@[::1/",
    ],
)
def test_a_wrong_url_names_the_setting_and_not_the_password(url: str) -> None:
    with pytest.raises(Misconfigured, match="HANYIN_BROKER_URL") as caught:
        rabbit_address(url)
    assert "geheim" not in f"{caught.value!r} {caught.value.__cause__!r}"


def test_an_embedded_url_is_a_path() -> None:
    assert embedded_path("embedded:///var/h%20n/broker.db") == Path("/var/h n/broker.db")
    assert scheme_of("embedded:///var/broker.db") == "embedded"


# -- topology


def test_every_exchange_has_a_queue_and_every_queue_a_binding() -> None:
    topology = topology_of(directory("icbc"))
    bound = {binding.exchange for binding in topology.bindings}
    assert {exchange.name for exchange in topology.exchanges} - bound == set()
    assert {queue.name for queue in topology.queues} == {
        binding.queue for binding in topology.bindings
    }


def test_every_queue_is_a_quorum_queue_that_drops_nothing() -> None:
    for queue in topology_of(directory()).queues:
        assert queue.arguments["x-queue-type"] == "quorum"
        # from RabbitMQ 4 the default is 20, and -1 for never is not known to 3.10
        assert queue.arguments["x-delivery-limit"] >= 1000
        assert not {"x-message-ttl", "x-max-length", "x-expires"} & set(queue.arguments)


def test_what_leaves_the_intake_queue_undelivered_arrives_in_the_dead_letter_queue() -> None:
    topology = topology_of(directory())
    (intake,) = [queue for queue in topology.queues if queue.name == INTAKE_QUEUE]
    assert intake.arguments["x-dead-letter-exchange"] == DEAD
    assert intake.arguments["x-dead-letter-strategy"] == "at-least-once"
    assert intake.arguments["x-overflow"] == "reject-publish"
    assert [binding.queue for binding in topology.bindings if binding.exchange == DEAD] == [
        DEAD_QUEUE
    ]


def test_no_bank_may_be_named_as_the_queue_of_those_that_are_not_configured() -> None:
    with pytest.raises(Misconfigured, match="unassigned"):
        topology_of(directory("unassigned"))


def test_a_dead_letter_with_a_receipts_routing_key_was_a_receipt() -> None:
    assert origin_of_dead_letter("hanyin.letter.receipted.v1") == RECEIPTS
    assert origin_of_dead_letter("hanyin.overpayment.confirmed.v1") == EVENTS


# -- permissions


def test_a_bank_reads_its_own_queue_and_no_other() -> None:
    (rule, other) = bank_permissions(directory("icbc", "icbc-2"))
    assert re.search(rule.read, letters_queue("icbc"))
    assert re.search(rule.read, rejections_queue("icbc"))
    assert not re.search(rule.read, rejections_queue("icbc-2"))
    assert not re.search(rule.read, REJECTIONS_QUEUE)
    for queue in (letters_queue("icbc-2"), "letters_bank_icbc", f"x{letters_queue('icbc')}"):
        assert not re.search(rule.read, queue)
    assert re.search(other.read, letters_queue("icbc-2"))


def test_a_bank_writes_receipts_and_nothing_else() -> None:
    banks = directory("icbc")
    ((rule,), (topic,)) = bank_permissions(banks), bank_topic_permissions(banks)
    assert re.search(rule.write, RECEIPTS)
    assert not re.search(rule.write, EVENTS)
    assert not re.search(rule.write, "hanyinxreceipts")
    assert (topic.exchange, rule.configure) == (RECEIPTS, "^$")
    assert re.search(topic.write, "hanyin.letter.receipted.v1")
    assert not re.search(topic.write, "hanyin.overpayment.confirmed.v1")


def test_a_bank_without_a_user_gets_no_rule() -> None:
    banks = Directory(agencies=[], banks=[Bank(name="icbc", codes=["102"])], sources=[])
    assert bank_permissions(banks) == []
    assert bank_topic_permissions(banks) == []


def test_two_sources_of_one_user_make_one_rule() -> None:
    sources = [
        Source(slug=slug, source=f"/{slug}", agencies=[], user="county") for slug in ("a", "b")
    ]
    rules = source_permissions(Directory(agencies=[], banks=[], sources=sources))
    assert [(rule.user, rule.read) for rule in rules] == [("county", "^$")]


def test_the_workers_may_declare_the_whole_topology() -> None:
    topology, rule = topology_of(directory()), program_permission("workers")
    names = [entry.name for entry in topology.exchanges] + [entry.name for entry in topology.queues]
    assert all(re.search(rule.configure, name) for name in names)
    assert not re.search(rule.configure, "somebody.else")


def test_a_rule_is_the_words_of_rabbitmqctl() -> None:
    (rule,) = bank_permissions(directory("icbc"))
    assert rule.words("/") == [
        "set_permissions",
        "-p",
        "/",
        "icbc",
        "^$",
        r"^hanyin\.receipts$",
        r"^(letters\.bank\.icbc|rejections\.bank\.icbc)$",
    ]


# -- confirms


def batch_of(confirms: Confirms, size: int) -> Batch:
    batch = Batch([event(f"e{index}") for index in range(size)])
    for index in range(size):
        confirms.expect(batch, index)
    return batch


def test_outcomes_stand_in_the_order_of_the_messages_whatever_order_they_come_in() -> None:
    confirms = Confirms()
    batch = batch_of(confirms, 3)
    confirms.settled(3, multiple=False, refused=True)
    confirms.returned(2)
    assert not batch.done.done()
    confirms.settled(2, multiple=True, refused=False)
    assert batch.done.result(0) == [CONFIRMED, RETURNED, REFUSED]


def test_one_confirm_may_settle_several_calls() -> None:
    confirms = Confirms()
    first, second = batch_of(confirms, 2), batch_of(confirms, 2)
    confirms.settled(3, multiple=True, refused=False)
    assert first.done.result(0) == [CONFIRMED, CONFIRMED]
    assert not second.done.done()
    confirms.settled(4, multiple=False, refused=False)
    assert second.done.result(0) == [CONFIRMED, CONFIRMED]


def test_a_tag_that_was_settled_before_settles_nothing() -> None:
    confirms = Confirms()
    batch = batch_of(confirms, 2)
    confirms.settled(1, multiple=False, refused=False)
    confirms.settled(1, multiple=False, refused=True)
    confirms.settled(2, multiple=True, refused=False)
    assert batch.done.result(0) == [CONFIRMED, CONFIRMED]


# -- windows


def test_windows_keep_the_order_and_lose_nothing() -> None:
    messages = [event(f"e{index}") for index in range(2 * WINDOW_MESSAGES + 1)]
    pieces = list(windows(messages))
    assert [len(piece) for piece in pieces] == [WINDOW_MESSAGES, WINDOW_MESSAGES, 1]
    assert [message for piece in pieces for message in piece] == messages


def test_a_window_is_closed_before_it_grows_too_large() -> None:
    large = event("large", body=bytes(WINDOW_BYTES))
    assert [len(piece) for piece in windows([event("e1"), large, large, event("e2")])] == [
        1,
        1,
        1,
        1,
    ]
