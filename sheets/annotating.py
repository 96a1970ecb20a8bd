"""A copy of a workbook with what is wrong in it as comments of the cells.

The original is only read. A comment is text and never computed, and cells are written as they were
read: text that begins with ``=`` stays text. Pictures and charts are left out of the copy.
"""

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.cell.cell import MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill

from schemas.codes import Problem
from sheets.cells import printable
from sheets.package import examine
from sheets.places import Fault
from sheets.rows import HEAD_LINES, evened
from sheets.workbook import guarded

#: who the comments are by
_AUTHOR = "函印"
#: behind cells with errors, and with what is only remarkable
_RED, _YELLOW = "FFFFC7CE", "FFFFEB9C"
#: characters of a comment's line, and pixels of its size
_LINE, _WIDTH, _LINE_HEIGHT, _MOST_HEIGHT = 24, 320, 20, 600


def annotate(
    file: Path,
    copy_to: Path,
    *,
    faults: Sequence[Fault],
    warnings: Sequence[Fault],
    sentence: Callable[[Problem], str],
) -> int:
    """``copy_to`` is ``file`` with a comment in each cell that has a fault; how many cells.

    What belongs to a row is said in its first cell, what belongs to a sheet or the file in the
    first cell of the sheet. Raises ``FileExistsError``, other ``OSError``, and ``Invalid`` where
    ``file`` is not to be read, or cannot be.
    """
    examine(file)
    with guarded():
        book = load_workbook(file, keep_links=False)
        said: dict[tuple[str, str], list[str]] = {}
        marked: dict[tuple[str, str], Any] = {}
        for colour, some in ((_YELLOW, warnings), (_RED, faults)):
            for fault in some:
                cell = _cell_of(book, fault)
                cell.fill = PatternFill("solid", fgColor=colour)
                key = (cell.parent.title, cell.coordinate)
                marked[key] = cell
                text = f"{sentence(fault.problem)} ({fault.problem.code})"
                said.setdefault(key, []).append(text)
        for key, cell in marked.items():
            before = [cell.comment.text] if cell.comment else []
            cell.comment = _comment("\n".join([*before, *reversed(said[key])]))
        for sheet in book.worksheets:
            # pictures would be decoded on their way; nothing public takes them away
            vars(sheet).update(_images=[], _charts=[])
        _save(book, copy_to)
    return len(marked)


def _cell_of(book: Any, fault: Fault) -> Any:
    """The cell that the fault belongs to."""
    place = fault.place
    titles = {printable(sheet.title): sheet for sheet in book.worksheets}
    sheet = titles.get(place.sheet or "", book.worksheets[0])
    column = fault.index or _column(sheet, place.column) or 1
    cell = sheet.cell(place.row or 1, column)
    return _top_left(sheet, cell) if isinstance(cell, MergedCell) else cell


def _column(sheet: Any, heading: str | None) -> int | None:
    """The number of the column with that heading."""
    found = (cell for row in sheet.iter_rows(max_row=HEAD_LINES) for cell in row)
    named = (cell.column for cell in found if evened(str(cell.value or "")) == heading)
    return next(named, None) if heading else None


def _top_left(sheet: Any, cell: MergedCell) -> Any:
    """The only cell of a merged range that holds anything."""
    spans = (span for span in sheet.merged_cells.ranges if cell.coordinate in span)
    return next(sheet.cell(span.min_row, span.min_col) for span in spans)


def _comment(text: str) -> Comment:
    lines = sum(1 + len(line) // _LINE for line in text.split("\n"))
    height = min(_LINE_HEIGHT * (lines + 1), _MOST_HEIGHT)
    return Comment(text, _AUTHOR, width=_WIDTH, height=height)


def _save(book: Any, file: Path) -> None:
    """The book is in the new file; nothing is left of what could not be written whole."""
    with file.open("xb") as stream:
        try:
            book.save(stream)
            stream.flush()
            os.fsync(stream.fileno())
        except BaseException:
            file.unlink()
            raise
