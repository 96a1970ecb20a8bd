"""A book for a person at a terminal, and as lines for a pipe."""

from collections.abc import Iterator
from typing import IO

from books.book import Book, BookColumn, CellType, Place, Tongue
from books.layout import Heading, tab_separated, table
from books.sheet import Sheet, as_text, tell
from schemas.visible import visible

_NUMBERS = {CellType.MONEY, CellType.COUNT}


class TerminalWriter:
    """A table of so many cells across, or a record a row where that is too narrow."""

    def __init__(self, width: int) -> None:
        self._width = width

    def write(self, book: Book, tongue: Tongue, stream: IO[bytes]) -> None:
        """Heading, rows, sums; what a cell holds is never obeyed by the terminal."""
        sheet = tell(book, tongue, Place.PAGES)
        headings = [
            Heading(text=heading, right=_is_number(column))
            for column, heading in zip(sheet.columns, sheet.headings, strict=True)
        ]
        lines = table(
            f"{sheet.title}  {sheet.scope}",
            headings,
            _texts(sheet),
            width=self._width,
            totals=lambda: [as_text(cell) for cell in sheet.totals()],
        )
        for line in lines:
            stream.write(f"{line}\n".encode())


class PipeWriter:
    """A line a row, cells parted by tabs; no headings and no sums, which would be rows too."""

    def write(self, book: Book, tongue: Tongue, stream: IO[bytes]) -> None:
        """Each row as it comes."""
        for line in tab_separated(_texts(tell(book, tongue, Place.PAGES))):
            stream.write(f"{line}\n".encode())


def _texts(sheet: Sheet) -> Iterator[list[str]]:
    return ([visible(as_text(cell), lines=True) for cell in row] for row in sheet.rows)


def _is_number(column: BookColumn) -> bool:
    return column.type in _NUMBERS
