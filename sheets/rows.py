"""A grid and its layout → rows: headings found and checked, explanation and sample left out."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from openpyxl.utils import get_column_letter

from schemas.codes import Problem
from schemas.errors import Invalid
from sheets.cells import read_cell
from sheets.columns import CASE_NO, Column, Layout
from sheets.grid import Cell, Grid, Line
from sheets.places import Fault, Place

#: lines at the top among which the headings are
HEAD_LINES = 10
#: how the template's own lines begin, in the column of the case number
EXPLANATION_MARK, SAMPLE_MARK = "说明", "示例"


@dataclass(frozen=True, kw_only=True)
class Row:
    """A row that somebody filled in."""

    layout: Layout
    #: the row, without a column
    place: Place
    #: heading → cell
    cells: Mapping[str, Cell]

    def at(self, column: Column) -> Place:
        """The place of the row's cell in ``column``."""
        return Place(
            file=self.place.file,
            sheet=self.place.sheet,
            row=self.place.row,
            column=column.heading,
        )

    @property
    def case_no(self) -> str | None:
        """Whose row it is; None where that cannot be read."""
        column, cell = self.layout.column(CASE_NO), self.cells.get(CASE_NO)
        if column is None or cell is None:
            return None
        try:
            return str(read_cell(cell, column))
        except Invalid:
            return None


@dataclass(frozen=True, kw_only=True)
class Head:
    """The row of headings."""

    line: Line
    #: heading, evened, by place in the row
    headings: Mapping[int, str]

    def fit(self, layout: Layout) -> int:
        """How many of the layout's columns are there."""
        return sum(heading in self.headings.values() for heading in headings_of(layout))


def headings_of(layout: Layout) -> list[str]:
    """The layout's headings."""
    return [column.heading for column in layout.columns]


def find_head(lines: Iterator[Line]) -> Head | None:
    """The headings among the first lines, which are used up; None where there are none."""
    for line in islice(lines, HEAD_LINES):
        headings = {place: evened(str(cell.value)) for place, cell in enumerate(line.cells) if cell}
        if CASE_NO in headings.values():
            return Head(line=line, headings=headings)
    return None


def evened(heading: str) -> str:
    """A heading without blanks and the mark of what must be filled; full-width parentheses."""
    plain = heading.replace("(", "（").replace(")", "）").replace("＊", "*")
    return re.sub(r"[\s*]", "", plain)


def head_faults(grid: Grid, layout: Layout, head: Head) -> Iterator[Fault]:
    """What is wrong with the headings."""
    here = Place(file=grid.file, sheet=grid.name, row=head.line.number)
    found = list(head.headings.values())
    for column in layout.columns:
        if layout.demands(column) and column.heading not in found:
            yield _fault(here, "column_missing", heading=column.heading)
        if found.count(column.heading) > 1:
            yield _fault(here, "column_repeated", heading=column.heading)
    known = headings_of(layout)
    for place, heading in head.headings.items():
        if heading not in known:
            yield _fault(here, "column_unknown", place, column=get_column_letter(place + 1))


def rows_of(
    grid: Grid, layout: Layout, head: Head, lines: Iterator[Line], faults: list[Fault]
) -> Iterator[Row]:
    """The rows that somebody filled in; a cell without a heading joins ``faults``."""
    for line in lines:
        cells = {
            head.headings[place]: cell
            for place, cell in enumerate(line.cells)
            if cell and place in head.headings
        }
        if _is_templates_own(cells):
            continue
        place = Place(file=grid.file, sheet=grid.name, row=line.number)
        faults.extend(_astray(line, head.headings, place))
        faults.extend(_unseen(line, grid, place))
        if cells:
            yield Row(layout=layout, place=place, cells=cells)


def _is_templates_own(cells: Mapping[str, Cell]) -> bool:
    cell = cells.get(CASE_NO)
    return cell is not None and str(cell.value).startswith((EXPLANATION_MARK, SAMPLE_MARK))


def _astray(line: Line, headings: Mapping[int, str], here: Place) -> Iterator[Fault]:
    for place, cell in enumerate(line.cells):
        if cell and place not in headings:
            yield _fault(here, "column_unknown", place, column=get_column_letter(place + 1))


def _unseen(line: Line, grid: Grid, here: Place) -> Iterator[Fault]:
    """Faults where something stands in a hidden row or column: it may have been left out."""
    if line.number in grid.hidden_rows:
        yield _fault(here, "row_hidden")
    for place, cell in enumerate(line.cells):
        if cell and any(first <= place + 1 <= last for first, last in grid.hidden_columns):
            yield _fault(here, "column_hidden", place, column=get_column_letter(place + 1))


def best_layout(head: Head, layouts: Sequence[Layout]) -> Layout:
    """The layout that most of the headings belong to."""
    return max(layouts, key=head.fit)


def _fault(place: Place, code: str, column_at: int | None = None, /, **values: object) -> Fault:
    index = None if column_at is None else column_at + 1
    return Fault(place=place, problem=Problem.of("", code, **values), index=index)
