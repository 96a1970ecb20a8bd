"""A PDF file of an engine's, read once for all that is asked of it."""

import io
from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pypdfium2
from pikepdf import Name, Pdf


@dataclass(frozen=True, kw_only=True)
class Mark:
    """A place in a file: the page from 0, points from its left upper corner."""

    page: int
    x: float
    y: float


@dataclass(frozen=True, kw_only=True)
class PdfFile:
    """The bytes, and what they say; reading raises pikepdf's and pdfium's errors."""

    content: bytes = field(repr=False)
    #: the template's bookmarks; None: they are destinations in the file
    marks: Mapping[str, Mark] | None = None

    @cached_property
    def pdf(self) -> Pdf:
        """Its objects. A file of ours that needs mending is none to seal: PdfError."""
        return Pdf.open(
            io.BytesIO(self.content), attempt_recovery=False, inherit_page_attributes=False
        )

    @cached_property
    def pages(self) -> list[Any]:
        """Its pages in their order."""
        return list(leaves(self.pdf.Root.Pages))

    def texts(self) -> Generator[str]:
        """The text of each page, white space taken out; a page is read when it is asked for.

        To be closed where not all are asked for.
        """
        return _texts_of(self.content)

    def fonts(self) -> Iterator[Mapping[str, Any]]:
        """The fonts of each page by the names that it has for them."""
        for page in self.pages:
            yield dict(page.get("/Resources", {}).get("/Font", {}).items())


def leaves(node: Any) -> Iterator[Any]:
    """The pages of a page tree (ISO 32000-1, 7.7.3)."""
    for kid in node.Kids:
        if kid.Type == Name.Pages:
            yield from leaves(kid)
        else:
            yield kid


def text_of(pdf: bytes) -> str:
    """The text of all pages of a file, white space taken out."""
    return "".join(_texts_of(pdf))


def _texts_of(pdf: bytes) -> Generator[str]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        for page in document:
            words = page.get_textpage()
            text = words.get_text_range()
            words.close()
            page.close()
            yield "".join(text.split())
    finally:
        document.close()
