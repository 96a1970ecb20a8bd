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
#: characters of a comment; Excel takes 32,767
_LONGEST = 10_000


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
        notes = _Notes(book)
        for colour, some in ((_YELLOW, warnings), (_RED, faults)):
            for fault in some:
                text = f"{sentence(fault.problem)} ({fault.problem.code})"
                notes.add(fault, text, colour)
        count = notes.write()
        for sheet in book.worksheets:
            # pictures would be decoded on their way; nothing public takes them away
            vars(sheet).update(_images=[], _charts=[])
        _save(book, copy_to)
    return count


class _Notes:
    """What is to be said in the cells of a workbook."""

    def __init__(self, book: Any) -> None:
        self._first = book.worksheets[0]
        self._sheets = {printable(sheet.title): sheet for sheet in book.worksheets}
        #: by sheet and heading, once each
        self._columns: dict[tuple[str, str | None], int] = {}
        self._said: dict[tuple[str, str], tuple[Any, list[str]]] = {}

    def add(self, fault: Fault, text: str, colour: str) -> None:
        """The fault's cell has that colour, and will say the text; the last is said first."""
        cell = self._cell_of(fault)
        cell.fill = PatternFill("solid", fgColor=colour)
        _, texts = self._said.setdefault((cell.parent.title, cell.coordinate), (cell, []))
        texts.insert(0, text)

    def write(self) -> int:
        """Each cell has its comment, behind what was remarked there before; how many cells."""
        for cell, texts in self._said.values():
            before = [cell.comment.text] if cell.comment else []
            cell.comment = _comment("\n".join([*before, *texts]))
        return len(self._said)

    def _cell_of(self, fault: Fault) -> Any:
        place = fault.place
        sheet = self._sheets.get(place.sheet or "", self._first)
        column = fault.index or self._column(sheet, place.column)
        cell = sheet.cell(place.row or 1, column)
        return _top_left(sheet, cell) if isinstance(cell, MergedCell) else cell

    def _column(self, sheet: Any, heading: str | None) -> int:
        """The number of the column with that heading; the first where there is none."""
        key = (sheet.title, heading)
        if key not in self._columns:
            found = (cell for row in sheet.iter_rows(max_row=HEAD_LINES) for cell in row)
            named = (cell.column for cell in found if evened(str(cell.value or "")) == heading)
            self._columns[key] = next(named, 1)
        return self._columns[key]


def _top_left(sheet: Any, cell: MergedCell) -> Any:
    """The only cell of a merged range that holds anything."""
    spans = (span for span in sheet.merged_cells.ranges if cell.coordinate in span)
    return next(sheet.cell(span.min_row, span.min_col) for span in spans)


def _comment(text: str) -> Comment:
    text = text[:_LONGEST]
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
