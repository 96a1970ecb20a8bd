"""An XLSX file → grids, by openpyxl in its read-only mode, a row at a time."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from itertools import count
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.cell.read_only import EMPTY_CELL
from openpyxl.utils.escape import unescape

from schemas.errors import HanyinError
from sheets.cells import printable
from sheets.grid import MOST_COLUMNS, MOST_ROWS, Cell, CellKind, Grid, Line
from sheets.package import Part, examine, too_large
from sheets.refusal import refused

#: built-in formats with a day or a month, which have no code in the file (ECMA-376-1, 18.8.30)
_DATES = {*range(27, 32), *range(34, 37), *range(50, 55), 57, 58}


@contextmanager
def open_workbook(file: Path) -> Iterator[list["Sheet"]]:
    """The file's sheets, in their order. Raises ``Invalid`` where it is not to be read."""
    parts = examine(file)
    with file.open("rb") as stream:
        with guarded():
            book = load_workbook(stream, read_only=True, data_only=False, keep_links=False)
            _know_dates(book)
            sheets = [Sheet(file, sheet, parts) for sheet in book.worksheets]
        try:
            yield sheets
        finally:
            book.close()


def _know_dates(book: Any) -> None:
    """Number formats that East Asian Excel has built in are dates to openpyxl too."""
    styles = enumerate(book._cell_styles)  # noqa: SLF001 -- read-only cells ask these two
    book._date_formats |= {place for place, style in styles if style.numFmtId in _DATES}  # noqa: SLF001


class Sheet:
    """A worksheet as far as it matters here."""

    def __init__(self, file: Path, sheet: Any, parts: dict[str, Part]) -> None:
        self.title = printable(str(sheet.title))
        self.hidden = sheet.sheet_state != "visible"
        self._part = parts.get(sheet._worksheet_path, Part())  # noqa: SLF001 -- nothing public says which part a read-only sheet is
        #: ranges of merged cells
        self.merged = self._part.merged
        self._file = file
        self._sheet = sheet

    def grid(self) -> Grid:
        """The sheet's lines, read as they are asked for."""
        return Grid(
            file=str(self._file),
            name=self.title,
            lines=self._lines(),
            hidden_rows=frozenset(self._part.hidden_rows),
            hidden_columns=tuple(self._part.hidden_columns),
        )

    def is_empty(self) -> bool:
        """True where no cell holds anything."""
        return next(iter(self._lines()), None) is None

    def _lines(self) -> Iterator[Line]:
        # what the sheet says of its own size is not relied on
        self._sheet.reset_dimensions()
        rows = self._sheet.iter_rows(max_row=MOST_ROWS + 1, max_col=MOST_COLUMNS + 1)
        for number in count(1):
            with guarded():
                row = next(rows, None)
                if row is None:
                    return
                cells = tuple(None if cell is EMPTY_CELL else _cell(cell) for cell in row)
            if any(cells):
                _demand_modest(number, cells)
                yield Line(number=number, cells=cells[:MOST_COLUMNS])


def _demand_modest(number: int, cells: tuple[Cell | None, ...]) -> None:
    if number > MOST_ROWS:
        raise too_large("行", "rows", MOST_ROWS)
    if cells[MOST_COLUMNS:] != (None,) * len(cells[MOST_COLUMNS:]):
        raise too_large("列", "columns", MOST_COLUMNS)


@contextmanager
def guarded() -> Iterator[None]:
    """A workbook can be spoilt so that openpyxl raises anything: it is unreadable then."""
    try:
        with warnings.catch_warnings():
            # openpyxl warns of what it leaves out: styles, extensions
            warnings.simplefilter("ignore")
            yield
    except HanyinError:
        raise
    except Exception as error:
        if isinstance(error, OSError) and error.errno is not None:
            # the file's own trouble; openpyxl's OSErrors have no number
            raise
        raise refused("sheet_unreadable") from error


def _cell(cell: Any) -> Cell | None:
    value = cell.value
    if cell.data_type == "f":
        return Cell(CellKind.FORMULA, "")
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if cell.data_type == "e":
        return Cell(CellKind.ERROR, str(value))
    return _valued(value)


def _valued(value: Any) -> Cell:
    if isinstance(value, str):
        return Cell(CellKind.TEXT, unescape(value).strip())
    if isinstance(value, bool):
        return Cell(CellKind.FLAG, value)
    if isinstance(value, int | float):
        return Cell(CellKind.NUMBER, value)
    if isinstance(value, datetime):
        return Cell(CellKind.DATE, value)
    if isinstance(value, date):
        return Cell(CellKind.DATE, datetime(value.year, value.month, value.day))  # noqa: DTZ001 -- cells have no zone
    return Cell(CellKind.ERROR, "")
