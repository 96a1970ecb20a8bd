"""``make bench-growth``: what a ledger costs that has grown, at rest and at work, on both engines.

Each ledger is grown by ``tests.building.grown``. Workers with the embedded broker and a directory
for a store then do nothing, are scraped, and make the letters of single cases; nothing of the
grown letters is in the store, which looks at no other object when it takes one.
"""

import argparse
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

import psycopg
from rich.console import Console
from rich.table import Table

from bench.ground import opened
from commands.county import as_bytes
from ledger import packs
from ledger.database import Database
from tests.building.grown import Shares, grown
from tests.servers.addresses import postgresql_address
from tests.servers.process import free_port
from workers.logs import set_up_logs
from workers.settings import Settings
from workers.usage import usage

#: seconds for which the workers do nothing; cases that come one by one; scrapes
_IDLE, _CASES, _SCRAPES = 30.0, 5, 5
#: the new cases begin behind those that every grown ledger has
_NEW = 1000
#: seconds after which a case is given up
_PATIENCE = 900.0
_LEDGERS = ("sqlite", "postgresql")


@dataclass(frozen=True, kw_only=True)
class Grown:
    """What one ledger took."""

    name: str
    letters: int
    #: share of a core that the workers take when there is nothing to do; of PostgreSQL as well
    idle: float
    #: seconds from the end of an event's publishing to its last announced letter, median; a machine
    #: so busy that publishing takes longer than that shows 0
    announced: float
    #: seconds of a scrape, median
    scrape: float
    #: bytes of the ledger a letter, before what is over was packed, and after
    size: float
    packed: float


class Ledger:
    """One grown ledger, and a home with workers on it."""

    def __init__(self, name: str, letters: int, folder: Path, shares: Shares) -> None:
        self.name, self.home = name, folder / "home"
        self.home.mkdir()
        self.url, self._ask = self._postgresql() if name == "postgresql" else self._sqlite()
        grown(self.url, letters, shares, now=datetime.now(UTC))
        self.port = free_port()
        kept = {key: value for key, value in os.environ.items() if not key.startswith("HANYIN_")}
        self._variables = {
            **kept,
            "HANYIN_HOME": str(self.home),
            "HANYIN_DATABASE_URL": self.url,
            "HANYIN_METRICS_LISTEN": f"127.0.0.1:{self.port}",
            "HANYIN_LOG_LEVEL": "error",
            "HANYIN_PRODUCERS": "1",
        }

    def _sqlite(self) -> tuple[str, Callable[[str], int]]:
        file = self.home / "ledger.db"

        def ask(query: str) -> int:
            with sqlite3.connect(file, timeout=60) as connection:
                return int(connection.execute(query).fetchone()[0])

        return f"sqlite:///{file}", ask

    def _postgresql(self) -> tuple[str, Callable[[str], int]]:
        cluster = postgresql_address()
        if cluster is None:
            sys.exit("run me by `make bench-growth`: I need PostgreSQL")
        name, plain = f"growth{time.time_ns()}", cluster.replace("+psycopg", "", 1)
        with psycopg.connect(f"{plain}/postgres", autocommit=True) as connection:
            connection.execute(f"create database {name}".encode())

        def ask(query: str) -> int:
            with psycopg.connect(f"{plain}/{name}", autocommit=True) as connection:
                row = connection.execute(query.encode()).fetchone()
            return int(row[0]) if row else 0

        return f"{cluster}/{name}", ask

    def measure(self) -> Grown:
        """What it costs at rest and at work."""
        letters, size = self._ask("select count(*) from documents"), self._size()
        self._hanyin("migrate")
        packed = self._pack()
        with self._working() as tree:
            # LibreOffice starts, templates and keys are read, what a start looks at is looked at
            self._announce(0)
            self._rest()
            idle = self._idle(tree)
            scrapes = [self._scrape() for _ in range(_SCRAPES)]
            waits = [self._announce(place) for place in range(1, _CASES + 1)]
        return Grown(
            name=self.name,
            letters=letters,
            idle=idle,
            announced=median(waits),
            scrape=median(scrapes),
            size=size / letters,
            packed=packed / letters,
        )

    def _pack(self) -> int:
        """What is over is packed, as reconcile does it in time; the ledger's bytes."""
        # the copies of a grown ledger are not in the order of their age: all that is over goes
        now = before = datetime.now(UTC)
        database = Database(self.url)
        while True:
            with database.writing() as connection:
                events = packs.old_events(connection, before=before)
                messages = packs.old_messages(connection, before=before)
                if events:
                    packs.pack_events(connection, events, at=now)
                if messages:
                    packs.pack_messages(connection, messages, at=now)
            if not (events or messages):
                break
        with database.engine.connect() as connection:
            plain = connection.execution_options(isolation_level="AUTOCOMMIT")
            plain.exec_driver_sql("vacuum full" if self.name == "postgresql" else "commit")
            plain.exec_driver_sql("vacuum")
            plain.exec_driver_sql("analyze")
            if self.name == "sqlite":
                plain.exec_driver_sql("pragma wal_checkpoint(truncate)")
        database.close()
        return self._size()

    def _size(self) -> int:
        if self.name == "sqlite":
            return (self.home / "ledger.db").stat().st_size
        return self._ask("select pg_database_size(current_database())")

    @contextmanager
    def _working(self) -> Iterator[int]:
        words = [sys.executable, "-m", "commands", "work"]
        tree = subprocess.Popen(words, env=self._variables)
        try:
            yield tree.pid
        finally:
            tree.terminate()
            tree.wait(60)

    def _rest(self) -> None:
        """Nothing is left to be looked at."""
        query = "select count(*) from watched where look_on <= '1970-01-01'"
        _until(lambda: not self._ask(query))

    def _idle(self, tree: int) -> float:
        before, servers, since = usage(tree), _servers(), time.monotonic()
        time.sleep(_IDLE)
        used = usage(tree).since(before).seconds
        if self.name == "postgresql":
            used += _servers() - servers
        return used / (time.monotonic() - since)

    def _scrape(self) -> float:
        since = time.monotonic()
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/metrics", timeout=120) as answer:
            answer.read()
        return time.monotonic() - since

    def _announce(self, place: int) -> float:
        """Seconds from the end of a case's publishing to the last of its letters."""
        (event,) = _cases()[place : place + 1]
        file = self.home / f"event{place}.json"
        file.write_bytes(as_bytes(event))
        self._hanyin("publish", str(file))
        since = time.monotonic()
        case_no = event["data"]["case_no"]
        case = f"agency = '430111' and case_no = '{case_no}'"
        letters = f"select count(*) from documents where {case}"  # noqa: S608 -- ours
        _until(lambda: self._ask(letters) and not self._ask(f"{letters} and state <> 'announced'"))
        return time.monotonic() - since

    def _hanyin(self, *words: str) -> None:
        command = [sys.executable, "-m", "commands", *words]
        subprocess.run(command, env=self._variables, check=True, stdout=subprocess.DEVNULL)


