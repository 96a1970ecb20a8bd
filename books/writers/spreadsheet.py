"""A book as XLSX: numbers and dates as such, text always as text, ready to be printed."""

import re
from datetime import date
from decimal import Decimal
from typing import IO

from openpyxl import Workbook
from openpyxl.cell import Cell as SheetCell
from openpyxl.cell import MergedCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.header_footer import HeaderFooter, HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from books.book import Book, BookColumn, Cell, Place, Tongue
from books.sheet import Sheet, tell

_MONEY, _COUNT, _DATE = "#,##0.00", "0", "yyyy-mm-dd"
#: characters of Excel's name of a sheet, and those that it may not hold
_NAME_LENGTH = 31
_NOT_IN_NAME = re.compile(r"[\[\]:*?/\\]")
_BOLD = Font(bold=True)
_WRAP = Alignment(vertical="top", wrap_text=True)
#: ISO 216 A4 in SpreadsheetML's numbering of paper
_A4 = 9


class SpreadsheetWriter:
    """One sheet: heading, rows, sums. It holds no formula."""

    def write(self, book: Book, tongue: Tongue, stream: IO[bytes]) -> None:
        """The workbook as a whole: its parts are packed at the end."""
        sheet = tell(book, tongue, Place.SHEETS)
        workbook = Workbook()
        page = workbook.worksheets[0]
        page.title = _NOT_IN_NAME.sub(" ", sheet.title)[:_NAME_LENGTH]
        _fill(page, 1, sheet.headings, bold=True)
        last = 1
        for last, row in enumerate(sheet.rows, start=2):
            _fill(page, last, row)
        _fill(page, last + 1, sheet.totals(), bold=True)
        _lay_out(page, sheet, last)
        workbook.save(stream)


def _fill(page: Worksheet, row: int, cells: tuple[Cell, ...], *, bold: bool = False) -> None:
    for column, value in enumerate(cells, start=1):
        if value is None:
            continue
        cell = page.cell(row=row, column=column)
        _put(cell, value)
        cell.alignment = _WRAP
        if bold:
            cell.font = _BOLD


def _put(cell: SheetCell | MergedCell, value: str | Decimal | int | date) -> None:
    """The cell holds ``value`` with a type of its own; text is text, whatever it begins with."""
    if isinstance(value, str):
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)
        # openpyxl takes "=1" for a formula and "#N/A" for an error
        cell.data_type = "s"
        # the mark of Excel's apostrophe: it stays text when somebody edits the cell
        cell.quotePrefix = True
    else:
        cell.value = value
        cell.number_format = _format(value)


def _format(value: Decimal | int | date) -> str:
    if isinstance(value, Decimal):
        return _MONEY
    return _DATE if isinstance(value, date) else _COUNT


def _lay_out(page: Worksheet, sheet: Sheet, rows: int) -> None:
    """The heading stays in sight, and stands on every page where the sheet is printed."""
    right = get_column_letter(len(sheet.columns))
    page.freeze_panes = "A2"
    page.auto_filter.ref = f"A1:{right}{rows}"
    for place, column in enumerate(sheet.columns, start=1):
        page.column_dimensions[get_column_letter(place)].width = _width(column)
    page.print_title_rows = "1:1"
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = _A4
    page.page_setup.fitToWidth = 1
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    # & begins a code in Excel's headers
    title = f"{sheet.title} {sheet.scope}".replace("&", "&&")
    page.HeaderFooter = HeaderFooter(oddHeader=_centred(title), oddFooter=_centred("&P / &N"))


def _centred(text: str) -> HeaderFooterItem:
    return HeaderFooterItem(center=_HeaderFooterPart(text=text))


def _width(column: BookColumn) -> float:
    return float(column.width)
