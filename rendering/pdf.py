"""A PDF file of LibreOffice's, read once for all that is asked of it."""

import io
from dataclasses import dataclass, field
from functools import cached_property

import pypdfium2
from pypdf import PdfReader


@dataclass(frozen=True, kw_only=True)
class PdfFile:
    """The bytes, and what they say; reading raises pypdf's and pdfium's errors."""

    content: bytes = field(repr=False)

    @cached_property
    def reader(self) -> PdfReader:
        """Its objects. Strict: a file of ours that needs mending is none to seal."""
        return PdfReader(io.BytesIO(self.content), strict=True)

    @cached_property
    def text(self) -> str:
        """The text of all pages, white space taken out."""
        return text_of(self.content)


def text_of(pdf: bytes) -> str:
    """The text of all pages of a file, white space taken out."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        pieces = []
        for page in document:
            words = page.get_textpage()
            pieces.append(words.get_text_range())
            words.close()
            page.close()
    finally:
        document.close()
    return "".join("".join(pieces).split())
