"""Events written into spreadsheets, as somebody would fill in the template."""

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from schemas.pointers import resolve
from sheets.columns import CASE_NO, Column, Form, Layout
from sheets.layouts import CASES, REPAYMENTS, WORKBOOK
from sheets.reading import Batch, read_file
from sheets.sender import Sender
from sheets.template import write_template
from sheets.words import NO, YES
from tests.building.events import Json

SENDER = Sender(agency="430111", source="/hunan/430111/sheets")
#: rows that the template uses itself
_OWN_ROWS = 3
#: what the columns of the way of repayment are called in the contract, by column
_WAYS = {"amount": ("amount", "per_period", "per_month"), "to": ("to", "by")}

Rows = list[dict[str, Any]]


def written(value: Any, column: Column) -> Any:
    """What somebody types for the contract's ``value``."""
    if value is None:
        return None
    if column.words is not None:
        return column.words[value]
    if column.form is Form.FLAG:
        return YES if value else NO
    if column.form is Form.MOMENT:
        return value[:10] + " " + value[11:19]
    return value


def row_of(event: Json, layout: Layout, entry: Json | None = None) -> dict[str, Any]:
    """Heading → what is typed, for the event, or for an entry of one of its lists."""
    row = {CASE_NO: event["subject"]}
    for column in layout.columns:
        for path in column.paths[:1]:
            value = _found(event if entry is None else entry, path)
            row[column.heading] = written(value, column)
    return row


def _found(holder: Json, path: Sequence[str | int]) -> Any:
    if path[:2] == ("data", "repayment") and path[2] in _WAYS:
        way = resolve(holder, ("data", "repayment")) or {}
        return next((way[name] for name in _WAYS[str(path[2])] if name in way), None)
    return resolve(holder, tuple(path))


def rows_of(*events: Json) -> dict[str, Rows]:
    """Sheet → its rows, for events of both kinds."""
    sheets: dict[str, Rows] = {layout.name: [] for layout in WORKBOOK}
    for event in events:
        if "repayment.recorded" in event["type"]:
            sheets[REPAYMENTS.name].append(row_of(event, REPAYMENTS))
            continue
        sheets[CASES.name].append(row_of(event, CASES))
        for layout in WORKBOOK:
            if layout.entry_of is not None:
                entries = resolve(event, layout.entry_of)
                sheets[layout.name] += [row_of(event, layout, entry) for entry in entries]
    return sheets


def fill(file: Path, *events: Json) -> Path:
    """The program's own template in ``file``, filled in with the events."""
    write_template(file)
    book = load_workbook(file)
    for name, rows in rows_of(*events).items():
        put_rows(book[name], rows)
    book.save(file)
    return file


def put_rows(sheet: Worksheet, rows: Rows) -> None:
    """The rows stand below the template's own."""
    headings = [str(cell.value).rstrip("*") for cell in sheet[1]]
    for number, row in enumerate(rows, start=_OWN_ROWS + 1):
        for place, heading in enumerate(headings, start=1):
            cell = sheet.cell(number, place)
            cell.value = row.get(heading)
            if isinstance(cell.value, str):
                cell.data_type = "s"


def plain_book(file: Path, sheets: dict[str, list[list[Any]]]) -> Path:
    """A workbook with these sheets of these rows, typed into a new file."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(file)
    return file


def simple_csv(file: Path, rows: Rows, *, encoding: str = "utf-8-sig", comma: str = ",") -> Path:
    """A CSV file of the rows, which all have the same headings."""
    with file.open("w", encoding=encoding, newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]), delimiter=comma)
        writer.writeheader()
        writer.writerows(rows)
    return file


def read(file: Path) -> Batch:
    """What the file says."""
    return read_file(file, SENDER)


def events_in(batch: Batch) -> Iterator[Json]:
    """The events of a batch without faults."""
    assert told(batch) == []
    return (draft.event for draft in batch.drafts)


def told(batch: Batch) -> list[tuple[str | None, int | None, str | None, str]]:
    """Sheet, row, column and code of each fault."""
    return [
        (fault.place.sheet, fault.place.row, fault.place.column, fault.problem.code)
        for fault in batch.all_faults
    ]
