"""SQLite has one write lock: it is taken where something was found, and held for that alone.

Counted in the instructions of SQLite's machine, within the transactions that hold the lock.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, update

from archive.directory import DirectoryArchive
from ledger import alarms, tables
from ledger.database import Database
from ledger.watch import Watch
from schemas.workdays import WorkCalendar
from tests.building.cost import Cost
from tests.building.grown import Shares, begin, grow_further
from tests.building.office import Office
from tests.building.outlet import GoodOutlet
from tests.building.workshop import Workshop
from tests.conformance.test_many_done import opened
from workers.reconciling import Reconcile
from workers.relaying import Relay
from workers.shelving import Shelf

#: letters in the ledger, before and after
FEW, MANY = 1000, 20_000
_MORE = 1.15
#: seconds between two rounds of reconcile, and more
_ROUND = timedelta(seconds=6)


class Lock:
    """What was done while the write lock was held."""

    def __init__(self, patch: pytest.MonkeyPatch, cost: Cost) -> None:
        self.taken = 0
        self.held = 0
        writing = Database.writing

        @contextmanager
        def watched(database: Database) -> Iterator[Connection]:
            before = cost.ticks
            self.taken += 1
            with writing(database) as connection:
                yield connection
            self.held += cost.ticks - before

        patch.setattr(Database, "writing", watched)


class Works:
    """Every stage on one ledger."""

    def __init__(self, root: Path) -> None:
        self.url = f"sqlite:///{root}/ledger.db"
        self.office = Office(self.url)
        self.shares = Shares(cases=24)
        now = datetime.now(UTC)
        begin(self.office, root / "archive", self.shares, now=now)
        self.generation = 0
        self.shop = Workshop(self.office, root / "archive")
        self.relay = Relay(
            database=self.office.database,
            outlet=GoodOutlet(),
            archive=DirectoryArchive(root / "archive"),
            settings=self.office.settings,
            clock=self.office.clock,
        )
        self.reconcile = Reconcile(
            database=self.office.database,
            shelf=Shelf(DirectoryArchive(root / "archive"), self.office.directory),
            watch=Watch(directory=self.office.directory, calendar=WorkCalendar()),
            settings=self.office.settings,
            clock=self.office.clock,
        )

    def grow(self, count: int) -> None:
        self.office.database.close()
        self.generation = grow_further(self.url, count, self.shares, generation=self.generation)
        # the grown trail's alarms are over: what is open is looked at again and again
        with self.office.database.writing() as connection:
            alarms.take_in(connection)
            over = {"done_at": self.office.clock(), "checked": True, "post_at": None}
            connection.execute(update(tables.alarms).values(**over))

    def idle(self) -> None:
        """Each stage looks for work once."""
        self.office.clock.move(_ROUND)
        self.office.receive.step()
        self.office.apply.step()
        self.shop.work()
        self.relay.step()
        self.reconcile.step()

    def all_of(self, first: int) -> None:
        """Some cases go their way, and their deadlines pass."""
        self.office.take(*opened(first, 4))
        self.office.work()
        self.shop.work()
        while self.relay.step():
            pass
        self.office.clock.move(timedelta(days=30))
        self.reconcile.step()
        while self.relay.step():
            pass


@pytest.fixture
def cost() -> Iterator[Cost]:
    with Cost() as made:
        yield made


@pytest.fixture
def works(tmp_path: Path, cost: Cost) -> Iterator[Works]:
    # after ``cost``: all its connections are watched
    made = Works(tmp_path)
    yield made
    made.office.close()


@pytest.fixture
def lock(works: Works, cost: Cost, monkeypatch: pytest.MonkeyPatch) -> Lock:
    return Lock(monkeypatch, cost)


def test_who_finds_nothing_takes_no_lock(works: Works, lock: Lock) -> None:
    # claims are taken, what was put off is looked at
    works.idle()
    lock.taken = 0
    works.idle()
    works.idle()
    assert lock.taken == 0


def test_the_lock_is_held_no_longer_however_much_is_done(
    works: Works, lock: Lock, cost: Cost
) -> None:
    works.grow(FEW)
    works.idle()
    lock.held = 0
    few_in_all = cost.of(lambda: works.all_of(1000))
    few, lock.held = lock.held, 0
    works.grow(MANY)
    works.idle()
    lock.held = 0
    in_all = cost.of(lambda: works.all_of(1004))
    assert 0 < lock.held <= few * _MORE, (few, lock.held)
    assert in_all <= few_in_all * _MORE, (few_in_all, in_all)


def test_looking_in_vain_costs_the_same_however_much_is_done(works: Works, cost: Cost) -> None:
    works.grow(FEW)
    works.idle()
    few = cost.of(works.idle)
    works.grow(MANY)
    works.idle()
    many = cost.of(works.idle)
    assert many <= few * _MORE, (few, many)
