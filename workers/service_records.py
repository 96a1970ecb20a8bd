"""送达回证: the blank form that goes out with what is served, made together with it."""

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


def service_record_of(
    document: PlannedDocument, agency: Agency, renderer: FormRenderer
) -> AttachedFile | None:
    """The form for ``document``; None for a kind that is not served.

    Raises ``ProductionFailed`` as the renderer does.
    """
    if document.kind not in SERVED:
        return None
    data = letters.service_record(
        kind=document.kind,
        number=str(document.number),
        case_no=document.case_no,
        recipient_name=document.recipient.name or BLANK,
        agency=agency,
    )
    form = renderer.render_form(DocumentKind.SERVICE_RECORD, data)
    return AttachedFile(
        role=AttachmentRole.SERVICE_RECORD,
        media_type="application/pdf",
        content=form.content,
        sha256=digest_of(form.content),
        pages=form.pages,
    )
