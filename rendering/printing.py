"""A list from the ledger becomes a PDF/A-2b file: no number, no seal."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from rendering.engines import Engines
from rendering.finishing import check_print


@dataclass(frozen=True, kw_only=True)
class PrintedPdf:
    """A PDF/A-2b file of a list, unsealed."""

    content: bytes = field(repr=False)
    pages: int


class Printer:
    """Fills, converts and checks; one list at a time. Not for several threads."""

    def __init__(self, engines: Engines) -> None:
        self._engines = engines

    def print(self, name: str, docx: bytes, data: Mapping[str, Any], *, title: str) -> PrintedPdf:
        """The list that the template ``name`` makes of ``data``.

        ``title`` is in its text and its properties. Raises ``ProductionFailed`` as
        ``Renderer.render`` does, ``Misconfigured``.
        """
        today = datetime.now(UTC).date()
        pdf = self._engines.convert(name, docx, data, title=title, dated=today)
        return PrintedPdf(content=pdf.content, pages=check_print(pdf, must_say=[title]))

    def close(self) -> None:
        """The engines have ended."""
        self._engines.close()
