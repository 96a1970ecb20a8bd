"""What is read from a file before anybody asks what it means: lines of cells."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

#: rows of a sheet, headings and explanations included
MOST_ROWS = 20_000
#: columns of a sheet; the widest layout has about forty
MOST_COLUMNS = 200
#: bytes of a file
MOST_BYTES = 10 * 1024 * 1024


class CellKind(StrEnum):
    """What a cell holds."""

    TEXT = "text"
    PLAIN = "plain"  # text of a CSV file: what it was in the program that wrote it is not known
    NUMBER = "number"
    FLAG = "flag"
    DATE = "date"
    FORMULA = "formula"
    ERROR = "error"  # #N/A and its like, and what is none of the others


@dataclass(frozen=True)
class Cell:
    """A cell that is not empty; text without the blanks around it."""

    kind: CellKind
    value: str | int | float | bool | datetime = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Line:
    """A row with at least one cell that is not empty."""

    #: as the spreadsheet program counts, from 1
    number: int
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True, kw_only=True)
class Grid:
    """A sheet; reading ``lines`` may raise ``Invalid``."""

    file: str
    #: None: a CSV file
    name: str | None
    lines: Iterable[Line]
    #: numbers of rows, and first and last numbers of columns, that nobody sees
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: tuple[tuple[int, int], ...] = ()
