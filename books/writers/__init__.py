"""Formats that a book is written in: the port. One module an adapter."""

from typing import IO, Protocol

from books.book import Book, Tongue


class Writer(Protocol):
    """Writes a book in one format."""

    def write(self, book: Book, tongue: Tongue, stream: IO[bytes]) -> None:
        """The book is written to ``stream``, its words in ``tongue``; its rows are taken once."""
