"""A book as PDF: its Word template in ``books/pages`` filled, A4 across, always in Chinese."""

from collections.abc import Mapping
from importlib import resources
from typing import Any

from books.book import Book, Place, Tongue
from books.sheet import Sheet, as_text, tell
from rendering.filling import WordTemplate
from rendering.printing import Printer
from schemas.configuration import Agency


class PaperWriter:
    """Prints the book of one agency; unsealed."""

    def __init__(self, printer: Printer, agency: Agency) -> None:
        self._printer = printer
        self._agency = agency

    def write(self, book: Book, tongue: Tongue) -> bytes:
        """The PDF/A-2b file. Raises ``ProductionFailed`` or ``Misconfigured``."""
        chinese = Tongue(language="zh", words=tongue.words)
        sheet = tell(book, chinese, Place.PAGES)
        data = _data(sheet, self._agency)
        return self._printer.print(_template(book.form.name), data, title=sheet.title).content


def _template(name: str) -> WordTemplate:
    file = resources.files("books") / "pages" / f"{name}.docx"
    return WordTemplate(f"books/pages/{name}.docx", file.read_bytes())


def _data(sheet: Sheet, agency: Agency) -> Mapping[str, Any]:
    """What a template of a book may print: strings by column key, and where the book is from."""
    keys = [column.key for column in sheet.columns]
    rows = [dict(zip(keys, map(as_text, row), strict=True)) for row in sheet.rows]
    return {
        "title": sheet.title,
        "agency_name": agency.name,
        "scope": sheet.scope,
        "demo": agency.demo,
        "rows": [{**row, "place": str(place)} for place, row in enumerate(rows, start=1)],
        # the first column's total is the label, how many rows there are
        "label": as_text(sheet.totals[0]),
        "totals": dict(zip(keys[1:], map(as_text, sheet.totals[1:]), strict=True)),
    }
