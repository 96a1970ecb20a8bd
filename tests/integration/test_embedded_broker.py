"""The embedded broker beside other programs, and on a file that is not as it should be."""

import hashlib
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from time import sleep
from typing import Any

import kombu
import pytest

from schemas.errors import Misconfigured, Unavailable
from schemas.exchanges import EVENTS
from tests.building.brokers import (
    PATIENCE,
    SILENCE,
    BrokerUnderTest,
    directory,
    event,
    is_empty,
    names,
    receive,
)
from workers.brokers import Intake, Oversize, PublishOutcome
from workers.brokers.address import embedded_path
from workers.brokers.oversize import HEAD_BYTES
from workers.brokers.sqlite_transport import DurableChannel
from workers.brokers.stored_row import StoredRow
from workers.brokers.topology import INTAKE_QUEUE

#: looks where nobody has written; a dozen where each pause ends with one
_FEW = 4


@pytest.fixture
def broker(tmp_path: Path) -> BrokerUnderTest:
    under_test = BrokerUnderTest(url=f"embedded://{tmp_path}/broker.db", directory=directory())
    under_test.declare()
    return under_test


@pytest.fixture
def intake(broker: BrokerUnderTest) -> Iterator[Intake]:
    opened = broker.intake()
    yield opened
    opened.close()


@pytest.fixture
def plain_kombu(broker: BrokerUnderTest) -> Iterator[kombu.Connection]:
    """kombu's own transport on the same file, as any other program would use it."""
    with kombu.Connection(f"sqla+sqlite:///{embedded_path(broker.url)}") as connection:
        yield connection
        for engine, _ in connection.default_channel._engines.values():
            engine.dispose()


#: kombu's own channel goes through SQLAlchemy's ORM in a way that 2.1 warns of; ours does not
plain_kombu_warns = pytest.mark.filterwarnings("ignore:The ``noload`` loader strategy")

INTAKE = kombu.Queue(INTAKE_QUEUE, kombu.Exchange(EVENTS, type="topic"), routing_key="#")


@plain_kombu_warns
@pytest.mark.parametrize("compression", [None, "zlib"])
def test_any_program_with_kombu_can_publish_and_its_bytes_arrive(
    plain_kombu: kombu.Connection, intake: Intake, compression: str | None
) -> None:
    plain_kombu.Producer().publish(
        b'{"id": "e1"}',
        exchange=EVENTS,
        routing_key="a.b",
        declare=[INTAKE],
        content_type="application/x-python-serialize",
        content_encoding="binary",
        compression=compression,
        user_id="county",
    )
    (delivery,) = receive(intake, 1)
    assert (delivery.routing_key, delivery.user_id) == ("a.b", "county")
    # what the sender packed stays packed: a few bytes may unpack to gigabytes
    assert (delivery.body == b'{"id": "e1"}') is (compression is None)


@plain_kombu_warns
def test_what_a_plain_kombu_consumer_took_away_is_found_again_in_its_place(
    broker: BrokerUnderTest, plain_kombu: kombu.Connection, intake: Intake
) -> None:
    broker.publish(event("e1"), event("e2"))
    assert plain_kombu.default_channel.basic_get(INTAKE_QUEUE, no_ack=True) is not None
    assert names(receive(intake, 2)) == ["e1", "e2"]


def test_a_delivery_keeps_its_id_when_it_comes_again(
    broker: BrokerUnderTest, intake: Intake
) -> None:
    broker.publish(event("e1"), event("e1"))
    first = [delivery.delivery_id for delivery in receive(intake, 2, settle=False)]
    intake.close()
    assert [delivery.delivery_id for delivery in receive(intake, 2)] == first
    assert len(set(first)) == 2


def test_only_one_process_receives_at_a_time(broker: BrokerUnderTest, intake: Intake) -> None:
    broker.publish(event("e1"))
    receive(intake, 1, settle=False)
    second = broker.intake()
    with closing(second):
        with pytest.raises(Unavailable, match="another process"):
            second.receive(limit=1, wait=0)
        intake.close()
        assert names(receive(second, 1)) == ["e1"]


def test_rows_are_looked_for_only_when_somebody_has_written(
    broker: BrokerUnderTest, intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[int] = []
    peek = DurableChannel.peek

    def counted(self: DurableChannel, *args: Any, **values: Any) -> list[StoredRow]:
        found = peek(self, *args, **values)
        looks.append(len(found))
        return found

    monkeypatch.setattr(DurableChannel, "peek", counted)
    assert intake.receive(limit=10, wait=5 * SILENCE) == []
    # at the beginning and at the end; now and then once more, when a checkpoint was written
    assert looks.count(0) == len(looks) <= _FEW
    before = len(looks)

    outlet = broker.outlet()
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(intake.receive, limit=10, wait=PATIENCE)
        while len(looks) == before:
            sleep(0.01)
        outlet.publish([event("e1")])
        assert names(waiting.result()) == ["e1"]
    outlet.close()
    assert sum(looks) == 1
    assert len(looks) - before <= _FEW


def test_settled_messages_leave_nothing_in_the_file(
    broker: BrokerUnderTest, intake: Intake
) -> None:
    broker.publish(event("e1"))
    receive(intake, 1)
    with closing(sqlite3.connect(embedded_path(broker.url))) as database:
        assert database.execute("select count(*) from kombu_message").fetchone() == (0,)


def test_a_commit_survives_a_power_cut_and_readers_do_not_block(broker: BrokerUnderTest) -> None:
    with closing(sqlite3.connect(embedded_path(broker.url))) as database:
        assert database.execute("pragma journal_mode").fetchone() == ("wal",)


def test_nobody_else_may_read_the_file(broker: BrokerUnderTest) -> None:
    assert embedded_path(broker.url).stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "payload", ["no JSON", "[]", "{}", '{"body": 7}', '{"properties": {"delivery_tag": null}}']
)
def test_a_row_that_kombu_did_not_write_is_delivered_as_it_is(
    broker: BrokerUnderTest, intake: Intake, payload: str
) -> None:
    _write_row(broker, payload)
    broker.publish(event("after"))
    assert [delivery.body for delivery in receive(intake, 2)] == [
        payload.encode(),
        event("after").body,
    ]


