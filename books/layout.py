"""Rows laid out as lines of text: tab separated for a pipe, in columns for a terminal.

What is read whole (a number, date, amount, code) is never broken. Where the terminal is too narrow
for the columns, each row becomes a record, a field a line. Rows come as they are needed: the
columns' widths are those of the first page, and what is wider further down is printed all the same.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice, zip_longest

from rich.cells import cell_len

from schemas.visible import visible

#: rows that the columns' widths are taken from
PAGE = 1000
#: between two columns
_GAP = "  "
#: cells of the terminal; text that may be broken gets so many at least
_LEAST = 12
#: cells; a run of characters with a digit that is longer is text
_LONGEST_UNIT = 48
#: what ends a run of characters without a blank
_ENDS = "；，。、：！？"
_RUN = re.compile(rf"[^\s{_ENDS}]+|\s+|[{_ENDS}]")
_WORD = re.compile(r"[!-~]+|.", re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class Heading:
    """The head of a column."""

    text: str
    #: amounts and counts stand at the right
    right: bool = False


@dataclass(frozen=True, kw_only=True)
class _Column:
    heading: Heading
    #: cells of the terminal
    width: int


#: the cells of a row, as text of one or several lines
Cells = Sequence[str]


def tab_separated(rows: Iterable[Cells]) -> Iterator[str]:
    """A line a row, its cells parted by tabs; no cell holds a tab or a line end."""
    for row in rows:
        yield "\t".join(visible(" ".join(cell.split("\n"))) for cell in row)


def table(
    title: str,
    headings: Sequence[Heading],
    rows: Iterable[Cells],
    *,
    width: int,
    totals: Callable[[], Cells] | None = None,
) -> Iterator[str]:
    """The lines of a table, or of records where the table is wider than ``width`` cells.

    ``totals`` is asked once all rows have been taken.
    """
    coming = iter(rows)
    first = list(islice(coming, PAGE))
    known = [*first, totals()] if totals and len(first) < PAGE else first
    columns = _fitted(headings, known, width)
    yield visible(title)
    if columns is None:
        yield from _records(headings, chain(first, coming), width, totals)
    else:
        yield from _table(columns, chain(first, coming), totals)


def _table(
    columns: Sequence[_Column], rows: Iterable[Cells], totals: Callable[[], Cells] | None
) -> Iterator[str]:
    rule = _GAP.join("─" * column.width for column in columns)
    yield from _row(columns, [column.heading.text for column in columns])
    yield rule
    for row in rows:
        yield from _row(columns, row)
    if totals is not None:
        yield rule
        yield from _row(columns, totals())


def _row(columns: Sequence[_Column], row: Cells) -> Iterator[str]:
    wrapped = [wrap(cell, column.width) for column, cell in zip(columns, row, strict=True)]
    for pieces in zip_longest(*wrapped, fillvalue=""):
        padded = (_padded(column, piece) for column, piece in zip(columns, pieces, strict=True))
        yield _GAP.join(padded).rstrip()


def _padded(column: _Column, piece: str) -> str:
    blank = " " * (column.width - cell_len(piece))
    return blank + piece if column.heading.right else piece + blank


def record(fields: Sequence[tuple[str, str]], *, width: int) -> Iterator[str]:
    """The lines of one record: a line a field, its name before it."""
    label = max(cell_len(name) for name, _ in fields)
    headings = [Heading(text=name) for name, _ in fields]
    yield from _record(headings, [value for _, value in fields], label, width)


def _records(
    headings: Sequence[Heading],
    rows: Iterable[Cells],
    width: int,
    totals: Callable[[], Cells] | None,
) -> Iterator[str]:
    label = max(cell_len(heading.text) for heading in headings)
    for row in rows:
        yield ""
        yield from _record(headings, row, label, width)
    if totals is not None:
        yield ""
        yield from _record(headings, totals(), label, width)


def _record(headings: Sequence[Heading], row: Cells, label: int, width: int) -> Iterator[str]:
    """A line a field that has a value; below its label where it does not fit beside it."""
    for heading, cell in zip(headings, row, strict=True):
        if not cell:
            continue
        name = heading.text + " " * (label - cell_len(heading.text)) + _GAP
        room = width - cell_len(name)
        if _least(cell) > room:
            yield heading.text
            yield from (_GAP + piece for piece in wrap(cell, width - len(_GAP)))
            continue
        for piece in wrap(cell, room):
            yield name + piece
            name = " " * cell_len(name)


def _fitted(headings: Sequence[Heading], rows: Sequence[Cells], width: int) -> list[_Column] | None:
    """The columns as wide as they have to be; None where that is wider than the terminal."""
    columns = [
        [heading.text, *cells]
        for heading, cells in zip(headings, _across(rows, len(headings)), strict=True)
    ]
    wanted = [max(_widest(cell) for cell in column) for column in columns]
    widths = [
        max(*(_least(cell) for cell in column), min(most, _LEAST))
        for column, most in zip(columns, wanted, strict=True)
    ]
    spare = width - sum(widths) - len(_GAP) * (len(widths) - 1)
    if spare < 0:
        return None
    # who lacks least gets it first
    order = sorted(range(len(widths)), key=lambda each: wanted[each] - widths[each])
    for left, each in zip(range(len(order), 0, -1), order, strict=True):
        more = min(wanted[each] - widths[each], spare // left)
        widths[each] += more
        spare -= more
    return [
        _Column(heading=heading, width=width)
        for heading, width in zip(headings, widths, strict=True)
    ]


def _across(rows: Sequence[Cells], count: int) -> list[list[str]]:
    return [[row[index] for row in rows] for index in range(count)]


def _widest(cell: str) -> int:
    return max(map(cell_len, cell.split("\n")))


def _least(cell: str) -> int:
    """The cells that the longest of what is not to be broken needs."""
    return max((cell_len(unit.rstrip()) for unit in _units(cell)), default=0)


def wrap(text: str, width: int) -> list[str]:
    """``text`` in lines of ``width`` cells; a unit that is wider has a line of its own."""
    return [piece for line in text.split("\n") for piece in _wrapped(line, width)]


def _wrapped(line: str, width: int) -> list[str]:
    line = visible(line)
    if cell_len(line) <= width:
        return [line]
    pieces, piece = [], ""
    for unit in _units(line):
        if piece and cell_len((piece + unit).rstrip()) > width:
            pieces.append(piece.rstrip())
            piece = ""
        piece += unit if piece else unit.lstrip()
    return [*pieces, piece.rstrip()] if piece.strip() or not pieces else pieces


def _units(text: str) -> Iterator[str]:
    """The parts between which a line may end; closing punctuation stays with its word."""
    unit = ""
    for part in _parts(text):
        if unit and not (part.isspace() or part in _ENDS):
            yield unit
            unit = ""
        unit += part
    if unit:
        yield unit


def _parts(text: str) -> Iterator[str]:
    for run in _RUN.findall(text):
        has_digit = any("0" <= sign <= "9" for sign in run)
        if has_digit and cell_len(run) <= _LONGEST_UNIT:
            yield run
        else:
            yield from _WORD.findall(run)
