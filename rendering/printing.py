"""A list from the ledger becomes a PDF/A-2b file: no number, no seal."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rendering.filling import WordTemplate
from rendering.finishing import check_print
from rendering.fonts import missing_characters
from rendering.office import Office
from rendering.pdf import PdfFile
from rendering.renderer import texts_of
from schemas.errors import ProductionFailed


@dataclass(frozen=True, kw_only=True)
class PrintedPdf:
    """A PDF/A-2b file of a list, unsealed."""

    content: bytes = field(repr=False)
    pages: int


class Printer:
    """Fills, converts and checks; one list at a time. Not for several threads."""

    def __init__(self, office: Office, *, fonts: Path) -> None:
        self._office = office
        self._fonts = fonts

    def print(self, word: WordTemplate, data: Mapping[str, Any], *, title: str) -> PrintedPdf:
        """The list that ``word`` makes of ``data``; ``title`` is in its text and its properties.

        Raises ``ProductionFailed`` as ``Renderer.render`` does, ``Misconfigured`` where
        LibreOffice is not there.
        """
        missing = missing_characters(texts_of(data), self._fonts)
        if missing:
            raise ProductionFailed("glyph_missing", final=True, characters=" ".join(missing))
        pdf = PdfFile(content=self._office.convert(word.fill(data).content, title=title))
        return PrintedPdf(content=pdf.content, pages=check_print(pdf, must_say=[title]))

    def close(self) -> None:
        """LibreOffice has ended."""
        self._office.close()
