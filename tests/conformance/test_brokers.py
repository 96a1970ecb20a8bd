"""One suite over the embedded broker and RabbitMQ: what the ports promise."""

import hashlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from schemas.exchanges import DEAD, DOCUMENTS, EVENTS, RECEIPTS, REJECTIONS
from tests.building.brokers import (
    EVENT_TYPE,
    PATIENCE,
    SILENCE,
    BrokerUnderTest,
    directory,
    event,
    is_empty,
    letter,
    names,
    receive,
)
from workers.brokers import (
    Intake,
    OutgoingMessage,
    Oversize,
    PublishOutcome,
    rabbitmq_intake,
    sqlite_transport,
)
from workers.brokers.address import rabbit_address
from workers.brokers.oversize import HEAD_BYTES
from workers.brokers.topology import (
    DOCUMENTS_QUEUE,
    REJECTIONS_QUEUE,
    UNASSIGNED_QUEUE,
    letters_queue,
)

ROOT = Path(__file__).parent.parent.parent
#: bytes of the largest message that is taken here
MOST = 100_000
CONFIRMED, RETURNED = PublishOutcome.CONFIRMED, PublishOutcome.RETURNED


@pytest.fixture(params=["embedded", pytest.param("rabbitmq", marks=pytest.mark.rabbitmq)])
def broker(request: pytest.FixtureRequest, tmp_path: Path) -> BrokerUnderTest:
    """A broker of this test's own, declared."""
    embedded = f"embedded://{tmp_path}/broker.db"
    url = embedded if request.param == "embedded" else request.getfixturevalue("rabbitmq_url")
    under_test = BrokerUnderTest(url=url, directory=directory())
    under_test.declare()
    return under_test


@pytest.fixture
def intake(broker: BrokerUnderTest) -> Iterator[Intake]:
    opened = broker.intake()
    yield opened
    opened.close()


def test_what_is_published_arrives_with_body_exchange_and_routing_key(
    broker: BrokerUnderTest, intake: Intake
) -> None:
    assert broker.publish(event("e1")) == [CONFIRMED]
    (delivery,) = receive(intake, 1)
    assert (delivery.body, delivery.exchange) == (event("e1").body, EVENTS)
    assert delivery.routing_key == EVENT_TYPE


def test_messages_of_a_queue_come_in_the_order_of_publishing(
    broker: BrokerUnderTest, intake: Intake
) -> None:
    expected = [f"e{index}" for index in range(600)]
    broker.publish(*(event(name) for name in expected))
    assert names(receive(intake, 600)) == expected


def test_an_empty_queue_gives_nothing(intake: Intake) -> None:
    assert is_empty(intake)


def test_settled_messages_do_not_come_again(broker: BrokerUnderTest, intake: Intake) -> None:
    broker.publish(event("e1"), event("e2"))
    receive(intake, 2)
    intake.close()
    assert is_empty(intake)


def test_unsettled_messages_come_again_after_close_in_their_order(
    broker: BrokerUnderTest, intake: Intake
) -> None:
    broker.publish(*(event(f"e{index}") for index in range(5)))
    received = receive(intake, 5, settle=False)
    intake.settle(received[:2])
    intake.close()
    assert names(receive(intake, 3)) == ["e2", "e3", "e4"]
    assert is_empty(intake)


def test_unsettled_messages_do_not_come_twice_on_one_connection(
    broker: BrokerUnderTest, intake: Intake
) -> None:
    broker.publish(event("e1"))
    assert len(receive(intake, 1, settle=False)) == 1
    assert is_empty(intake)


def test_messages_may_be_settled_in_another_order(broker: BrokerUnderTest, intake: Intake) -> None:
    broker.publish(*(event(f"e{index}") for index in range(4)))
    received = receive(intake, 4, settle=False)
    intake.settle([received[3], received[1]])
    intake.close()
    assert names(receive(intake, 2)) == ["e0", "e2"]


