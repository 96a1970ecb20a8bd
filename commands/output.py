"""What commands print: tables for people, JSON for programs, errors on stderr."""

import sys
from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from commands.language import say
from commands.words import in_words
from schemas.visible import visible, visible_json

#: a column: key in the row, Chinese heading, English heading
Column = tuple[str, str, str]


def print_json(value: Any) -> None:
    """``value`` is written to stdout as one JSON text, Chinese as it is."""
    sys.stdout.write(visible_json(value, indent=2) + "\n")


def progress_bar() -> Progress:
    """A bar on stderr with what is done, how much of how much, and the time; gone at its end."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    )


def print_rows(
    title: str, columns: Sequence[Column], rows: Sequence[Mapping[str, Any]], *, as_json: bool
) -> None:
    """The rows stand on stdout, as a table of ``columns`` or as one JSON array with all fields."""
    if as_json:
        print_json([dict(row) for row in rows])
        return
    # as it is: what is in a title or a cell is no markup
    table = Table(title=Text(visible(title), style="table.title"), title_justify="left")
    for _, zh, en in columns:
        table.add_column(say(zh, en), overflow="fold")
    for row in map(in_words, rows):
        table.add_row(*(Text(_cell(row.get(key))) for key, _, _ in columns))
    Console().print(table)


def complain(sentence: str) -> None:
    """``sentence`` is written to stderr, in red on a terminal."""
    console = Console(stderr=True)
    console.print(visible(sentence), style="red", markup=False, highlight=False)


def note(sentence: str) -> None:
    """``sentence``, which is no complaint, is written to stderr as a line."""
    sys.stderr.write(visible(sentence) + "\n")


def print_line(line: str) -> None:
    """``line`` is written to stdout as a line."""
    sys.stdout.write(visible(line) + "\n")


def _cell(value: Any) -> str:
    # several lines were put together here: what comes from outside has none
    return "" if value is None else visible(str(value), lines=True)
