"""What commands print: tables for people, JSON for programs, errors on stderr."""

import shutil
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer
from rich.console import Console

from books.layout import Heading, tab_separated, table
from commands.failures import Failure, is_for_programs, keep
from commands.language import say
from commands.paging import screen
from commands.words import in_words
from schemas.visible import visible, visible_json, visible_json_array

if TYPE_CHECKING:
    from rich.progress import Progress

#: seconds that nobody minds to wait without a sign
_PATIENCE = 2

#: rows of a table that somebody may still want to look through
MANY_ROWS = 5_000

_Item = TypeVar("_Item")

#: a column: key in the row, Chinese heading, English heading
Column = tuple[str, str, str]

JsonOption = Annotated[bool, typer.Option("--json", help="JSON")]
ColumnsOption = Annotated[
    str | None,
    typer.Option("--columns", help="只要这些列，逗号分隔 / only these columns, comma separated"),
]


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
    title: str,
    columns: Sequence[Column],
    rows: Iterable[Mapping[str, Any]],
    *,
    as_json: bool,
    only: str | None = None,
) -> None:
    """The rows are written to stdout as they come, for whoever reads it.

    For a terminal as a table of ``columns`` (of those named in ``only``), for a pipe as a line a
    row with tabs between the cells, or as one JSON array with all fields.
    """
    if as_json:
        for piece in visible_json_array(dict(row) for row in rows):
            sys.stdout.write(piece)
        sys.stdout.write("\n")
        return
    keys = chosen(only, [key for key, _, _ in columns])
    headings = {key: Heading(text=say(zh, en)) for key, zh, en in columns}
    cells = ([_cell(row.get(key)) for key in keys] for row in map(in_words, counted(rows)))
    with screen() as stream:
        for line in _lines(title, [headings[key] for key in keys], cells):
            stream.write(f"{line}\n".encode())


def counted(rows: Iterable[_Item]) -> Iterator[_Item]:
    """The same rows; a note is printed once before very many of them on a terminal."""
    shown = sys.stdout.isatty()
    for number, row in enumerate(rows):
        if shown and number == MANY_ROWS:
            note(
                say(
                    f"超过 {MANY_ROWS:,} 行，继续输出；Ctrl-C 停止。可用选项缩小范围，"
                    "或用 -o 文件.xlsx、--json 写入文件。",
                    f"More than {MANY_ROWS:,} rows, more follow; Ctrl-C stops. Options select"
                    " fewer; -o FILE.xlsx or --json write a file.",
                )
            )
        yield row


def _lines(title: str, headings: list[Heading], cells: Iterable[list[str]]) -> Iterator[str]:
    if sys.stdout.isatty():
        return table(title, headings, cells, width=shutil.get_terminal_size().columns)
    return tab_separated(cells)


def chosen(only: str | None, known: Sequence[str]) -> list[str]:
    """The columns that ``only`` names, comma separated; all where it is None.

    Raises BadParameter that lists the columns there are.
    """
    if only is None:
        return list(known)
    keys = [name.strip() for name in only.split(",")]
    unknown = [key for key in keys if key not in known]
    if unknown:
        raise typer.BadParameter(
            say(
                f"没有列 {'、'.join(unknown)}；有：{', '.join(known)}",
                f"there is no column {', '.join(unknown)}; there are {', '.join(known)}",
            ),
            param_hint="--columns",
        )
    return keys


def complain(sentence: str, *, code: str = "", pointer: str = "") -> None:
    """``sentence`` is written to stderr, in red on a terminal; with ``--json`` at the end."""
    if keep(Failure(message=sentence, code=code, pointer=pointer)):
        return
    console = Console(stderr=True)
    console.print(visible(sentence), style="red", markup=False, highlight=False, soft_wrap=True)


def note(sentence: str) -> None:
    """``sentence``, which is no complaint, is written to stderr as a line, for people alone."""
    if is_for_programs():
        return
    sys.stderr.write(visible(sentence) + "\n")


def report(rows: Sequence[Mapping[str, Any]], sentence: str, *, as_json: bool) -> None:
    """What was done: ``sentence`` for people on stderr, with ``--json`` the rows on stdout."""
    if as_json:
        print_json([dict(row) for row in rows])
    else:
        note(sentence)


def report_files(files: Iterable[Path], *, as_json: bool) -> None:
    """The files that were written: a line each on stdout, with ``--json`` an array."""
    if as_json:
        print_json([{"file": str(file)} for file in files])
        return
    for file in files:
        print_line(str(file))


def print_lines(lines: Iterable[str], *, as_json: bool) -> None:
    """The lines are written to stdout, with ``--json`` as an array of them."""
    if as_json:
        print_json([{"line": line} for line in lines])
        return
    for line in lines:
        print_line(line)


def print_line(line: str) -> None:
    """``line`` is written to stdout as a line."""
    sys.stdout.write(visible(line) + "\n")


def _cell(value: Any) -> str:
    # several lines were put together here: what comes from outside has none
    return "" if value is None else visible(str(value), lines=True)
