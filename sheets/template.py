"""The templates that office workers fill in: a workbook, or CSV files of its simple sheets."""

import csv
import io
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from sheets.columns import CASE_NO, Column, Form, Layout
from sheets.grid import MOST_ROWS
from sheets.layouts import ALONE, EXPLANATION, WORDS, WORKBOOK
from sheets.rows import EXPLANATION_MARK
from sheets.words import LISTS, NO, YES

#: rows of the template: headings, explanation, sample; what is filled in comes below
_HEADINGS, _EXPLANATIONS, _SAMPLE = 1, 2, 3
#: characters of the explanation's lines
_PAGE_WIDTH = 100
#: characters that are still read when they are fitted to the width of A4, lying
_PAPER_WIDTH = 240
_FONT = "宋体"
_GREY, _WHITE = "FF7F7F7F", "FFFFFFFF"
_MUST, _MAY, _OWN = "FF1F4E79", "FF5B7F9E", "FFF2F2F2"
_EDGE = Side(style="thin", color="FFBFBFBF")
#: the code of a text cell, which keeps digits as they are typed
_AS_TEXT = "@"
_NOTES = (
    "函印：案件与还款批量导入模板",
    "",
    (
        "1. 每张表从第 4 行起填写。深色表头的列必填（成组的列，如承诺人，要填就一起填全），"
        "浅色的可不填。"
    ),
    "2. 第 2 行（以“说明”开头）和第 3 行（以“示例”开头）不会被导入，可以保留，也可以删除。",
    (
        "3. 案号、证件号码、账号等列已设为文本格式：请直接录入，或粘贴时选“只粘贴文本/数值”，"
        "否则超过 15 位的数字会被改掉。"
    ),
    (
        "4. 日期写 2026-03-05 或 2026年3月5日，月份写 2026-03 或 2026年3月；金额以元为单位，"
        "最多两位小数。"
    ),
    "5. 险种、证件类型等从下拉列表中选择；全部可选内容见“代码表”。",
    "6. 不要合并单元格，不要写公式，不要改动表头和表名，不要隐藏工作表；不用的表留空即可。",
    "7. 导入：hanyin publish 文件名。先检查全部行，有一处错误就一个也不发送，并按表、行、列列出。",
    (
        "8. 同一文件可以重复导入：已受理的行不会重复。已受理的行改动后再导入会被指出，不会发送；"
        "更正须另发更正或冲正事件。"
    ),
    "",
    "各表：",
)


def write_template(file: Path) -> list[Path]:
    """The template stands in ``file`` (XLSX); for ``.csv`` one file a sheet, beside that name.

    What was written is returned. Raises ``FileExistsError`` rather than write over a file, which
    may be filled in, and ``OSError``.
    """
    if file.suffix.lower() == ".csv":
        contents = {_beside(file, layout): _commas(layout) for layout in ALONE}
    else:
        contents = {file: _workbook()}
    for target in contents:
        if target.exists():
            raise FileExistsError(17, "exists already", str(target))
    for target, content in contents.items():
        with target.open("xb") as stream:
            stream.write(content)
    return list(contents)


def _beside(file: Path, layout: Layout) -> Path:
    return file.with_name(f"{file.stem}-{layout.name}{file.suffix}")


def _commas(layout: Layout) -> bytes:
    lines = io.StringIO(newline="")
    writer = csv.writer(lines)
    writer.writerow(_heading(column, layout) for column in layout.columns)
    writer.writerow(_explained(column, layout) for column in layout.columns)
    writer.writerow(column.sample for column in layout.columns)
    # the mark tells a spreadsheet program that this is UTF-8
    return lines.getvalue().encode("utf-8-sig")


def _heading(column: Column, layout: Layout) -> str:
    return column.heading + ("*" if layout.demands(column) else "")


def _explained(column: Column, layout: Layout) -> str:
    default = "必填" if layout.demands(column) else "同组的要填就一起填"
    note = column.note or (default if column.required else "可不填")
    if column.longest is not None:
        note = f"{note}（最多 {column.longest} 字）"
    return f"{EXPLANATION_MARK}：{note}" if column.heading == CASE_NO else note


