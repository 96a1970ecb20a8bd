"""A book as PDF: its Word template in ``books/pages`` filled, A4 across, always in Chinese."""

from collections.abc import Iterator, Mapping
from importlib import resources
from typing import IO, Any

from books.book import Book, Place, Tongue
from books.sheet import Sheet, as_text, tell
from rendering.printing import Printer
from schemas.configuration import Agency

#: characters of a cell: in the narrowest column, five a line, they still fit a page with its head
_MOST = 120
#: after which a cell that has more is best continued in the next row
_MARKS = "；、"
#: stands in the first column of a row that continues the one above it
_CONTINUED = "续"


class PaperWriter:
    """Prints the book of one agency; unsealed."""

    def __init__(self, printer: Printer, agency: Agency) -> None:
        self._printer = printer
        self._agency = agency

    def write(self, book: Book, tongue: Tongue, stream: IO[bytes]) -> None:
        """A PDF/A-2b file. Raises ``ProductionFailed`` or ``Misconfigured``."""
        chinese = Tongue(language="zh", words=tongue.words)
        sheet = tell(book, chinese, Place.PAGES)
        data = _data(sheet, self._agency)
        name = f"books/pages/{book.form.name}.docx"
        docx = (resources.files("books") / "pages" / f"{book.form.name}.docx").read_bytes()
        stream.write(self._printer.print(name, docx, data, title=sheet.title).content)


def _continued(row: Mapping[str, str]) -> Iterator[Mapping[str, str]]:
    """The row, and what a cell has too much of in rows below it: a row is never cut by a page."""
    left = dict(row)
    while any(left.values()):
        now = {key: _piece(text) for key, text in left.items()}
        yield now
        left = {key: text[len(now[key]) :] for key, text in left.items()}
        if any(left.values()):
            left["place"] = _CONTINUED


def _piece(text: str) -> str:
    """As much of ``text`` as a cell may hold, to the end of an entry where there is one."""
    if len(text) <= _MOST:
        return text
    end = max(text.rfind(mark, 0, _MOST) for mark in _MARKS)
    return text[: end + 1 if end > 0 else _MOST]


def _data(sheet: Sheet, agency: Agency) -> Mapping[str, Any]:
    """What a template of a book may print: strings by column key, and where the book is from."""
    keys = [column.key for column in sheet.columns]
    rows = [dict(zip(keys, map(as_text, row), strict=True)) for row in sheet.rows]
    totals = sheet.totals()
    return {
        "title": sheet.title,
        "agency_name": agency.name,
        "scope": sheet.scope,
        "demo": agency.demo,
        "rows": [
            piece
            for place, row in enumerate(rows, start=1)
            for piece in _continued({"place": str(place), **row})
        ],
        # the first column's total is the label, how many rows there are
        "label": as_text(totals[0]),
        "totals": dict(zip(keys[1:], map(as_text, totals[1:]), strict=True)),
    }
