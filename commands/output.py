"""What commands print: tables for people, JSON for programs, errors on stderr."""

import json
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from commands.language import say
from commands.words import in_words

#: a column: key in the row, Chinese heading, English heading
Column = tuple[str, str, str]


def print_json(value: Any) -> None:
    """``value`` stands on stdout as one JSON text, Chinese as it is."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2, default=str) + "\n")


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
    table = Table(title=title, title_justify="left")
    for _, zh, en in columns:
        table.add_column(say(zh, en), overflow="fold")
    for row in map(in_words, rows):
        # as it is: what stands in a cell is no markup
        table.add_row(*(Text(_cell(row.get(key))) for key, _, _ in columns))
    Console().print(table)


def complain(sentence: str) -> None:
    """``sentence`` stands on stderr, in red on a terminal."""
    Console(stderr=True).print(sentence, style="red", markup=False, highlight=False)


def _cell(value: Any) -> str:
    return "" if value is None else str(value)
