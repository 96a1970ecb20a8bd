"""``hanyin register``: 发文登记簿, every number ever drawn and what became of it."""

import csv
import sys
from typing import Annotated, Any

import typer

from commands.language import say
from commands.output import Column, print_rows
from commands.session import open_session, told
from ledger import documents

#: the fields of a row are contract
FIELDS = (
    "number",
    "series",
    "year",
    "seq",
    "agency",
    "kind",
    "case_no",
    "state",
    "issued_on",
    "document_id",
)
_COLUMNS: list[Column] = [
    ("number", "文号", "number"),
    ("issued_on", "成文日期", "issued on"),
    ("kind", "文种", "kind"),
    ("case_no", "案号", "case"),
    ("state", "状态", "state"),
]


@told
def register(
    agency: Annotated[str | None, typer.Option(help="经办机构代码 / agency code")] = None,
    series: Annotated[str | None, typer.Option(help="字号 / series")] = None,
    year: Annotated[int | None, typer.Option(help="年份 / year")] = None,
    limit: Annotated[int | None, typer.Option(help="最多行数 / at most")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="CSV (UTF-8, BOM)")] = False,
) -> None:
    """发文登记簿 / The document register, in order of agency, series, year and number."""
    session = open_session()
    with session.ledger() as database, database.reading() as connection:
        rows = documents.listing(connection, agency=agency, series=series, year=year, limit=limit)
    chosen = [{name: row[name] for name in FIELDS} for row in rows]
    if as_csv:
        _print_csv(chosen)
    else:
        print_rows(say("发文登记簿", "Document register"), _COLUMNS, chosen, as_json=as_json)


def _print_csv(rows: list[dict[str, Any]]) -> None:
    # the BOM tells a spreadsheet program that this is UTF-8
    sys.stdout.write("\ufeff")
    writer = csv.DictWriter(sys.stdout, FIELDS)
    writer.writeheader()
    writer.writerows(rows)