def test_no_more_than_the_limit_is_given(broker: BrokerUnderTest, intake: Intake) -> None:
    broker.publish(*(event(f"e{index}") for index in range(5)))
    assert len(intake.receive(limit=2, wait=PATIENCE)) <= 2


def test_declaring_again_changes_nothing(broker: BrokerUnderTest, intake: Intake) -> None:
    broker.publish(event("e1"))
    broker.declare()
    assert names(receive(intake, 1)) == ["e1"]


def test_a_bank_that_is_added_later_gets_its_queue(broker: BrokerUnderTest) -> None:
    larger = replace(broker, directory=directory("icbc", "abc", "ccb"))
    larger.declare()
    assert larger.publish(letter("l1", bank="ccb")) == [CONFIRMED]
    assert names(larger.mailbox().read(letters_queue("ccb"), limit=5, remove=True)) == ["l1"]


@pytest.mark.parametrize(
    ("message", "queue"),
    [
        (letter("l1", bank="icbc"), letters_queue("icbc")),
        (letter("l1", bank=None), UNASSIGNED_QUEUE),
        (replace(event("d1"), exchange=DOCUMENTS, routing_key="430111.case"), DOCUMENTS_QUEUE),
        (replace(event("r1"), exchange=REJECTIONS, routing_key="county"), REJECTIONS_QUEUE),
    ],
)
def test_what_leaves_lies_in_its_default_queue(
    broker: BrokerUnderTest, message: OutgoingMessage, queue: str
) -> None:
    assert broker.publish(message) == [CONFIRMED]
    (lying,) = broker.mailbox().read(queue, limit=5, remove=False)
    assert (lying.body, lying.exchange) == (message.body, message.exchange)


def test_a_letter_lies_in_its_own_banks_queue_only(broker: BrokerUnderTest) -> None:
    broker.publish(letter("l1", bank="icbc"))
    assert broker.mailbox().read(letters_queue("abc"), limit=5, remove=False) == []


def test_a_message_that_no_queue_takes_is_returned_and_the_others_are_not(
    broker: BrokerUnderTest,
) -> None:
    outcomes = broker.publish(
        letter("l1", bank="icbc"), letter("l2", bank="nobody"), letter("l3", bank="abc")
    )
    assert outcomes == [CONFIRMED, RETURNED, CONFIRMED]


def test_equal_message_ids_get_their_own_outcomes(broker: BrokerUnderTest) -> None:
    outcomes = broker.publish(letter("l1", bank="nobody"), letter("l1", bank="icbc"))
    assert outcomes == [RETURNED, CONFIRMED]


def test_publishing_nothing_has_no_outcome(broker: BrokerUnderTest) -> None:
    assert broker.publish() == []


def test_an_outlet_serves_again_after_close(broker: BrokerUnderTest, intake: Intake) -> None:
    outlet = broker.outlet()
    outlet.publish([event("e1")])
    outlet.close()
    assert outlet.publish([event("e2")]) == [CONFIRMED]
    outlet.close()
    assert names(receive(intake, 2)) == ["e1", "e2"]


@pytest.mark.parametrize(
    "body",
    [b"", b"\xff\xfe\x00", b"not json", b"\x80\x04\x95pickle", b"\x00" * 3, "𠅤㛃䶮".encode()],
    ids=["empty", "no UTF-8", "no JSON", "pickle", "NUL", "4-byte characters"],
)
def test_bodies_come_as_the_bytes_that_were_sent(
    broker: BrokerUnderTest, intake: Intake, body: bytes
) -> None:
    broker.publish(event("e1", body=body))
    assert [delivery.body for delivery in receive(intake, 1)] == [body]


def test_a_message_of_a_megabyte_arrives_whole(broker: BrokerUnderTest, intake: Intake) -> None:
    body = os.urandom(1024) * 1024
    broker.publish(event("large", body=body), event("small"))
    assert [delivery.body for delivery in receive(intake, 2)] == [body, event("small").body]


