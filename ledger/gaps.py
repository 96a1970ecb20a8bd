"""Numbers that were drawn and have no document: a register has none (G2).

A series that was set forward after a restored backup has gaps that the trail explains.
"""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select

from ledger.tables import documents, series, trail
from schemas.documents import DocumentNumber

#: of the trail: numbers of letters that only the store remembered (``hanyin archive reconcile``)
FOUND_IN_STORE = "number_found_in_store"
#: agency, series, year
_Book = tuple[str, str, int]


@dataclass(frozen=True, kw_only=True)
class Gap:
    """Numbers from ``first`` to ``last`` that are on no document."""

    agency: str
    series: str
    year: int
    first: int
    last: int
    #: True where the series was set forward: the letters lie in the store alone
    explained: bool

    @property
    def number(self) -> str:
        """The first number, as it would be printed."""
        return str(DocumentNumber(series=self.series, year=self.year, seq=self.first))


def gaps(
    connection: Connection,
    *,
    agency: str | None = None,
    name: str | None = None,
    year: int | None = None,
) -> list[Gap]:
    """Every gap of these series, in their order."""
    count, top = func.count().label("drawn"), func.max(documents.c.seq).label("top")
    book = (documents.c.agency, documents.c.series, documents.c.year)
    query = select(*book, count, top).group_by(*book)
    drawn = {
        (row.agency, row.series, row.year): (row.drawn, row.top)
        for row in connection.execute(query)
    }
    for row in connection.execute(select(series)):
        key = (row.agency, row.series, row.year)
        had = drawn.get(key, (0, 0))
        drawn[key] = (had[0], max(had[1], row.last_seq))
    forward = _set_forward(connection)
    wanted = [
        key
        for key, (number, last) in sorted(drawn.items())
        if number != last and _is_wanted(key, (agency, name, year))
    ]
    return [gap for key in wanted for gap in _gaps(connection, key, drawn[key][1], forward[key])]


def _is_wanted(key: _Book, chosen: tuple[Any, ...]) -> bool:
    return all(choice in {None, part} for part, choice in zip(key, chosen, strict=True))


def _gaps(connection: Connection, key: _Book, last: int, forward: int) -> Iterator[Gap]:
    for first, end in _missing(connection, key, last):
        # up to ``forward`` there is a reason for it
        for start, stop in ((first, min(end, forward)), (max(first, forward + 1), end)):
            if start <= stop:
                yield Gap(
                    agency=key[0],
                    series=key[1],
                    year=key[2],
                    first=start,
                    last=stop,
                    explained=stop <= forward,
                )


def _missing(connection: Connection, key: _Book, last: int) -> list[tuple[int, int]]:
    """First and last of each run of numbers up to ``last`` that no document has."""
    of_book = (
        select(
            documents.c.seq,
            func.lag(documents.c.seq, 1, 0).over(order_by=documents.c.seq).label("before"),
        )
        .where(
            documents.c.agency == key[0],
            documents.c.series == key[1],
            documents.c.year == key[2],
        )
        .subquery()
    )
    query = (
        select(of_book.c.before, of_book.c.seq)
        .where(of_book.c.seq > of_book.c.before + 1)
        .order_by(of_book.c.seq)
    )
    found = [(row.before + 1, row.seq - 1) for row in connection.execute(query)]
    top = connection.execute(select(func.max(of_book.c.seq))).scalar() or 0
    return [*found, (top + 1, last)] if top < last else found


def _set_forward(connection: Connection) -> defaultdict[_Book, int]:
    """Up to which number each series was set forward, by the trail."""
    found: defaultdict[_Book, int] = defaultdict(int)
    query = select(trail.c.subject).where(trail.c.action == FOUND_IN_STORE)
    for subject in connection.execute(query).scalars():
        agency, _, text = subject.partition(" ")
        with suppress(ValueError):
            number = DocumentNumber.parse(text)
            key = (agency, number.series, number.year)
            found[key] = max(found[key], number.seq)
    return found
