"""Where something stands in a spreadsheet, and what is wrong there."""

from dataclasses import dataclass

from schemas.codes import Problem


@dataclass(frozen=True, kw_only=True)
class Place:
    """A file, or a sheet, row or cell of it; None for what is not told apart."""

    file: str
    #: None: a CSV file
    sheet: str | None = None
    #: as the spreadsheet program counts, from 1
    row: int | None = None
    #: the heading
    column: str | None = None

    def __str__(self) -> str:
        parts = [
            self.file,
            self.sheet,
            None if self.row is None else f"第{self.row}行",
            self.column,
        ]
        return " ".join(part for part in parts if part)


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One thing that is wrong (or remarkable) at a place."""

    place: Place
    problem: Problem
    #: what stands there as far as it may be shown: personal values are masked
    value: str | None = None
    #: the column, counted from 1, where no heading of the layout names it
    index: int | None = None
