"""The engines: Word template + data → PDF/A-2b, by Typst or, where it must be, by LibreOffice."""

from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import structlog

from rendering.filling import FilledWord, WordTemplate, require_harmless
from rendering.fonts import missing_characters
from rendering.office import Office
from rendering.pdf import PdfFile
from rendering.typst.compiler import Compiled, compile_template
from rendering.typst.typesetter import Typesetter
from rendering.typst.unsupported import UnsupportedError
from schemas.errors import ProductionFailed

_log = structlog.get_logger(__name__)


class Engines:
    """Converts with Typst; with LibreOffice what Typst cannot make. Not for several threads."""

    def __init__(self, typesetter: Typesetter | None, office: Office, *, fonts: Path) -> None:
        """``typesetter`` None: everything goes by LibreOffice."""
        self._typesetter, self._office, self._fonts = typesetter, office, fonts
        #: template → what Typst needs, None where it goes by LibreOffice; and its filled form
        self._compiled: dict[bytes, Compiled | None] = {}
        self._words: dict[bytes, WordTemplate] = {}

    def convert(
        self, name: str, docx: bytes, data: Mapping[str, Any], *, title: str, dated: date
    ) -> PdfFile:
        """The file of the template ``name`` with ``data``.

        Raises ``ProductionFailed``: glyph_missing (final) where no font has a character,
        template_failed (final), conversion_failed, conversion_timeout; ``Misconfigured``;
        ``Unavailable``.
        """
        compiled = self._by_typst(name, docx)
        if compiled is not None and self._typesetter is not None:
            self._require_glyphs(data)
            return self._typesetter.convert(compiled, data, title=title, dated=dated)
        word = self.fill(name, docx, data)
        return PdfFile(content=self._office.convert(word.content, title=title))

    def fill(self, name: str, docx: bytes, data: Mapping[str, Any]) -> FilledWord:
        """The Word file of the template ``name`` with ``data``; no engine takes part.

        Raises ``ProductionFailed`` glyph_missing and template_failed (final), ``Misconfigured``.
        """
        self._require_glyphs(data)
        if docx not in self._words:
            self._words[docx] = WordTemplate(name, docx)
        return self._words[docx].fill(data)

    def close(self) -> None:
        """Typst and LibreOffice have ended."""
        if self._typesetter is not None:
            self._typesetter.close()
        self._office.close()

    def _by_typst(self, name: str, docx: bytes) -> Compiled | None:
        if self._typesetter is None:
            return None
        if docx not in self._compiled:
            require_harmless(name, docx)
            self._compiled[docx] = _compile(name, docx)
        return self._compiled[docx]

    def _require_glyphs(self, data: Mapping[str, Any]) -> None:
        # a line break in a value is a new paragraph
        texts = (text.replace("\n", "") for text in texts_of(data))
        missing = missing_characters(texts, self._fonts)
        if missing:
            raise ProductionFailed("glyph_missing", final=True, characters=" ".join(missing))


def _compile(name: str, docx: bytes) -> Compiled | None:
    try:
        return compile_template(docx)
    except UnsupportedError as error:
        _log.warning(
            "a template goes by LibreOffice",
            template=name,
            unknown=[str(each) for each in error.found],
        )
        return None


def texts_of(value: Any) -> Iterator[str]:
    """Every string that the data prints."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for member in value.values():
            yield from texts_of(member)
    elif isinstance(value, list | tuple):
        for member in value:
            yield from texts_of(member)
