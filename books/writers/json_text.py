"""A book as JSON: one array of rows with the form's fields, codes as they are, no sums."""

from datetime import date
from decimal import Decimal
from typing import IO, Any

from books.book import Book, Tongue
from schemas.visible import visible_json_array


class JsonWriter:
    """The same in every language: for programs."""

    def write(self, book: Book, tongue: Tongue, stream: IO[bytes]) -> None:
        """UTF-8; amounts are strings with two digits, dates ISO 8601."""
        del tongue
        rows = ({name: row[name] for name in book.form.fields} for row in book.rows)
        for piece in visible_json_array(rows, default=_plain):
            stream.write(piece.encode())
        stream.write(b"\n")


def _plain(value: Any) -> str:
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"no JSON for {type(value).__name__}")
