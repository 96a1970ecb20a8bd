"""Formats that a book is written in: the port. One module an adapter."""

from typing import Protocol

from books.book import Book, Tongue


class Writer(Protocol):
    """Writes a book in one format."""

    def write(self, book: Book, tongue: Tongue) -> bytes:
        """The book as a file's bytes, its words in ``tongue``."""
