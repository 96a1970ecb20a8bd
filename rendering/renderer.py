"""A numbered document becomes a PDF/A-2 file."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from rendering.engines import Engines
from rendering.finishing import finish, finish_form
from schemas.documents import DocumentKind, FormPdf, PlannedDocument, RenderedPdf
from templates.library import SHIPPED, Library

#: what a form's file says of its date: it goes out blank, and the same again has the same bytes
_UNDATED = date(2000, 1, 1)


class Renderer:
    """Makes letters and forms, and checks them. Not for several threads."""

    def __init__(self, engines: Engines, *, library: Library = SHIPPED) -> None:
        #: which template a kind and agency's letters are made from
        self.library = library
        self.engines = engines

    def render(self, planned: PlannedDocument) -> RenderedPdf:
        """The letter, unsealed: its values in glyphs of real fonts, its number in its text.

        Raises ``ProductionFailed`` as ``Engines.convert`` does, template_faulty (final) and
        rendering_unsound.
        """
        number = str(planned.number)
        template = self.library.template(planned.kind, planned.agency)
        title = f"{number} {template.manifest.name}"
        pdf = self.engines.convert(
            planned.kind.value, template.docx, planned.data, title=title, dated=planned.issued_on
        )
        return replace(finish(pdf, must_say=[number]), template_sha256=template.sha256)

    def render_form(
        self, kind: DocumentKind, data: Mapping[str, Any], *, agency: str | None = None
    ) -> FormPdf:
        """The blank form ``kind`` that goes out with the letter whose number is in ``data``.

        ``agency`` is whose template it is made from. Raises as ``render`` does.
        """
        template, number = self.library.template(kind, agency), str(data.get("number", ""))
        title = f"{number} {template.manifest.name}"
        pdf = self.engines.convert(kind.value, template.docx, data, title=title, dated=_UNDATED)
        form = finish_form(pdf, must_say=[number])
        return replace(form, template_sha256=template.sha256)

    def close(self) -> None:
        """The engines have ended."""
        self.engines.close()
