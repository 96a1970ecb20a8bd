"""Errors at chosen statements of the ledger, bound to one event's work or struck once."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import InvalidOperation
from typing import Any

import pytest
from sqlalchemy import event as events
from sqlalchemy.exc import (
    DataError,
    IntegrityError,
    InternalError,
    OperationalError,
    ProgrammingError,
)

from cases.states import EventState
from ledger.inbox import InboxEvent
from tests.building.office import Office
from workers.applying import Apply
from workers.settling import Settling

#: restarts after which a worker that ends again and again is given up
_RESTARTS = 400


class Killed(BaseException):
    """The worker was killed here."""


class Driver(Exception):
    """A driver's error with its SQLSTATE."""

    def __init__(self, sqlstate: str) -> None:
        super().__init__(sqlstate)
        self.sqlstate = sqlstate


def _of_disk() -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("database or disk is full")
    error.sqlite_errorname = "SQLITE_FULL"
    return error


Error = Callable[[], BaseException]

#: what a value causes: that event is rejected, at once
OF_DATA: dict[str, Error] = {
    "too long": lambda: DataError("x", {}, Driver("22001")),
    "numeric overflow": lambda: DataError("x", {}, Driver("22003")),
    "not null": lambda: IntegrityError("x", {}, Driver("23502")),
    "foreign key": lambda: IntegrityError("x", {}, sqlite3.IntegrityError("FOREIGN KEY")),
    "NUL": lambda: DataError("x", {}, ValueError("NUL")),
    "too deep for the server": lambda: OperationalError("x", {}, Driver("54001")),
    "surrogate": lambda: UnicodeEncodeError("utf-8", "\ud800", 0, 1, "surrogates not allowed"),
    "large integer": lambda: OverflowError("Python int too large"),
    "decimal": InvalidOperation,
    "recursion": RecursionError,
}
#: what nobody thought of: that event is set apart after attempts at it alone
UNKNOWN: dict[str, Error] = {
    "defect": lambda: RuntimeError("defect"),
    "missing": lambda: KeyError("x"),
    "no such column": lambda: ProgrammingError("x", {}, Driver("42703")),
    "internal": lambda: InternalError("x", {}, Driver("XX000")),
    "memory": MemoryError,
    "unique for good": lambda: IntegrityError("x", {}, Driver("23505")),
    "death": Killed,
}
#: what is no fault of any event: it is done when the trouble is over
OF_SERVERS: dict[str, Error] = {
    "disk full": lambda: OperationalError("x", {}, _of_disk()),
    "deadlock": lambda: OperationalError("x", {}, Driver("40P01")),
    "shut down": lambda: OperationalError("x", {}, Driver("57P01")),
}
ALL = OF_DATA | UNKNOWN | OF_SERVERS


@dataclass(kw_only=True)
class Fate:
    """Strikes at statements of the ledger, counted from 1."""

    error: Error
    #: at this statement, of the ill-fated event's own work where ``event_id`` is set
    at: int
    event_id: str | None = None
    #: how often it strikes; None: whenever it comes to that
    times: int | None = 1
    #: statements so far
    count: int = 0
    struck: int = 0
    _mine: bool = False

    def strike(self) -> None:
        if self.event_id is not None and not self._mine:
            return
        self.count += 1
        if self.count == self.at and (self.times is None or self.struck < self.times):
            self.struck += 1
            raise self.error()

    @contextmanager
    def work_on(self, event_id: str | None) -> Iterator[None]:
        self._mine = event_id == self.event_id
        if self._mine:
            self.count = 0
        try:
            yield
        finally:
            self._mine = False


@contextmanager
def ill_fated(office: Office, fate: Fate) -> Iterator[None]:
    """In the block, ``fate`` strikes whoever works on the office's ledger."""

    def before(*_: object) -> None:
        fate.strike()

    plain = Settling._try

    def watched(self: Settling, event: InboxEvent) -> EventState:
        with fate.work_on(event.event_id):
            return plain(self, event)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Settling, "_try", watched)
        events.listen(office.database.engine, "before_cursor_execute", before)
        try:
            yield
        finally:
            events.remove(office.database.engine, "before_cursor_execute", before)


def work_on(office: Office) -> int:
    """All that was received is settled, by worker after worker where they end; how many ended."""
    for ended in range(_RESTARTS):
        apply = Apply(
            database=office.database,
            directory=office.directory,
            settings=office.settings,
            clock=office.clock,
        )
        try:
            while apply.step():
                pass
        except (Exception, Killed):  # noqa: BLE001, S112 -- whatever ended it, another one starts
            continue
        return ended
    raise AssertionError("the workers end for ever")


def rows(office: Office) -> list[dict[str, Any]]:
    """The inbox, in order of arrival."""
    with office.database.reading() as connection:
        found = connection.exec_driver_sql(
            "SELECT event_id, state, attempts FROM inbox ORDER BY seq"
        )
        return [dict(row._mapping) for row in found]
