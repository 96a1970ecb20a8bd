"""A book in each format: what a cell is, and that text is never anything but text."""

import csv
import io
import json
from datetime import datetime
from typing import Any

import pytest
from openpyxl import load_workbook

from books.book import Book, Row, Tongue
from books.words import WORDS
from books.writers import Writer
from books.writers.csv_text import CsvWriter
from books.writers.json_text import JsonWriter
from books.writers.spreadsheet import SpreadsheetWriter
from books.writers.terminal import TerminalWriter
from schemas.events import Channel, GroupCode, ServedMethod
from tests.building.books import CHINESE, ENGLISH, book, case_row, written

#: what spreadsheet programs take for a formula or an error
TRICKS = ["=1+1", "+1", "-1", "@SUM(A1)", "=HYPERLINK(A1)", "#N/A", "1e5", "\t=1", " =1"]


def sheet_of(made: Book, tongue: Tongue = CHINESE) -> Any:
    return load_workbook(io.BytesIO(written(SpreadsheetWriter(), made, tongue))).active


def under(sheet: Any, heading: str, row: int = 2) -> Any:
    (column,) = [cell.column for cell in sheet[1] if cell.value == heading]
    return sheet.cell(row=row, column=column)


def test_amounts_and_dates_are_numbers_and_dates_in_a_spreadsheet() -> None:
    sheet = sheet_of(book(case_row()))
    assert under(sheet, "多领金额").value == 3465.30
    assert under(sheet, "多领金额").number_format == "#,##0.00"
    assert under(sheet, "立案日期").value == datetime(2026, 3, 5)  # noqa: DTZ001 -- Excel's own
    assert under(sheet, "立案日期").is_date
    assert under(sheet, "追回：银行转账").value == 1465.30


def test_a_spreadsheets_head_stays_and_its_last_row_holds_the_sums() -> None:
    sheet = sheet_of(book(case_row()))
    assert sheet.freeze_panes == "A2"
    assert sheet.print_title_rows == "$1:$1"
    assert under(sheet, "案号", row=3).value == "合计 1 件"
    assert under(sheet, "未追回", row=3).value == 2000
    assert all(sheet.column_dimensions[letter].width >= 8 for letter in "ABCDEFG")


@pytest.mark.parametrize("trick", TRICKS)
def test_text_is_text_in_a_spreadsheet_whatever_it_begins_with(trick: str) -> None:
    cell = under(sheet_of(book(case_row(party_name=trick))), "姓名")
    assert (cell.value, cell.data_type, cell.quotePrefix) == (trick, "s", True)


@pytest.mark.parametrize("trick", [t for t in TRICKS if t not in {"#N/A", "1e5"}])
def test_text_is_no_formula_in_a_csv_file(trick: str) -> None:
    text = written(CsvWriter(), book(case_row(party_name=trick)), CHINESE).decode("utf-8-sig")
    assert next(csv.DictReader(io.StringIO(text)))["姓名"] == f"'{trick}"


def test_a_character_that_a_spreadsheet_cannot_hold_is_left_out() -> None:
    assert under(sheet_of(book(case_row(party_name="甲\x01乙"))), "姓名").value == "甲乙"


def test_csv_begins_with_a_bom_and_ends_with_the_sums() -> None:
    raw = written(CsvWriter(), book(case_row()), CHINESE)
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"))))
    assert raw.startswith(b"\xef\xbb\xbf")
    assert rows[0][:2] == ["案号", "姓名"]
    assert rows[-1][0] == "合计 1 件"
    assert rows[-1][4:6] == ["3465.30", "1465.30"]


def test_json_has_the_fields_with_codes_as_they_are() -> None:
    (row,) = json.loads(written(JsonWriter(), book(case_row()), CHINESE))
    assert row["overpaid"] == "3465.30"
    assert row["groups"] == ["minimum_living_allowance"]
    assert row["recovered_by_channel"] == {"bank_transfer": "1465.30"}
    assert row["opened_on"] == "2026-03-05"


def test_a_table_prints_what_a_cell_holds_and_not_what_rich_makes_of_it() -> None:
    writer = TerminalWriter(250)
    text = written(writer, book(case_row(party_name="[red]甲[/red]")), CHINESE).decode()
    assert "[red]甲[/red]" in text
    assert "银行转账1465.30" in text
    assert "（作废）" in text


def test_a_name_cannot_lead_the_terminal() -> None:
    trick = "甲\x1b[2J\u202e乙"
    shown = written(TerminalWriter(250), book(case_row(party_name=trick)), CHINESE)
    text = written(JsonWriter(), book(case_row(party_name=trick)), CHINESE)
    assert "甲<U+001B>[2J<U+202E>乙" in shown.decode()
    assert json.loads(text)[0]["party_name"] == trick
    for output in (shown.decode(), text.decode()):
        assert not {"\x1b", "\u202e"} & set(output)


@pytest.mark.parametrize("writer", [CsvWriter(), SpreadsheetWriter(), TerminalWriter(250)])
def test_an_empty_book_is_written_too(writer: Writer) -> None:
    assert written(writer, book(), ENGLISH)


def test_headings_and_words_are_in_the_language_that_is_asked_for() -> None:
    raw = written(CsvWriter(), book(case_row()), ENGLISH).decode("utf-8-sig")
    row: Row = next(csv.DictReader(io.StringIO(raw)))
    assert row["groups"] == "minimum living allowance"
    assert row["recovered: bank transfer"] == "1465.30"


def test_every_code_that_a_book_shows_has_a_chinese_word() -> None:
    codes = [code.value for kind in (Channel, GroupCode, ServedMethod) for code in kind]
    assert [code for code in codes if code not in WORDS] == []