def test_of_a_message_larger_than_is_taken_head_size_and_digest_are_kept(
    broker: BrokerUnderTest,
) -> None:
    user = "county" if broker.is_embedded else rabbit_address(broker.url).user
    bodies = [os.urandom(size) for size in (MOST, MOST + 1, 30 * MOST + 7)]
    broker.publish(*(event("e", body=body, user_id=user) for body in bodies), event("small"))
    with closing(broker.intake(most=MOST)) as intake:
        whole, larger, largest, small = receive(intake, 4)
        assert is_empty(intake)
    assert (whole.body, whole.oversize) == (bodies[0], None)
    assert (small.body, small.oversize) == (event("small").body, None)
    for delivery, body in ((larger, bodies[1]), (largest, bodies[2])):
        assert delivery.body == body[:HEAD_BYTES]
        digest = hashlib.sha256(body).hexdigest()
        assert delivery.oversize == Oversize(size=len(body), sha256=digest)
        assert (delivery.user_id, delivery.exchange) == (user, EVENTS)


def test_no_publisher_can_say_that_its_message_was_larger(
    broker: BrokerUnderTest, intake: Intake
) -> None:
    broker.publish(replace(event("e1"), message_id=f"9999:{'a' * 64}"))
    assert [delivery.oversize for delivery in receive(intake, 1)] == [None]


def test_a_large_message_that_is_not_settled_comes_again(broker: BrokerUnderTest) -> None:
    broker.publish(event("e1", body=bytes(3 * MOST)), event("e2"))
    with closing(broker.intake(most=MOST)) as intake:
        first = receive(intake, 2, settle=False)
        intake.close()
        again = receive(intake, 2)
    assert [delivery.oversize for delivery in again] == [delivery.oversize for delivery in first]


def test_what_is_ahead_of_the_reader_is_bounded_in_bytes(
    broker: BrokerUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (rabbitmq_intake, sqlite_transport):
        monkeypatch.setattr(module, "AHEAD_BYTES", 8 * MOST)
    broker.publish(*(event("e", body=bytes(MOST)) for _ in range(20)))
    with closing(broker.intake(most=MOST)) as intake:
        sizes = [len(intake.receive(limit=20, wait=PATIENCE))]
        # no more comes before what came is settled, or before it is asked for
        sizes += [len(intake.receive(limit=20, wait=SILENCE))]
        # and the one that is asked for to learn how many there are
        assert max(sizes) <= 9
        intake.close()
        assert len(receive(intake, 20)) == 20


def test_several_publishers_lose_nothing(broker: BrokerUnderTest, intake: Intake) -> None:
    def publish(publisher: int) -> None:
        outlet = broker.outlet()
        for start in range(0, 40, 10):
            outlet.publish([event(f"{publisher}-{start + at}") for at in range(10)])
        outlet.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(publish, range(4)))
    received = names(receive(intake, 160))
    assert sorted(received) == sorted(f"{who}-{at}" for who in range(4) for at in range(40))
    for who in range(4):
        assert [name for name in received if name.startswith(f"{who}-")] == [
            f"{who}-{at}" for at in range(40)
        ]


def test_the_senders_user_id_is_passed_on(broker: BrokerUnderTest, intake: Intake) -> None:
    # RabbitMQ takes no other than the publisher's login; the embedded broker has no logins
    user = "county" if broker.is_embedded else rabbit_address(broker.url).user
    broker.publish(event("e1", user_id=user))
    assert [delivery.user_id for delivery in receive(intake, 1)] == [user]


def test_a_dead_letter_comes_back_as_an_event(broker: BrokerUnderTest, intake: Intake) -> None:
    broker.publish(replace(event("e1"), exchange=DEAD))
    (delivery,) = receive(intake, 1)
    assert (names([delivery]), delivery.exchange) == (["e1"], EVENTS)
    intake.close()
    assert is_empty(intake)


def test_a_dead_receipt_never_counts_as_an_upstream_event(
    broker: BrokerUnderTest, intake: Intake
) -> None:
    receipt = "hanyin.letter.receipted.v1"
    broker.publish(replace(event("e1"), exchange=DEAD, routing_key=receipt))
    assert [delivery.exchange for delivery in receive(intake, 1)] == [RECEIPTS]