def main() -> None:
    """The table is printed, a line a ledger."""
    # what was started is ended too
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    parser = argparse.ArgumentParser(prog="python -m bench.growth")
    parser.add_argument("--letters", type=int, nargs="+", default=[16_800, 134_400, 1_075_200])
    parser.add_argument("--ledgers", nargs="+", choices=_LEDGERS, default=list(_LEDGERS))
    for name, kind in (("cases", int), ("unmet", float), ("reported", float), ("days", int)):
        parser.add_argument(f"--{name}", type=kind, default=getattr(Shares(), name))
    words = vars(parser.parse_args())
    set_up_logs(Settings(log_level="error"))
    sizes, ledgers = words.pop("letters"), words.pop("ledgers")
    table = Table(
        "ledger", "letters", "idle, cores", "announced, s", "scrape, s", "bytes a letter", "packed"
    )
    for letters in sizes:
        for name in ledgers:
            with tempfile.TemporaryDirectory(prefix="hanyin-bench-") as folder:
                made = Ledger(name, letters, Path(folder), Shares(**words)).measure()
            table.add_row(*_row(made))
            print(*_row(made), flush=True)
    Console().print(table)


def _row(made: Grown) -> tuple[str, ...]:
    return (
        made.name,
        f"{made.letters:,}",
        f"{made.idle:.3f}",
        f"{made.announced:.2f}",
        f"{made.scrape:.2f}",
        f"{made.size:,.0f}",
        f"{made.packed:,.0f}",
    )


def _cases() -> list[dict[str, Any]]:
    return sorted(opened(_NEW + _CASES + 1), key=lambda event: str(event["subject"]))[_NEW:]


def _servers() -> float:
    """Seconds of CPU of the servers: one command started them and this process."""
    return usage(os.getppid()).seconds - usage(os.getpid()).seconds


def _until(done: Callable[[], object]) -> None:
    deadline = time.monotonic() + _PATIENCE
    while not done():
        if time.monotonic() > deadline:
            sys.exit(f"not done in {_PATIENCE:.0f} s")
        time.sleep(0.05)


if __name__ == "__main__":
    main()
