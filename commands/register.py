"""``hanyin register``: 发文登记簿, every number ever drawn and what became of it."""

import csv
import sys
from typing import Annotated

import typer

from books import register as book
from books.book import BookQuery
from commands.books import (
    AgencyOption,
    FormatOption,
    JsonOption,
    OutputOption,
    print_book,
)
from commands.gaps import demand_no_gaps
from commands.output import ColumnsOption
from commands.session import Session, open_session, told
from ledger import documents


@told
def register(
    agency: AgencyOption = None,
    series: Annotated[str | None, typer.Option(help="字号 / series")] = None,
    year: Annotated[int | None, typer.Option(help="年份 / year")] = None,
    limit: Annotated[int | None, typer.Option(help="最多行数 / at most")] = None,
    format_: FormatOption = None,
    output: OutputOption = None,
    columns: ColumnsOption = None,
    as_json: JsonOption = False,
    as_csv: Annotated[
        bool, typer.Option("--csv", help="CSV：--json 的字段 / CSV with the fields of --json")
    ] = False,
) -> None:
    """发文登记簿 / The document register, in order of agency, series, year and number.

    有缺号而没有记录的，退出码 1 / Exit 1 where a number is missing of which nothing is on record.
    """
    session = open_session()
    query = BookQuery(agency=agency, series=series, year=year, limit=limit)
    if as_csv:
        _print_fields(session, query)
    else:
        print_book(
            session,
            book.read,
            query,
            format_=format_,
            output=output,
            as_json=as_json,
            columns=columns,
        )
    demand_no_gaps(session, agency=agency, series=series, year=year)


def _print_fields(session: Session, query: BookQuery) -> None:
    """The contract's fields as CSV on stdout, for programs; ``--format csv`` is for people."""
    with session.ledger() as database, database.reading() as connection:
        pages = documents.pages(
            connection,
            agency=query.agency,
            series=query.series,
            year=query.year,
            limit=query.limit,
        )
        # the BOM tells a spreadsheet program that this is UTF-8
        sys.stdout.write("\ufeff")
        writer = csv.DictWriter(sys.stdout, book.FIELDS, extrasaction="ignore")
        writer.writeheader()
        for page in pages:
            writer.writerows(page)