def _workbook() -> bytes:
    book = Workbook()
    page = book.active
    if not isinstance(page, Worksheet):
        raise TypeError("a new workbook has a sheet")
    page.title = EXPLANATION
    _explain(page)
    for layout in WORKBOOK:
        _lay_out(book.create_sheet(layout.name), layout)
    _list_words(book.create_sheet(WORDS))
    for sheet in book.worksheets:
        _fit_paper(sheet)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _fit_paper(sheet: Worksheet) -> None:
    """Printed, the sheet is as wide as the paper, or goes on with headings and case numbers."""
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = "9"  # A4 (ECMA-376-1, 18.3.1.63)
    width = sum(dimension.width for dimension in sheet.column_dimensions.values())
    if width <= _PAPER_WIDTH:
        sheet.page_setup.fitToHeight = 0
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    else:
        sheet.print_title_cols = "A:A"
        sheet.print_title_rows = f"{_HEADINGS}:{_HEADINGS}"


def _explain(page: Worksheet) -> None:
    lines = [*_NOTES, *(f"· {layout.name}：{layout.note}" for layout in WORKBOOK)]
    page.column_dimensions["A"].width = _PAGE_WIDTH
    page.sheet_view.showGridLines = False
    for number, line in enumerate(lines, start=1):
        cell = page.cell(number, 1, line)
        cell.font = Font(name=_FONT, size=14 if number == 1 else 11, bold=number == 1)
        cell.alignment = Alignment(wrap_text=True, vertical="top")


def _lay_out(sheet: Worksheet, layout: Layout) -> None:
    for place, column in enumerate(layout.columns, start=1):
        letter = get_column_letter(place)
        sheet.column_dimensions[letter].width = column.width
        # what is typed below is text, but for amounts, which may be numbers
        form = "0.00" if column.form is Form.AMOUNT else _AS_TEXT
        sheet.column_dimensions[letter].number_format = form
        _head(sheet, place, column, layout)
        _offer(sheet, letter, column)
    sheet.row_dimensions[_HEADINGS].height = 32
    sheet.row_dimensions[_EXPLANATIONS].height = 48
    sheet.freeze_panes = f"B{_EXPLANATIONS}"


def _head(sheet: Worksheet, place: int, column: Column, layout: Layout) -> None:
    """Heading, explanation and sample of a column."""
    heading = sheet.cell(_HEADINGS, place, _heading(column, layout))
    heading.font = Font(name=_FONT, bold=True, color=_WHITE)
    heading.fill = PatternFill("solid", fgColor=_MUST if layout.demands(column) else _MAY)
    heading.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    for row, text in (
        (_EXPLANATIONS, _explained(column, layout)),
        (_SAMPLE, column.sample or None),
    ):
        below = sheet.cell(row, place, text)
        below.number_format = _AS_TEXT
        below.font = Font(name=_FONT, size=9, color=_GREY, italic=row == _SAMPLE)
        below.fill = PatternFill("solid", fgColor=_OWN)
        below.alignment = Alignment(wrap_text=row == _EXPLANATIONS, vertical="center")
        below.border = Border(bottom=_EDGE, right=_EDGE)


def _offer(sheet: Worksheet, letter: str, column: Column) -> None:
    """The column's cells have a drop-down list where it has words."""
    if column.form is Form.FLAG:
        formula = f'"{YES},{NO}"'
    elif column.words is not None:
        place = list(LISTS.values()).index(column.words) + 1
        words = f"${get_column_letter(place)}$"
        formula = f"'{WORDS}'!{words}2:{words}{len(column.words) + 1}"
    else:
        return
    offer = DataValidation(type="list", formula1=formula, allow_blank=True, showErrorMessage=True)
    offer.errorTitle = column.heading
    offer.error = "请从下拉列表中选择"
    offer.add(f"{letter}{_SAMPLE + 1}:{letter}{MOST_ROWS}")
    sheet.add_data_validation(offer)


def _list_words(sheet: Worksheet) -> None:
    for place, (heading, words) in enumerate(LISTS.items(), start=1):
        sheet.column_dimensions[get_column_letter(place)].width = 30
        head = sheet.cell(1, place, heading)
        head.font = Font(name=_FONT, bold=True, color=_WHITE)
        head.fill = PatternFill("solid", fgColor=_MUST)
        for row, word in enumerate(words.values(), start=2):
            sheet.cell(row, place, word).font = Font(name=_FONT)
