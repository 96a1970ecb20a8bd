"""``python -m tests.building.grown URL``: a ledger with any number of letters and all about them.

A few cases go the real way, from their events to sent messages and reported deadlines; then they
are multiplied in SQL (``growth``). Nothing of the multiplied ones is in the store.
"""

import argparse
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, delete, event, select, update

from archive.directory import DirectoryArchive
from cases.kinds import SERVED
from commands.county import month_of_cases
from ledger.address import ledger_url
from ledger.tables import deadlines as missed
from ledger.tables import documents
from ledger.watch import Watch
from schemas.documents import DocumentKind
from schemas.workdays import WorkCalendar
from tests.building.growth import grow
from tests.building.office import Office
from tests.building.outlet import GoodOutlet
from tests.building.workshop import Workshop
from workers.deadlines import tell_passed
from workers.logs import set_up_logs
from workers.relaying import Relay
from workers.settings import Settings

#: from the making of the first letters to the moment in which their deadlines are over
_LATER = timedelta(days=40)
_SERVICE = {
    "served_at": "2026-11-02T09:30:00+08:00",
    "place": "长沙市雨花区",
    "method": "in_person",
    "received_by": "某某",
    "relation": None,
    "servers": ["周敏", "陈立"],
    "witnesses": [],
}
_RECEIPT = {
    "bank_code": "102551000000",
    "received_at": "2026-11-02T09:30:00+08:00",
    "executed": True,
    "executed_at": "2026-11-02T10:00:00+08:00",
    "balance": None,
    "reason": None,
    "clerk": None,
    "time": "2026-11-02T10:30:00+08:00",
}


@dataclass(frozen=True, kw_only=True)
class Shares:
    """What the grown ledger is made of."""

    #: cases that go the real way before they are multiplied; each has some 3.5 letters
    cases: int = 84
    #: of the letters and notices that wait for an answer or a service: those that got none
    unmet: float = 0.6
    #: of the deadlines that were missed by that: those that were reported
    reported: float = 1.0
    #: days over which the letters are spread, before the first ones
    days: int = 240


def grown(url: str, count: int, shares: Shares, *, now: datetime) -> int:
    """The empty ledger at ``url`` has ``count`` letters or more; the generation's number.

    ``now`` is when the newest missed deadlines are reported; the newest letters are 40 days older.
    """
    with tempfile.TemporaryDirectory(prefix="hanyin-grown-") as folder:
        office = Office(url)
        try:
            begin(office, Path(folder), shares, now=now)
        finally:
            office.close()
    return grow_further(url, count, shares)


def begin(office: Office, folder: Path, shares: Shares, *, now: datetime) -> None:
    """The first cases have gone the real way, and what ``shares`` says was missed is missed."""
    office.clock.moment = now - _LATER
    office.take(*month_of_cases(shares.cases))
    office.work()
    shop = Workshop(office, folder)
    relay = Relay(
        database=office.database,
        outlet=GoodOutlet(),
        archive=DirectoryArchive(folder),
        settings=office.settings,
        clock=office.clock,
    )
    # a release is made when its stop has left
    while shop.work() and relay.step():
        while relay.step():
            pass
    with office.database.writing() as connection:
        _answer(connection, shares.unmet)
    office.clock.moment = now
    with office.database.writing() as connection:
        watch = Watch(directory=office.directory, calendar=WorkCalendar())
        tell_passed(connection, watch, now)
        _forget(connection, 1 - shares.reported)
    while relay.step():
        pass


def grow_further(url: str, count: int, shares: Shares, *, generation: int = 0) -> int:
    """A ledger that was grown has ``count`` letters or more; the newest generation's number.

    A transaction a doubling: on SQLite nothing else may be at work on it.
    """
    engine = _engine(url)
    try:
        while True:
            with engine.begin() as connection:
                last = generation
                generation = grow(
                    connection, count, generation=generation, days=shares.days, rounds=1
                )
            if generation == last:
                break
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            if connection.dialect.name == "postgresql":
                connection.exec_driver_sql("vacuum analyze")
                connection.exec_driver_sql("checkpoint")
    finally:
        engine.dispose()
    return generation


def _engine(url: str) -> Engine:
    engine = create_engine(ledger_url(url))
    if engine.dialect.name == "sqlite":

        @event.listens_for(engine, "connect")
        def _quick(connection: Any, _: object) -> None:
            # whoever grows a ledger can grow it anew
            connection.execute("pragma journal_mode = off")
            connection.execute("pragma synchronous = off")
            connection.execute("pragma cache_size = -200000")

    return engine


def _answer(connection: Connection, unmet: float) -> None:
    """All but the share ``unmet`` of stop letters are answered, and of the notices served."""
    letters = select(documents.c.document_id).where(
        documents.c.kind == DocumentKind.STOP_PAYMENT_LETTER
    )
    notices = select(documents.c.document_id).where(documents.c.kind.in_(sorted(SERVED)))
    for query, name, entry in ((letters, "receipts", _RECEIPT), (notices, "services", _SERVICE)):
        ids = sorted(connection.execute(query).scalars())
        for met, some in zip((False, True), _divided(ids, unmet), strict=True):
            connection.execute(
                update(documents)
                .where(documents.c.document_id.in_(some))
                .values({name: [entry] if met else None})
            )


def _forget(connection: Connection, share: float) -> None:
    """That share of the reported deadlines was not reported."""
    ids = sorted(set(connection.execute(select(missed.c.document_id)).scalars()))
    forgotten, _ = _divided(ids, share)
    connection.execute(delete(missed).where(missed.c.document_id.in_(forgotten)))


def _divided(ids: list[str], share: float) -> tuple[list[str], list[str]]:
    """``share`` of the ids, evenly taken, and the others."""
    taken = [each for n, each in enumerate(ids) if int((n + 1) * share) > int(n * share)]
    return taken, sorted(set(ids) - set(taken))


def main() -> None:
    """Grow the empty ledger that the command line names."""
    parser = argparse.ArgumentParser(prog="python -m tests.building.grown")
    parser.add_argument("url", help="sqlite:///… or postgresql://…; an empty ledger")
    parser.add_argument("--letters", type=int, default=16_800)
    for name, kind in (("cases", int), ("unmet", float), ("reported", float), ("days", int)):
        parser.add_argument(f"--{name}", type=kind, default=getattr(Shares(), name))
    words = vars(parser.parse_args())
    url, letters = words.pop("url"), words.pop("letters")
    set_up_logs(Settings(log_level="error"))
    grown(url, letters, Shares(**words), now=datetime.now(UTC))


if __name__ == "__main__":
    main()
