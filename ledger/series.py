"""Number series: 1, 2, 3 … for each agency, series and year, dates never falling (G2)."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import Connection, select, update
from sqlalchemy.dialects import postgresql, sqlite

from ledger.tables import series
from schemas.documents import DocumentNumber


def lock(connection: Connection, wanted: Iterable[tuple[str, str]], *, today: date) -> None:
    """The rows of ``wanted`` (agency, series) exist and are locked, in sorted order.

    Sorted, so that two transactions can never wait for each other's series.
    """
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    for agency, name in sorted(set(wanted)):
        connection.execute(
            dialect.insert(series)
            .values(agency=agency, series=name, year=today.year, last_seq=0, last_date=today)
            .on_conflict_do_nothing()
        )
        connection.execute(
            select(series.c.last_seq)
            .where(series.c.agency == agency, series.c.series == name)
            .with_for_update()
        )


def draw(
    connection: Connection, agency: str, name: str, *, today: date
) -> tuple[DocumentNumber, date]:
    """The next number of the series and its date of issue; the row must be locked.

    The date is the later of ``today`` and the series' last date, so a clock that was set back
    neither lets dates fall nor reopens a year.
    """
    mine = (series.c.agency == agency, series.c.series == name)
    row = connection.execute(
        select(series.c.year, series.c.last_seq, series.c.last_date).where(*mine)
    ).one()
    issued_on = max(today, row.last_date)
    seq = row.last_seq + 1 if row.year == issued_on.year else 1
    connection.execute(
        update(series).where(*mine).values(year=issued_on.year, last_seq=seq, last_date=issued_on)
    )
    return DocumentNumber(series=name, year=issued_on.year, seq=seq), issued_on


def last_number(connection: Connection, agency: str, name: str) -> tuple[int, int]:
    """Year and number that the series stands at; (0, 0) before its first."""
    mine = (series.c.agency == agency, series.c.series == name)
    row = connection.execute(select(series.c.year, series.c.last_seq).where(*mine)).first()
    return (0, 0) if row is None else (row.year, row.last_seq)


def skip_to(
    connection: Connection, agency: str, number: DocumentNumber, *, issued_on: date
) -> bool:
    """The series never draws ``number``, issued on ``issued_on``, or one before it again.

    For a ledger that was restored from before it drew that number. False where it stands beyond
    it already.
    """
    lock(connection, [(agency, number.series)], today=issued_on)
    if last_number(connection, agency, number.series) >= (number.year, number.seq):
        return False
    mine = (series.c.agency == agency, series.c.series == number.series)
    last_date = connection.execute(select(series.c.last_date).where(*mine)).scalar_one()
    connection.execute(
        update(series)
        .where(*mine)
        .values(year=number.year, last_seq=number.seq, last_date=max(last_date, issued_on))
    )
    return True
