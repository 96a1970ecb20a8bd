"""A book told in a language: headings and cells, ready for a writer."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from books.book import Book, BookColumn, Cell, Place, Row, Tally, Tongue
from schemas.zone import CHINA


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """What is written: one cell a column in every row."""

    title: str
    #: what part of the book it is, and as of when
    scope: str
    columns: tuple[BookColumn, ...]
    headings: tuple[str, ...]
    #: as they come; to be taken once
    rows: Iterator[tuple[Cell, ...]] = field(repr=False)
    #: the sums of the rows that were taken, the first column counts them
    totals: Callable[[], tuple[Cell, ...]] = field(repr=False)


def tell(book: Book, tongue: Tongue, place: Place) -> Sheet:
    """The book's columns that stand in ``place``, or that were asked for, told in ``tongue``."""
    columns = _columns(book, place)
    tally = Tally(book.form.totalled)
    return Sheet(
        title=tongue.say(book.form.zh, book.form.en),
        scope=_scope(book, tongue),
        columns=columns,
        headings=tuple(tongue.say(column.zh, column.en) for column in columns),
        rows=(tuple(column.cell(row, tongue) for column in columns) for row in tally(book.rows)),
        totals=lambda: _totals(tally, columns, tongue),
    )


def _columns(book: Book, place: Place) -> tuple[BookColumn, ...]:
    if book.query.columns:
        named = {column.key: column for column in book.form.columns}
        return tuple(named[key] for key in book.query.columns)
    return tuple(c for c in book.form.columns if c.place in {Place.EVERYWHERE, place})


def as_text(cell: Cell) -> str:
    """The cell as it is read: money with two digits, dates as ISO 8601, nothing as nothing."""
    if cell is None:
        return ""
    if isinstance(cell, Decimal):
        return f"{cell:.2f}"
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def _totals(tally: Tally, columns: tuple[BookColumn, ...], tongue: Tongue) -> tuple[Cell, ...]:
    """Sums below their columns; the first column counts the rows."""
    label = tongue.say(f"合计 {tally.count} 件", f"total: {tally.count}")
    sums: Row = tally.sums
    cells = (column.cell(sums, tongue) if column.summed else None for column in columns[1:])
    return (label, *cells)


def _scope(book: Book, tongue: Tongue) -> str:
    query, read = book.query, book.read_at.astimezone(CHINA)
    parts = [
        tongue.say(f"{query.year}年", f"{query.year}") if query.year else "",
        query.series or "",
        _period(query.since, query.until, tongue),
        tongue.say(f"截至{read:%Y-%m-%d %H:%M}", f"as of {read:%Y-%m-%d %H:%M} (Asia/Shanghai)"),
    ]
    return tongue.say("　", ", ").join(part for part in parts if part)


def _period(since: date | None, until: date | None, tongue: Tongue) -> str:
    if since and until:
        return tongue.say(f"{since}至{until}", f"{since} to {until}")
    if since:
        return tongue.say(f"{since}起", f"from {since}")
    return tongue.say(f"至{until}", f"until {until}") if until else ""
