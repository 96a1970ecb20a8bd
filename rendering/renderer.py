"""A numbered document becomes a PDF/A-2b file."""

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from rendering.batching import Job, convert_together
from rendering.filling import FilledWord, WordTemplate
from rendering.finishing import finish, finish_form
from rendering.fonts import missing_characters
from rendering.office import Office
from rendering.pdf import PdfFile
from schemas.documents import DocumentKind, FormPdf, PlannedDocument, PlannedForm, RenderedPdf
from schemas.errors import ProductionFailed
from templates.catalogue import load


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
        pdf = self._converted(kind, data, title=_title_of(kind, data))
        return finish_form(pdf, must_say=[_number_in(data)])

    def render_together(
        self, planned: Sequence[PlannedDocument], forms: Sequence[PlannedForm] = ()
    ) -> tuple[dict[str, RenderedPdf], dict[str, FormPdf]]:
        """Letters by document id, each as ``render`` makes it, and ``forms`` as ``render_form``.

        What could not be made together is left out, whatever the reason: ``render`` makes it
        alone and tells what is wrong. Raises ``Misconfigured`` or ``Unavailable`` alone.
        """
        jobs = [*map(self._letter_job, planned), *map(self._form_job, forms)]
        letters: dict[str, RenderedPdf] = {}
        blanks: dict[str, FormPdf] = {}
        for job, pdf in convert_together(self._office, [job for job in jobs if job]):
            with contextlib.suppress(ProductionFailed):
                if job.form:
                    blanks[job.key] = finish_form(pdf)
                else:
                    letters[job.key] = finish(pdf)
        return letters, blanks

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

    def _letter_job(self, planned: PlannedDocument) -> Job | None:
        number = str(planned.number)
        with contextlib.suppress(ProductionFailed):
            word = self._filled(planned.kind, planned.data)
            return Job(key=planned.document_id, form=False, word=word, number=number, title=number)
        return None

    def _form_job(self, form: PlannedForm) -> Job | None:
        with contextlib.suppress(ProductionFailed):
            word, number = self._filled(form.kind, form.data), _number_in(form.data)
            title = _title_of(form.kind, form.data)
            return Job(key=form.document_id, form=True, word=word, number=number, title=title)
        return None

    def _template(self, kind: DocumentKind) -> WordTemplate:
        if kind not in self._compiled:
            self._compiled[kind] = WordTemplate(kind.value, load(kind).docx)
        return self._compiled[kind]


def _title_of(form: DocumentKind, data: Mapping[str, Any]) -> str:
    return f"{load(form).manifest.name} {_number_in(data)}"


def _number_in(data: Mapping[str, Any]) -> str:
    return str(data.get("number", ""))


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
