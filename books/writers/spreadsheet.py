"""A book as XLSX: numbers and dates as such, text always as text, ready to be printed."""

import re
from datetime import date
from decimal import Decimal
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.header_footer import HeaderFooter, HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.properties import PageSetupProperties

from books.book import Book, Cell, Place, Tongue
from books.sheet import Sheet, tell

_MONEY, _COUNT, _DATE = "#,##0.00", "0", "yyyy-mm-dd"
#: characters of Excel's name of a sheet, and those that it may not hold
_NAME_LENGTH = 31
_NOT_IN_NAME = re.compile(r"[\[\]:*?/\\]")
_BOLD = Font(bold=True)
_WRAP = Alignment(vertical="top", wrap_text=True)
#: rows of a sheet beside its heading and the sums: Excel takes 1,048,576 in all
_MOST_ROWS = 1_048_576 - 2
#: openpyxl's write-only sheet: most of what it has is not in its stubs
_Page = Any
#: ISO 216 A4 in SpreadsheetML's numbering of paper
_A4 = 9


class SpreadsheetWriter:
    """Heading, rows, sums; no formula. A sheet, or as many as the rows need."""

    def write(self, book: Book, tongue: Tongue, stream: IO[bytes]) -> None:
        """Rows are written down as they come; the workbook's parts are packed at the end."""
        sheet = tell(book, tongue, Place.SHEETS)
        # write-only: of what was appended nothing is kept
        workbook = Workbook(write_only=True)
        rows, page = 0, _page(workbook, sheet)
        for row in sheet.rows:
            if rows == _MOST_ROWS:
                _filter(page, sheet, rows)
                rows, page = 0, _page(workbook, sheet)
            page.append(_cells(page, row))
            rows += 1
        _filter(page, sheet, rows)
        page.append(_cells(page, sheet.totals(), bold=True))
        workbook.save(stream)


def _page(workbook: Workbook, sheet: Sheet) -> _Page:
    """A sheet with its heading, which stays in sight and is on every page of paper."""
    number = len(workbook.worksheets) + 1
    more = "" if number == 1 else f" {number}"
    name = _NOT_IN_NAME.sub(" ", sheet.title)[: _NAME_LENGTH - len(more)] + more
    page = workbook.create_sheet(name)
    _lay_out(page, sheet)
    page.append(_cells(page, sheet.headings, bold=True))
    return page


def _cells(page: _Page, cells: tuple[Cell, ...], *, bold: bool = False) -> list[Any]:
    return [None if value is None else _cell(page, value, bold=bold) for value in cells]


def _cell(page: _Page, value: str | Decimal | int | date, *, bold: bool) -> Any:
    """``value`` with a type of its own; text is text, whatever it begins with."""
    cell = WriteOnlyCell(page)
    if isinstance(value, str):
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", value)
        # openpyxl takes "=1" for a formula and "#N/A" for an error
        cell.data_type = "s"
        # the mark of Excel's apostrophe: it stays text when somebody edits the cell
        cell.quotePrefix = True
    else:
        cell.value = value
        cell.number_format = _format(value)
    cell.alignment = _WRAP
    if bold:
        cell.font = _BOLD
    return cell


def _format(value: Decimal | int | date) -> str:
    if isinstance(value, Decimal):
        return _MONEY
    return _DATE if isinstance(value, date) else _COUNT


def _filter(page: _Page, sheet: Sheet, rows: int) -> None:
    right = get_column_letter(len(sheet.columns))
    page.auto_filter.ref = f"A1:{right}{rows + 1}"


def _lay_out(page: _Page, sheet: Sheet) -> None:
    """What has to be said before the first row is written."""
    page.freeze_panes = "A2"
    for place, column in enumerate(sheet.columns, start=1):
        page.column_dimensions[get_column_letter(place)].width = float(column.width)
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
