"""A numbered document becomes a PDF/A-2b file."""

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
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
from templates.catalogue import Template
from templates.library import SHIPPED, Library


class Renderer:
    """Fills, converts and checks. Not for several threads."""

    def __init__(self, office: Office, *, fonts: Path, library: Library = SHIPPED) -> None:
        #: which template a kind and agency's letters are made from
        self.library = library
        self._office = office
        self._fonts = fonts
        #: by name and digest: agencies may share one
        self._compiled: dict[tuple[str, str], WordTemplate] = {}

    def render(self, planned: PlannedDocument) -> RenderedPdf:
        """The letter, unsealed: its values in glyphs of real fonts, its number in its text.

        Raises ``ProductionFailed``: glyph_missing (final) where no font has a character,
        template_failed (final), template_faulty (final), conversion_failed, conversion_timeout,
        rendering_unsound.
        """
        number = str(planned.number)
        template = self.library.template(planned.kind, planned.agency)
        pdf = self._converted(template, planned.data, title=number)
        return replace(finish(pdf, must_say=[number]), template_sha256=template.sha256)

    def render_form(
        self, kind: DocumentKind, data: Mapping[str, Any], *, agency: str | None = None
    ) -> FormPdf:
        """The blank form ``kind`` that goes out with the letter whose number is in ``data``.

        ``agency`` is whose template it is made from. Raises as ``render`` does.
        """
        template = self.library.template(kind, agency)
        pdf = self._converted(template, data, title=_title_of(template, data))
        form = finish_form(pdf, must_say=[_number_in(data)])
        return replace(form, template_sha256=template.sha256)

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
                    blanks[job.key] = replace(finish_form(pdf), template_sha256=job.template)
                else:
                    letters[job.key] = replace(finish(pdf), template_sha256=job.template)
        return letters, blanks

    def close(self) -> None:
        """LibreOffice has ended."""
        self._office.close()

    def _converted(self, template: Template, data: Mapping[str, Any], *, title: str) -> PdfFile:
        word = self._filled(template, data)
        return PdfFile(content=self._office.convert(word.content, title=title))

    def _filled(self, template: Template, data: Mapping[str, Any]) -> FilledWord:
        missing = missing_characters(texts_of(data), self._fonts)
        if missing:
            raise ProductionFailed("glyph_missing", final=True, characters=" ".join(missing))
        return self._compiled_of(template).fill(data)

    def _letter_job(self, planned: PlannedDocument) -> Job | None:
        number = str(planned.number)
        with contextlib.suppress(ProductionFailed):
            template = self.library.template(planned.kind, planned.agency)
            return Job(
                key=planned.document_id,
                form=False,
                word=self._filled(template, planned.data),
                number=number,
                title=number,
                template=template.sha256,
            )
        return None

    def _form_job(self, form: PlannedForm) -> Job | None:
        with contextlib.suppress(ProductionFailed):
            template = self.library.template(form.kind, form.agency)
            return Job(
                key=form.document_id,
                form=True,
                word=self._filled(template, form.data),
                number=_number_in(form.data),
                title=_title_of(template, form.data),
                template=template.sha256,
            )
        return None

    def _compiled_of(self, template: Template) -> WordTemplate:
        key = (template.kind.value, template.sha256)
        if key not in self._compiled:
            self._compiled[key] = WordTemplate(template.kind.value, template.docx)
        return self._compiled[key]


def _title_of(form: Template, data: Mapping[str, Any]) -> str:
    return f"{form.manifest.name} {_number_in(data)}"


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