def test_a_body_that_is_no_base64_is_delivered_as_it_is(
    broker: BrokerUnderTest, intake: Intake
) -> None:
    _write_row(broker, '{"body": "a", "properties": {"body_encoding": "base64"}}')
    assert [delivery.body for delivery in receive(intake, 1)] == [b"a"]


def test_a_file_that_is_no_database_is_unavailable_and_stays_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "broker.db"
    path.write_bytes(b"letters" * 1000)
    broken = BrokerUnderTest(url=f"embedded://{path}", directory=directory())
    with pytest.raises(Unavailable, match=r"broker\.db"):
        broken.publish(event("e1"))
    assert path.read_bytes() == b"letters" * 1000


def test_a_publisher_waits_for_another_process_that_writes(broker: BrokerUnderTest) -> None:
    with (
        closing(sqlite3.connect(embedded_path(broker.url), isolation_level=None)) as database,
        ThreadPoolExecutor(1) as pool,
    ):
        database.execute("begin immediate")
        published = pool.submit(broker.publish, event("e1"))
        with pytest.raises(TimeoutError):
            published.result(timeout=0.5)
        database.execute("commit")
        assert published.result() == [PublishOutcome.CONFIRMED]


def test_a_receiver_reads_while_another_process_writes(
    broker: BrokerUnderTest, intake: Intake
) -> None:
    broker.publish(event("e1"))
    receive(intake, 1)
    with closing(sqlite3.connect(embedded_path(broker.url), isolation_level=None)) as database:
        database.execute("begin immediate")
        assert is_empty(intake)


def test_nothing_of_a_batch_is_there_when_one_message_fails(
    broker: BrokerUnderTest, intake: Intake
) -> None:
    outlet = broker.outlet()
    unfit = event("e2", body="no bytes")  # type: ignore[arg-type]
    with closing(outlet), pytest.raises(AttributeError):
        outlet.publish([event("e1"), unfit, None])  # type: ignore[list-item]
    assert is_empty(intake)


def test_a_queue_that_nobody_declared_is_named(broker: BrokerUnderTest) -> None:
    with pytest.raises(Unavailable, match=r"letters\.bank\.nobody"):
        broker.mailbox().read("letters.bank.nobody", limit=1, remove=False)


@pytest.mark.parametrize("url", ["embedded://broker.db", "embedded:///", "embedded:///a?b=c"])
def test_a_path_that_cannot_be_one_is_a_setting_to_correct(url: str) -> None:
    with pytest.raises(Misconfigured, match="HANYIN_BROKER_URL"):
        BrokerUnderTest(url=url, directory=directory()).outlet()


def _write_row(broker: BrokerUnderTest, payload: str) -> None:
    with closing(sqlite3.connect(embedded_path(broker.url))) as database, database:
        database.execute(
            "insert into kombu_message (visible, payload, version, queue_id) "
            "select 1, ?, 1, id from kombu_queue where name = ?",
            (payload, INTAKE_QUEUE),
        )


LARGE = 3_000_000


@pytest.mark.parametrize(
    "payload",
    [
        # not what kombu writes: kept by the bytes of the row
        "x" * LARGE,
        '{"body": "' + "A" * LARGE,
        '{"body": "' + "A" * LARGE + '", "properties": {"body_encoding": null}}',
        '{"body": "' + "A" * LARGE + '", "properties": 7}',
        '{"body": "' + "A=B-" * (LARGE // 4) + '", "properties": {"body_encoding": "base64"}}',
        '{"body": "AAAA", "x": "' + "A" * LARGE + '"}',
        '{"body": "' + "A" * LARGE + '", ' + "[" * 60_000,
        '{"x": "' + "A" * LARGE + '"}',
        '{"body": "' + "A" * LARGE + '", "properties": {"body_encoding": "base64"}} \udcff',
    ],
)
def test_a_large_row_that_is_no_envelope_is_kept_by_its_head_and_digest(
    broker: BrokerUnderTest, payload: str
) -> None:
    raw = payload.encode("utf-8", "replace")
    broker.publish(event("e1"))
    with closing(sqlite3.connect(embedded_path(broker.url))) as file, file:
        file.execute("UPDATE kombu_message SET payload = ?", (raw.decode(),))
    with closing(broker.intake(most=100_000)) as intake:
        (delivery,) = receive(intake, 1)
        assert is_empty(intake)
    assert delivery.body == raw[:HEAD_BYTES]
    assert delivery.oversize == Oversize(size=len(raw), sha256=hashlib.sha256(raw).hexdigest())
    assert delivery.user_id is None
