"""A numbered document becomes a PDF/A-2b file."""

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from rendering.batching import Job, convert_together
from rendering.filling import FilledWord, WordTemplate
from rendering.finishing import finish, finish_form
from rendering.fonts import missing_characters
from rendering.office import Office
from rendering.pdf import PdfFile
from schemas.documents import DocumentKind, FormPdf, PlannedDocument, RenderedPdf
from schemas.errors import ProductionFailed
from templates.catalogue import load

_Drawn = TypeVar("_Drawn", RenderedPdf, FormPdf)


class Renderer:
    """Fills, converts and checks. Not for several threads."""

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

    def render_together(self, planned: Sequence[PlannedDocument]) -> dict[str, RenderedPdf]:
        """Letters of one kind by document id, each as ``render`` makes it.

        What could not be made together is left out, whatever the reason: ``render`` makes it
        alone and tells what is wrong. Raises ``Misconfigured`` or ``Unavailable`` alone.
        """
        jobs = [
            self._job(each.kind, each.data, key=each.document_id, number=str(each.number))
            for each in planned
        ]
        return self._together(jobs, finish)

    def render_forms_together(
        self, kind: DocumentKind, data: Mapping[str, Mapping[str, Any]]
    ) -> dict[str, FormPdf]:
        """The blank forms for ``data`` under their keys; otherwise as ``render_together``."""
        name = load(kind).manifest.name
        jobs = [
            self._job(kind, each, key=key, number=str(each.get("number", "")), name=f"{name} ")
            for key, each in data.items()
        ]
        return self._together(jobs, finish_form)

    def close(self) -> None:
        """LibreOffice has ended."""
        self._office.close()

    def _converted(self, kind: DocumentKind, data: Mapping[str, Any], *, title: str) -> PdfFile:
        return PdfFile(content=self._office.convert(self._filled(kind, data).content, title=title))

    def _filled(self, kind: DocumentKind, data: Mapping[str, Any]) -> FilledWord:
        missing = missing_characters(texts_of(data), self._fonts)
        if missing:
            raise ProductionFailed("glyph_missing", final=True, characters=" ".join(missing))
        return self._template(kind).fill(data)

    def _job(
        self, kind: DocumentKind, data: Mapping[str, Any], *, key: str, number: str, name: str = ""
    ) -> Job | None:
        try:
            word = self._filled(kind, data)
        except ProductionFailed:
            return None
        return Job(key=key, word=word, number=number, title=name + number)

    def _together(
        self, jobs: Sequence[Job | None], finished: Callable[..., _Drawn]
    ) -> dict[str, _Drawn]:
        drawn: dict[str, _Drawn] = {}
        for job, pdf in convert_together(self._office, [job for job in jobs if job]):
            with contextlib.suppress(ProductionFailed):
                drawn[job.key] = finished(pdf)
        return drawn

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
