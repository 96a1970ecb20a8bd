"""What the commands that print books have in common: formats, file, language."""

import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import IO, Annotated

import typer
from rich.console import Console
from sqlalchemy import Connection

from books.book import Book, BookQuery, Circumstances, Tongue
from books.words import WORDS
from books.writers import Writer
from books.writers.json_text import JsonWriter
from books.writers.terminal import PipeWriter, TerminalWriter
from commands.failures import REFUSED
from commands.language import current, say, spoken
from commands.output import chosen as chosen_columns
from commands.output import complain, counted, note
from commands.paging import screen
from commands.session import Session
from commands.words import words
from schemas.configuration import Agency
from schemas.file_faults import os_words
from workers.calendar import load_calendar
from workers.clock import now
from workers.home import keep_temporary_files

#: columns of a table that goes into a file
_FILE_WIDTH = 200
#: seconds that a book may take to be laid out: it may have thousands of rows, a letter has not
_PAPER_SECONDS = 600.0


class Format(StrEnum):
    """What a book is written as."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    XLSX = "xlsx"
    PDF = "pdf"


#: formats that a terminal cannot show
_FILES = {Format.XLSX, Format.PDF}
#: formats whose fields are fixed
_WHOLE = {Format.JSON, Format.PDF}
#: ends of a file's name and what is meant by them
_ENDS = {".json": Format.JSON, ".csv": Format.CSV, ".xlsx": Format.XLSX, ".pdf": Format.PDF}

AgencyOption = Annotated[str | None, typer.Option(help="经办机构代码 / agency code")]
FormatOption = Annotated[
    Format | None,
    typer.Option("--format", help="格式；默认由文件名判断 / format; default: by the file's name"),
]
OutputOption = Annotated[
    Path | None, typer.Option("-o", "--output", help="写入文件 / file to write")
]
JsonOption = Annotated[bool, typer.Option("--json", help="JSON (--format json)")]
SinceOption = Annotated[
    datetime | None,
    typer.Option("--from", formats=["%Y-%m-%d"], help="起始日期 / first day"),
]
UntilOption = Annotated[
    datetime | None, typer.Option("--to", formats=["%Y-%m-%d"], help="截止日期 / last day")
]
Reader = Callable[[Connection, BookQuery, Circumstances], Book]


def period(agency: str | None, since: datetime | None, until: datetime | None) -> BookQuery:
    """The query of an agency's days; both days count."""
    return BookQuery(
        agency=agency,
        since=since.date() if since else None,
        until=until.date() if until else None,
    )


def print_book(
    session: Session,
    read: Reader,
    query: BookQuery,
    *,
    format_: Format | None,
    output: Path | None,
    as_json: bool,
    columns: str | None,
) -> None:
    """The book is written to stdout or to the file ``output``, row by row as it is read."""
    chosen = _format(format_, output, as_json=as_json, columns=columns)
    _demand_agency(session, query)
    circumstances = Circumstances(
        now=now(),
        directory=session.directory,
        calendar=load_calendar(session.settings.calendar_file),
    )
    tongue = Tongue(language=current(), words={**WORDS, **words()})
    with (
        _writer(session, chosen, query, output) as writer,
        _target(output, chosen) as stream,
        session.ledger() as database,
        database.reading() as connection,
    ):
        book = read(connection, query, circumstances)
        if columns is not None:
            keys = chosen_columns(columns, [column.key for column in book.form.columns])
            book = replace(book, query=replace(query, columns=tuple(keys)))
        if output is None and chosen is Format.TABLE:
            book = replace(book, rows=counted(book.rows))
        writer.write(book, tongue, stream)
    if output is not None:
        note(say(f"已写入 {output}", f"wrote {output}"))


