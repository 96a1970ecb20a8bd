"""A ledger with its receive and apply stages on it, and events put straight into their hands."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select, update

from cases.states import EventState
from ledger import documents, inbox, watched
from ledger.database import Database
from ledger.migration import migrate
from ledger.tables import documents as table
from schemas.configuration import Directory
from workers.applying import Apply
from workers.brokers import Delivery
from workers.directory import load_directory
from workers.receiving import Receive
from workers.settings import Settings

EXAMPLES = Path(__file__).parent.parent / "examples" / "in"


@dataclass(kw_only=True)
class HeldClock:
    """A clock that stands still until it is moved."""

    moment: datetime = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment

    def move(self, delta: timedelta) -> None:
        self.moment += delta


@dataclass(kw_only=True)
class HandIntake:
    """An intake that gives what was put into its hands."""

    waiting: list[Delivery] = field(default_factory=list)
    settled: int = 0

    def receive(self, *, limit: int, wait: float) -> list[Delivery]:
        given, self.waiting = self.waiting[:limit], self.waiting[limit:]
        return given

    def expects_more(self) -> bool:
        return False

    def settle(self, deliveries: Sequence[Delivery]) -> None:
        self.settled += len(deliveries)

    def close(self) -> None:
        self.waiting.clear()


class Office:
    """The first half of the work: events in, documents planned."""

    def __init__(
        self,
        database_url: str,
        *,
        attempts: int = 5,
        backlog: int = 20_000,
        directory: Directory | None = None,
    ) -> None:
        self.url = database_url
        self.database = Database(database_url)
        migrate(self.database)
        self.clock = HeldClock()
        self.settings = Settings(attempts=attempts, retry_seconds=1, backlog=backlog)
        self.directory: Directory = directory or load_directory(None)
        self.intake = HandIntake()
        self.receive = Receive(
            database=self.database,
            intake=self.intake,
            settings=self.settings,
            clock=self.clock,
            wait=0,
        )
        self.apply = Apply(
            database=self.database,
            directory=self.directory,
            settings=self.settings,
            clock=self.clock,
        )

    def take(self, *events: dict[str, Any] | bytes, **properties: Any) -> None:
        """The events are received; nothing is applied yet."""
        self.give(*events, **properties)
        while self.receive.step():
            pass

    def give(self, *events: dict[str, Any] | bytes, **properties: Any) -> None:
        """The events wait with the broker."""
        for event in events:
            raw = event if isinstance(event, bytes) else json.dumps(event).encode()
            known = {
                "exchange": "hanyin.events",
                "routing_key": "x",
                "user_id": None,
                "delivery_id": None,
            }
            self.intake.waiting.append(Delivery(body=raw, handle=None, **(known | properties)))

    def work(self) -> None:
        """Everything that was received is applied."""
        while self.apply.step():
            pass

    def states(self) -> dict[str, list[str]]:
        """What became of the events: id → states, in order of arrival."""
        found: dict[str, list[str]] = {}
        with self.database.reading() as connection:
            for row in inbox.listing(connection, list(EventState)):
                found.setdefault(row["event_id"], []).append(row["state"])
        return found

    def codes(self) -> list[str]:
        """The codes of all rejections, in order of arrival."""
        with self.database.reading() as connection:
            rows = inbox.listing(connection, [EventState.REJECTED])
        return [problem["code"] for row in rows for problem in row["problems"]]

    def register(self) -> list[dict[str, Any]]:
        """The register's rows."""
        with self.database.reading() as connection:
            return documents.listing(connection)

    def close(self) -> None:
        self.database.close()


def directory_with(**agency: Any) -> Directory:
    """The demo's directory, its agency changed."""
    directory = load_directory(None)
    changed = directory.agencies[0].model_copy(update=agency)
    return directory.model_copy(update={"agencies": [changed]})


def example(name: str) -> dict[str, Any]:
    """The contract's example whose file name begins with ``name``."""
    (file,) = EXAMPLES.glob(f"{name}-*.json")
    event: dict[str, Any] = json.loads(file.read_text())
    return event


def examples(*names: str) -> list[dict[str, Any]]:
    """Several of the contract's examples."""
    return [example(name) for name in names]


def out(connection: Connection, moment: datetime) -> None:
    """Every document that is planned is archived and announced, its bank letters sent."""
    new = table.c.archived_at.is_(None)
    connection.execute(update(table).where(new).values(state="announced", archived_at=moment))
    letters = table.c.bank_code.is_not(None) & table.c.sent_at.is_(None)
    connection.execute(update(table).where(letters).values(leaving_at=moment, sent_at=moment))
    watched.look_at(connection, connection.execute(select(table.c.document_id)).scalars().all())
