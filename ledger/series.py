"""Number series: 1, 2, 3 … for each agency, series and year, dates never falling (G2)."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, Row, bindparam, select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite

from ledger.tables import series
from schemas.documents import DocumentNumber

#: agency and series
Name = tuple[str, str]

# built once, with values apart: each event with a letter asks them
_LOCK = (
    select(series)
    .where(tuple_(series.c.agency, series.c.series).in_(bindparam("names", expanding=True)))
    .order_by(series.c.agency, series.c.series)
    .with_for_update()
)
_STAND_AT = (
    update(series)
    .where(series.c.agency == bindparam("of_agency"), series.c.series == bindparam("of_series"))
    .values(
        year=bindparam("year"), last_seq=bindparam("last_seq"), last_date=bindparam("last_date")
    )
)


@dataclass(frozen=True, kw_only=True)
class _Last:
    """What a series stands at."""

    year: int
    seq: int
    issued_on: date


class Numbers:
    """Series whose rows are locked, and what was drawn from them."""

    def __init__(self, locked: dict[Name, _Last]) -> None:
        self._last = locked
        #: what is not in the ledger yet
        self.changed: dict[Name, _Last] = {}

    def draw(self, agency: str, name: str, *, today: date) -> tuple[DocumentNumber, date]:
        """The next number of the series and its date of issue; KeyError for one not locked.

        The date is the later of ``today`` and the series' last date, so a clock that was set back
        neither lets dates fall nor reopens a year.
        """
        last = self._last[agency, name]
        issued_on = max(today, last.issued_on)
        seq = last.seq + 1 if last.year == issued_on.year else 1
        self._stand_at((agency, name), _Last(year=issued_on.year, seq=seq, issued_on=issued_on))
        return DocumentNumber(series=name, year=issued_on.year, seq=seq), issued_on

    def skip_to(self, agency: str, number: DocumentNumber, *, issued_on: date) -> bool:
        """``number`` and those before it are taken; False where they are already."""
        last = self._last[agency, number.series]
        if (last.year, last.seq) >= (number.year, number.seq):
            return False
        latest = max(last.issued_on, issued_on)
        fresh = _Last(year=number.year, seq=number.seq, issued_on=latest)
        self._stand_at((agency, number.series), fresh)
        return True

    def _stand_at(self, name: Name, last: _Last) -> None:
        self._last[name] = self.changed[name] = last


@contextmanager
def locked(connection: Connection, wanted: Iterable[Name], *, today: date) -> Iterator[Numbers]:
    """The rows of ``wanted`` exist and are locked, in sorted order, until the transaction ends.

    Sorted, so that two transactions can never wait for each other's series. What was drawn in the
    block stands in the ledger behind it, once for each series: a row that one transaction changes
    for every number gets slower with each.
    """
    numbers = Numbers(_lock(connection, sorted(set(wanted)), today))
    yield numbers
    for (agency, name), last in numbers.changed.items():
        values = {"year": last.year, "last_seq": last.seq, "last_date": last.issued_on}
        connection.execute(_STAND_AT, {"of_agency": agency, "of_series": name, **values})


def _lock(connection: Connection, names: list[Name], today: date) -> dict[Name, _Last]:
    found = _locked_rows(connection, names)
    missing = [name for name in names if name not in found]
    if not missing:
        return found
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    for agency, name in missing:
        connection.execute(
            dialect.insert(series)
            .values(agency=agency, series=name, year=today.year, last_seq=0, last_date=today)
            .on_conflict_do_nothing()
        )
    return _locked_rows(connection, names)


def _locked_rows(connection: Connection, names: list[Name]) -> dict[Name, _Last]:
    rows = connection.execute(_LOCK, {"names": names})
    return {(row.agency, row.series): _last(row) for row in rows}


def _last(row: Row[tuple[object, ...]]) -> _Last:
    return _Last(year=row.year, seq=row.last_seq, issued_on=row.last_date)


def skip_to(
    connection: Connection, agency: str, number: DocumentNumber, *, issued_on: date
) -> bool:
    """The series never draws ``number``, issued on ``issued_on``, or one before it again.

    For a ledger that was restored from before it drew that number. False where it stands beyond
    it already.
    """
    with locked(connection, [(agency, number.series)], today=issued_on) as numbers:
        return numbers.skip_to(agency, number, issued_on=issued_on)
