"""送达回证: the blank form that goes out with what is served, made together with it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from archive.keys import digest_of
from cases import letters
from cases.letters.parts import BLANK
from schemas.configuration import Agency
from schemas.documents import (
    SERVED,
    AttachedFile,
    AttachmentRole,
    DocumentKind,
    FormPdf,
    PlannedDocument,
)


class FormRenderer(Protocol):
    """What makes a PDF/A of a form (``rendering.renderer``)."""

    def render_form(self, kind: DocumentKind, data: letters.Data) -> FormPdf:
        """The form, blank but for what ``data`` says."""

    def render_forms_together(
        self, kind: DocumentKind, data: Mapping[str, letters.Data]
    ) -> dict[str, FormPdf]:
        """Those forms, under their keys, that could be made together."""


def service_record_of(
    document: PlannedDocument, agency: Agency, renderer: FormRenderer
) -> AttachedFile | None:
    """The form for ``document``; None for a kind that is not served.

    Raises ``ProductionFailed`` as the renderer does.
    """
    if document.kind not in SERVED:
        return None
    return _attached(renderer.render_form(DocumentKind.SERVICE_RECORD, _data(document, agency)))


def service_records_of(
    planned: Sequence[PlannedDocument],
    agency_of: Callable[[PlannedDocument], Agency],
    renderer: FormRenderer,
) -> dict[str, AttachedFile | None]:
    """The forms for ``planned`` by document id, None for a kind that is not served.

    A document whose form could not be made together with the others is left out. Raises as
    ``agency_of`` and the renderer do.
    """
    served = {each.document_id: each for each in planned if each.kind in SERVED}
    data = {key: _data(each, agency_of(each)) for key, each in served.items()}
    forms = renderer.render_forms_together(DocumentKind.SERVICE_RECORD, data) if data else {}
    unserved = [each.document_id for each in planned if each.kind not in SERVED]
    return {
        **dict.fromkeys(unserved),
        **{key: _attached(form) for key, form in forms.items()},
    }


def _data(document: PlannedDocument, agency: Agency) -> letters.Data:
    return letters.service_record(
        kind=document.kind,
        number=str(document.number),
        case_no=document.case_no,
        recipient_name=document.recipient.name or BLANK,
        agency=agency,
    )


def _attached(form: FormPdf) -> AttachedFile:
    return AttachedFile(
        role=AttachmentRole.SERVICE_RECORD,
        media_type="application/pdf",
        content=form.content,
        sha256=digest_of(form.content),
        pages=form.pages,
    )
