"""Places of a benchmark's own on the servers of ``tests.servers``, and Hanyin at work there."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pika
import psycopg
from minio import Minio

from commands.county import month_of_cases
from schemas.exchanges import EVENTS
from tests.servers.addresses import postgresql_address, rabbitmq_address, s3_address
from workers.usage import Usage, usage

#: seconds after which a run is given up
_PATIENCE = 1800.0
#: between two looks
_LOOK_SECONDS = 0.2
#: what is not over yet: each of it by an index, however much there is
_LEFT = (
    "select (select count(*) from inbox where state = 'received')"
    " + (select count(*) from documents where state in ('planned', 'pinned', 'archived'))"
)
_ARRIVED = "select coalesce(max(seq), 0) from inbox"
_ANNOUNCED = "select count(*) from outbox where seq > %d and type = 'hanyin.document.archived.v1'"


@dataclass(frozen=True, kw_only=True)
class Round:
    """What the letters of some events took."""

    letters: int
    #: when the first event was published, seconds since 1970
    since: float
    #: seconds from then to the last announced letter
    wall: float
    #: of the workers with all that they started
    used: Usage
    #: of RabbitMQ, PostgreSQL and the store
    servers: Usage

    @property
    def rate(self) -> float:
        """Letters a second."""
        return self.letters / self.wall

    @property
    def cpu(self) -> float:
        """Milliseconds of the workers' CPU a letter."""
        return self.used.seconds / self.letters * 1000

    @property
    def servers_cpu(self) -> float:
        """Milliseconds of the servers' CPU a letter."""
        return self.servers.seconds / self.letters * 1000


class Bench:
    """Places of our own on the servers, and a home."""

    def __init__(self, folder: Path, *, producers: int) -> None:
        node, cluster, store = rabbitmq_address(), postgresql_address(), s3_address()
        if node is None or cluster is None or store is None:
            sys.exit("run me by `make bench`: I need RabbitMQ, PostgreSQL and a store")
        name = f"bench{os.getpid()}{time.time_ns() % 1_000_000}"
        node.add_vhosts(name)
        plain = cluster.replace("+psycopg", "", 1)
        with psycopg.connect(f"{plain}/postgres", autocommit=True) as connection:
            for suffix in ("hanyin", "plain"):
                connection.execute(f'create database "{name}{suffix}"'.encode())
        self.folder, self.broker, self.store = folder, node.vhost_url(name), store
        self.ledger, self.database = f"{plain}/{name}hanyin", f"{plain}/{name}plain"
        self.sqlalchemy_url = f"{cluster}/{name}hanyin"
        self.buckets = (f"{name}hanyin", f"{name}plain")
        self.variables = {
            **{key: value for key, value in os.environ.items() if not key.startswith("HANYIN_")},
            "HANYIN_HOME": str(folder / "home"),
            "HANYIN_BROKER_URL": self.broker,
            "HANYIN_DATABASE_URL": self.sqlalchemy_url,
            "HANYIN_STORAGE_URL": store.bucket_url(self.buckets[0]),
            "HANYIN_STORAGE_ACCESS_KEY": store.access_key,
            "HANYIN_STORAGE_SECRET_KEY": store.secret_key,
            "HANYIN_STORAGE_LOCK_MODE": "GOVERNANCE",
            "HANYIN_LOG_LEVEL": "error",
            "HANYIN_PRODUCERS": str(producers),
        }
        self.client = Minio(
            store.endpoint, access_key=store.access_key, secret_key=store.secret_key, secure=False
        )
        self.hanyin("migrate")
        # one connection: a new one for each look would be no small part of what is measured
        self._asking = psycopg.connect(self.ledger, autocommit=True)

    def hanyin(self, *words: str) -> None:
        """The command has run."""
        command = [sys.executable, "-m", "commands", *words]
        subprocess.run(command, env=self.variables, check=True, stdout=subprocess.DEVNULL)

    def publish(self, events: Sequence[dict[str, Any]]) -> None:
        """The events are with the broker, as a benefit system sends them."""
        connection = pika.BlockingConnection(pika.URLParameters(self.broker))
        channel = connection.channel()
        channel.confirm_delivery()
        for event in events:
            channel.basic_publish(
                exchange=EVENTS,
                routing_key=event["type"],
                body=json.dumps(event).encode(),
                properties=pika.BasicProperties(delivery_mode=2),
                mandatory=True,
            )
        connection.close()

    @contextmanager
    def working(self) -> Iterator["Working"]:
        """Workers at work, until the block's end."""
        words = [sys.executable, "-m", "commands", "work"]
        tree = subprocess.Popen(words, env=self.variables)
        try:
            yield Working(self, tree.pid)
        finally:
            tree.terminate()
            tree.wait(60)

    def documents(self) -> list[dict[str, Any]]:
        """Hanyin's letters with their states."""
        query = (
            "select document_id, kind, number, case_no, role, recipient_name, data, storage_key,"
            " state"
        )
        with psycopg.connect(self.ledger) as connection:
            rows = connection.execute(f"{query} from documents".encode()).fetchall()
        names = [part.strip() for part in query.removeprefix("select ").split(",")]
        return [dict(zip(names, row, strict=True)) for row in rows]

    def ask(self, query: str) -> int:
        """The one number that the ledger answers."""
        row = self._asking.execute(query.encode()).fetchone()
        return int(row[0]) if row else 0


class Working:
    """Hanyin at work on events."""

    def __init__(self, bench: Bench, tree: int) -> None:
        self._bench = bench
        self._tree = tree

    def make(self, events: Sequence[dict[str, Any]]) -> Round:
        """The letters of ``events`` are announced."""
        bench = self._bench
        arrived = bench.ask(_ARRIVED)
        told = bench.ask("select coalesce(max(seq), 0) from outbox")
        before, served = usage(self._tree), servers()
        since = time.time()
        bench.publish(events)
        until(lambda: bench.ask(_ARRIVED) >= arrived + len(events) and not bench.ask(_LEFT))
        wall = time.time() - since
        return Round(
            letters=bench.ask(_ANNOUNCED % told),
            since=since,
            wall=wall,
            used=usage(self._tree).since(before),
            servers=servers().since(served),
        )


def opened(count: int) -> list[dict[str, Any]]:
    """The events that open ``count`` cases, three letters each."""
    return [event for event in month_of_cases(count) if "confirmed" in event["type"]]


def until(done: Callable[[], object]) -> None:
    """Something is done; the benchmark ends where that takes too long."""
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        if done():
            return
        time.sleep(_LOOK_SECONDS)
    sys.exit("a run was given up: it took too long")


def servers() -> Usage:
    """The usage of the three servers: one command started them and this process."""
    ours = os.getppid()
    pids = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    return usage(*(pid for pid in pids if _parent(pid) == ours and pid != os.getpid()))


def _parent(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return 0
