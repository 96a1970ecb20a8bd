"""送达回证: the blank form that goes out with what is served, made together with it."""

from archive.keys import digest_of
from cases.kinds import LETTERS
from cases.kinds.service_record import served_on, service_record
from schemas.configuration import Agency
from schemas.documents import (
    AttachedFile,
    AttachmentRole,
    DocumentKind,
    FormPdf,
    PlannedDocument,
    PlannedForm,
)
from schemas.events import OverpaymentConfirmed


def service_record_of(
    document: PlannedDocument, agency: Agency, facts: OverpaymentConfirmed | None
) -> PlannedForm | None:
    """The form for ``document``; None for a kind that is not served.

    ``facts`` are those of the case, which say whether the party is dead; None: not asked for.
    """
    letter = LETTERS[document.kind]
    if letter.copies is None:
        return None
    recipient = document.recipient
    data = service_record(
        letter=letter,
        number=str(document.number),
        case_no=document.case_no,
        recipient=recipient if facts is None else served_on(recipient, facts),
        agency=agency,
    )
    return PlannedForm(
        document_id=document.document_id,
        kind=DocumentKind.SERVICE_RECORD,
        agency=document.agency,
        data=data,
    )


def attached(form: FormPdf) -> AttachedFile:
    """The form, drawn, as it stands with its document."""
    return AttachedFile(
        role=AttachmentRole.SERVICE_RECORD,
        media_type="application/pdf",
        content=form.content,
        sha256=digest_of(form.content),
        pages=form.pages,
        template_sha256=form.template_sha256,
    )