def test_reading_a_queue_leaves_it_as_it_was_unless_told_otherwise(
    broker: BrokerUnderTest,
) -> None:
    broker.publish(letter("l1", bank="icbc"), letter("l2", bank="icbc"))
    mailbox, queue = broker.mailbox(), letters_queue("icbc")
    assert names(mailbox.read(queue, limit=1, remove=False)) == ["l1"]
    assert names(mailbox.read(queue, limit=1, remove=True)) == ["l1"]
    assert names(mailbox.read(queue, limit=5, remove=True)) == ["l2"]
    assert mailbox.read(queue, limit=5, remove=True) == []


RECEIVER = """
import json, os, sys
from tests.building.brokers import directory
from workers.brokers.opening import open_intake

intake = open_intake(sys.argv[1], directory())
with open(sys.argv[2], "a") as inbox:
    while True:
        deliveries = intake.receive(limit=7, wait=1.0)
        for delivery in deliveries:
            inbox.write(json.loads(delivery.body)["id"] + "\\n")
        inbox.flush()
        os.fsync(inbox.fileno())
        print(len(deliveries), flush=True)
        if sys.argv[3] == "settles":
            intake.settle(deliveries)
"""


PUBLISHER = """
import sys
from tests.building.brokers import directory, event
from workers.brokers.opening import open_outlet

outlet = open_outlet(sys.argv[1], directory())
for number in range(100000):
    names = [f"e{number}-{at}" for at in range(3)]
    outcomes = outlet.publish([event(name) for name in names])
    print(*(name for name, outcome in zip(names, outcomes) if outcome == "confirmed"), flush=True)
"""

Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts a Python process with these arguments; it is gone after the test."""
    started: list[subprocess.Popen[str]] = []

    def run(program: str, *arguments: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", program, *arguments],
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
        )
        started.append(process)
        return process

    yield run
    for process in started:
        process.kill()
        process.communicate()


def test_a_receiver_killed_before_it_settles_loses_nothing(
    broker: BrokerUnderTest, intake: Intake, start: Start, tmp_path: Path
) -> None:
    broker.publish(*(event(f"e{index}") for index in range(5)))
    process = start(RECEIVER, broker.url, str(tmp_path / "inbox"), "never settles")
    received = 0
    while received < 5:
        received += int(_line(process))
    _kill(process)
    assert names(receive(intake, 5)) == [f"e{index}" for index in range(5)]


def test_receivers_killed_at_any_moment_lose_nothing(
    broker: BrokerUnderTest, intake: Intake, start: Start, tmp_path: Path
) -> None:
    expected = {f"e{index}" for index in range(200)}
    broker.publish(*(event(name) for name in sorted(expected)))
    for lines in range(1, 6):
        process = start(RECEIVER, broker.url, str(tmp_path / "inbox"), "settles")
        for _ in range(lines):
            _line(process)
        _kill(process)
    inbox = set((tmp_path / "inbox").read_text().split())
    assert 0 < len(inbox) < len(expected)
    while deliveries := intake.receive(limit=50, wait=2.0):
        intake.settle(deliveries)
        inbox.update(names(deliveries))
    assert inbox == expected


def test_what_a_killed_publisher_was_told_is_there_is_there(
    broker: BrokerUnderTest, intake: Intake, start: Start
) -> None:
    process = start(PUBLISHER, broker.url)
    confirmed = {name for _ in range(10) for name in _line(process).split()}
    _kill(process)
    assert process.stdout is not None
    confirmed.update(name for line in process.stdout for name in line.split())
    received: set[str] = set()
    while deliveries := intake.receive(limit=50, wait=2.0):
        intake.settle(deliveries)
        received.update(names(deliveries))
    assert len(confirmed) >= 30
    assert confirmed <= received


def _line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline()


def _kill(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGKILL)
    process.wait()
