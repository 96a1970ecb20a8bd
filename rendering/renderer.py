"""A numbered document becomes a PDF/A-2b file."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from rendering.filling import WordTemplate
from rendering.finishing import finish, finish_form
from rendering.fonts import missing_characters
from rendering.office import Office
from schemas.documents import DocumentKind, FormPdf, PlannedDocument, RenderedPdf
from schemas.errors import ProductionFailed
from templates.catalogue import load


class Renderer:
    """Fills, converts and checks; one letter at a time. Not for several threads."""

    def __init__(self, office: Office, *, fonts: Path) -> None:
        self._office = office
        self._fonts = fonts
        self._compiled: dict[DocumentKind, WordTemplate] = {}

    def render(self, planned: PlannedDocument) -> RenderedPdf:
        """The letter, unsealed: its values in glyphs of real fonts, its number in its text.

        Raises ``ProductionFailed``: glyph_missing (final) where no font has a character,
        template_failed (final), conversion_failed, conversion_timeout, rendering_unsound.
        """
        number = str(planned.number)
        pdf = self._converted(planned.kind, planned.data, title=number)
        return finish(pdf, must_say=[number])

    def render_form(self, kind: DocumentKind, data: Mapping[str, Any]) -> FormPdf:
        """The blank form ``kind`` that goes out with the letter whose number is in ``data``.

        Raises as ``render`` does.
        """
        number = str(data.get("number", ""))
        pdf = self._converted(kind, data, title=f"{load(kind).manifest.name} {number}")
        return finish_form(pdf, must_say=[number])

    def close(self) -> None:
        """LibreOffice has ended."""
        self._office.close()

    def _converted(self, kind: DocumentKind, data: Mapping[str, Any], *, title: str) -> bytes:
        missing = missing_characters(texts_of(data), self._fonts)
        if missing:
            raise ProductionFailed("glyph_missing", final=True, characters=" ".join(missing))
        return self._office.convert(self._template(kind).fill(data).content, title=title)

    def _template(self, kind: DocumentKind) -> WordTemplate:
        if kind not in self._compiled:
            self._compiled[kind] = WordTemplate(kind.value, load(kind).docx)
        return self._compiled[kind]


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
