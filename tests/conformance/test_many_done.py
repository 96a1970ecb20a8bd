"""However many letters are done: a case costs what it cost before, from its event to its letters.

Counted in the instructions of SQLite's machine; PostgreSQL has the same queries and indexes, and
``python -m bench.growth`` measures it there.
"""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from archive.directory import DirectoryArchive
from commands.county import month_of_cases
from tests.building.cost import Cost
from tests.building.growth import grow
from tests.building.office import Office
from tests.building.outlet import GoodOutlet
from tests.building.workshop import Workshop
from workers.relaying import Relay

DONE = int(os.environ.get("HANYIN_TEST_DONE", "20000"))
FEW = 1000
#: as docs/performance.md promises
_MORE = 1.10
#: cases that are measured: what differs between them must not count
_CASES = 8

Row = dict[str, Any]


class Whole:
    """Every stage from the event to the announced letter, on paper that needs no LibreOffice."""

    def __init__(self, root: Path) -> None:
        self.office = Office(f"sqlite:///{root}/ledger.db")
        self._generation = 0
        self._shop = Workshop(self.office, root / "archive")
        self._relay = Relay(
            database=self.office.database,
            outlet=GoodOutlet(),
            archive=DirectoryArchive(root / "archive"),
            settings=self.office.settings,
            clock=self.office.clock,
        )

    def do(self, events: Sequence[Row]) -> None:
        """The events' letters are announced."""
        self.office.take(*events)
        self.office.work()
        self._shop.work()
        while self._relay.step():
            pass

    def grow(self, count: int) -> None:
        """So many letters are done."""
        with self.office.database.writing() as connection:
            self._generation = grow(connection, count, generation=self._generation)


@pytest.fixture
def cost() -> Iterator[Cost]:
    with Cost() as made:
        yield made


@pytest.fixture
def whole(tmp_path: Path, cost: Cost) -> Iterator[Whole]:
    # after ``cost``: all its connections are watched
    made = Whole(tmp_path)
    yield made
    made.office.close()


def opened(first: int, count: int) -> list[Row]:
    events = [each for each in month_of_cases(first + count) if "confirmed" in each["type"]]
    return sorted(events, key=lambda each: str(each["data"]["case_no"]))[first:]


def test_a_case_costs_the_same_however_many_are_done(whole: Whole, cost: Cost) -> None:
    whole.do(opened(0, 4))
    whole.grow(FEW)
    before = cost.of(lambda: whole.do(opened(4, _CASES)))
    whole.grow(DONE)
    after = cost.of(lambda: whole.do(opened(4 + _CASES, _CASES)))
    assert after <= before * _MORE, (before, after)