def _format(
    format_: Format | None, output: Path | None, *, as_json: bool, columns: str | None
) -> Format:
    """The format that is asked for, by option or by the file's name."""
    chosen = Format.JSON if as_json else format_
    if chosen is None and output is not None:
        chosen = _ENDS.get(output.suffix.lower())
        if chosen is None:
            ends = ", ".join(_ENDS)
            _refuse(
                f"{output} 的扩展名不说明格式：用 {ends}，或加 --format。",
                f"The name of {output} tells no format: end it in {ends}, or give --format.",
            )
    chosen = chosen or Format.TABLE
    if chosen in _FILES and output is None:
        _refuse(
            f"--format {chosen} 要写入文件：请加 -o 文件名.{chosen}。",
            f"--format {chosen} goes into a file: add -o NAME.{chosen}.",
        )
    if chosen in _WHOLE and columns is not None:
        _refuse(
            f"--format {chosen} 总有全部字段：请去掉 --columns。",
            f"--format {chosen} always has every field: leave out --columns.",
        )
    return chosen


def _demand_agency(session: Session, query: BookQuery) -> None:
    if query.agency is not None and session.directory.agency(query.agency) is None:
        known = ", ".join(agency.code for agency in session.directory.agencies)
        _refuse(
            f"没有经办机构 {query.agency}；已配置：{known}。",
            f"There is no agency {query.agency}; configured: {known}.",
        )


@contextmanager
def _writer(
    session: Session, format_: Format, query: BookQuery, output: Path | None
) -> Iterator[Writer]:
    """The writer of the format. What takes long to load is loaded only where it is used."""
    if format_ in _FILES:
        keep_temporary_files(session.settings.home)
    if format_ is Format.PDF:
        with _paper(session, _one_agency(session, query)) as writer:
            yield writer
    elif format_ is Format.XLSX:
        from books.writers.spreadsheet import SpreadsheetWriter  # noqa: PLC0415

        yield SpreadsheetWriter()
    elif format_ is Format.CSV:
        from books.writers.csv_text import CsvWriter  # noqa: PLC0415

        yield CsvWriter()
    elif format_ is Format.JSON:
        yield JsonWriter()
    elif output is not None:
        yield TerminalWriter(_FILE_WIDTH)
    elif sys.stdout.isatty():
        yield TerminalWriter(shutil.get_terminal_size().columns)
    else:
        yield PipeWriter()


@contextmanager
def _paper(session: Session, agency: Agency) -> Iterator[Writer]:
    """A writer with engines of its own, and a sign of life while it works."""
    from books.writers.paper import PaperWriter  # noqa: PLC0415
    from rendering.building import build_printer  # noqa: PLC0415

    settings = session.settings
    with TemporaryDirectory(prefix="hanyin-book-") as folder:
        printer = build_printer(
            work_dir=Path(folder),
            office_python=settings.office_python,
            office_program=settings.office_program,
            timeout=_PAPER_SECONDS,
        )
        console = Console(stderr=True)
        try:
            with console.status(say("正在排版", "laying out the pages")):
                yield PaperWriter(printer, agency)
        finally:
            printer.close()


def _one_agency(session: Session, query: BookQuery) -> Agency:
    """A book on paper is one agency's: the one named, or the only one that there is."""
    agencies = session.directory.agencies
    found = session.directory.agency(query.agency) if query.agency else None
    if found is not None:
        return found
    if len(agencies) != 1:
        known = ", ".join(agency.code for agency in agencies)
        _refuse(
            f"打印的簿册属于一个经办机构：请加 --agency（{known}）。",
            f"A printed book is one agency's: add --agency ({known}).",
        )
    return agencies[0]


@contextmanager
def _target(output: Path | None, format_: Format) -> Iterator[IO[bytes]]:
    """Where the book goes; a person's terminal pages it."""
    if output is None and format_ is Format.TABLE:
        with screen() as stream:
            yield stream
    elif output is None:
        yield sys.stdout.buffer
        sys.stdout.flush()
    else:
        with _file(output) as stream:
            yield stream


@contextmanager
def _file(output: Path) -> Iterator[IO[bytes]]:
    """``output`` holds what was written: all of it, or what it held before."""
    with TemporaryFile(prefix="hanyin-book-") as held:
        yield held
        held.seek(0)
        try:
            with output.open("wb") as target:
                shutil.copyfileobj(held, target)
        except OSError as error:
            _refuse(
                f"{output} 无法写入：{spoken(os_words(error))}。",
                f"{output} cannot be written: {spoken(os_words(error))}.",
            )


def _refuse(zh: str, en: str) -> None:
    complain(say(zh, en))
    raise typer.Exit(REFUSED)
