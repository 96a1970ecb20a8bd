"""A book as CSV for spreadsheet programs: UTF-8 with a BOM, headings and words in the language."""

import csv
import io
from typing import IO

from books.book import Book, Cell, Place, Tongue
from books.sheet import as_text, tell

#: what a spreadsheet program takes for the beginning of a formula
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


class CsvWriter:
    """RFC 4180; the sums are the last row."""

    def write(self, book: Book, tongue: Tongue, stream: IO[bytes]) -> None:
        """A row as it comes; text that would be taken for a formula begins with an apostrophe."""
        sheet = tell(book, tongue, Place.SHEETS)
        # the BOM tells a spreadsheet program that this is UTF-8
        text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="", write_through=True)
        writer = csv.writer(text)
        writer.writerow(sheet.headings)
        writer.writerows([_safe(cell) for cell in row] for row in sheet.rows)
        writer.writerow([_safe(cell) for cell in sheet.totals()])
        text.detach()


def _safe(cell: Cell) -> str:
    """Only text can be a formula: numbers and dates are ours."""
    text = as_text(cell)
    return f"'{text}" if isinstance(cell, str) and text.lstrip(" ").startswith(_FORMULA) else text
