"""A book as a table on the terminal (Rich)."""

from typing import Literal

from rich.console import Console
from rich.table import Table
from rich.text import Text

from books.book import Book, BookColumn, Cell, CellType, Place, Tongue
from books.sheet import as_text, tell
from schemas.visible import visible

_NUMBERS = {CellType.MONEY, CellType.COUNT}


class TerminalWriter:
    """As wide as the console, in colours where it has them."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def write(self, book: Book, tongue: Tongue) -> bytes:
        """The table, ready to be printed on the console; what it holds is never markup."""
        sheet = tell(book, tongue, Place.PAGES)
        table = Table(
            title=Text(visible(f"{sheet.title}  {sheet.scope}")),
            title_justify="left",
            show_footer=True,
        )
        for column, heading, total in zip(sheet.columns, sheet.headings, sheet.totals, strict=True):
            table.add_column(
                Text(heading), footer=_text(total), justify=_side(column), overflow="fold"
            )
        for row in sheet.rows:
            table.add_row(*map(_text, row))
        with self._console.capture() as captured:
            self._console.print(table)
        return captured.get().encode()


def _text(cell: Cell) -> Text:
    return Text(visible(as_text(cell), lines=True))


def _side(column: BookColumn) -> Literal["left", "right"]:
    return "right" if column.type in _NUMBERS else "left"
