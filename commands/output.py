"""What commands print: tables for people, JSON for programs, errors on stderr."""

import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, TypeVar

from rich.console import Console
from rich.table import Table
from rich.text import Text

from commands.language import say
from commands.words import in_words
from schemas.visible import visible, visible_json

if TYPE_CHECKING:
    from rich.progress import Progress

#: seconds that nobody minds to wait without a sign
_PATIENCE = 2

_Item = TypeVar("_Item")

#: a column: key in the row, Chinese heading, English heading
Column = tuple[str, str, str]


def print_json(value: Any) -> None:
    """``value`` is written to stdout as one JSON text, Chinese as it is."""
    sys.stdout.write(visible_json(value, indent=2) + "\n")


def progress_bar() -> "Progress":
    """A bar on stderr with what is done, how much of how much, and the time; gone at its end."""
    from rich.progress import (  # noqa: PLC0415 -- for what takes long alone
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
    )

    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    )


def watched(items: Iterable[_Item], total: int, description: str) -> Iterator[_Item]:
    """The same, with a bar on a terminal's stderr once it takes longer than two seconds."""
    patience = time.monotonic() + _PATIENCE
    with ExitStack() as stack:
        bar: Progress | None = None
        for done, item in enumerate(items):
            if bar is None and sys.stderr.isatty() and time.monotonic() > patience:
                bar = stack.enter_context(progress_bar())
                bar.add_task(description, total=total)
            if bar is not None:
                bar.update(bar.task_ids[0], completed=done)
            yield item


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
