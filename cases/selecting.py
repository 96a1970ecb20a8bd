"""Which document an event means (contract, "Codes and shapes": ``document``)."""

from collections.abc import Iterable
from typing import Any, NoReturn

from cases.case import CaseDocument
from cases.drafts import NOTICE_NUMBER, OPINION_NUMBER
from cases.stops import ENDS, stops
from schemas.codes import Problem
from schemas.documents import DocumentDraft, DocumentKind, Reference
from schemas.errors import Invalid
from schemas.events import DocumentSelector

#: where the selector stands in most events
_POINTER = "/data/document"
_NUMBER_NAMES = {
    DocumentKind.RECOVERY_NOTICE: NOTICE_NUMBER,
    DocumentKind.AUDIT_OPINION: OPINION_NUMBER,
}


def select(
    selector: DocumentSelector, documents: tuple[CaseDocument, ...], pointer: str = _POINTER
) -> CaseDocument:
    """The one document in force that ``selector``, which stands at ``pointer``, means.

    Raises Invalid with ``no_such_document``, ``document_void`` (named outright) or
    ``ambiguous`` (a kind that several documents in force have).
    """
    if selector.number is not None:
        named = (d for d in documents if d.number == selector.number)
        return _named(named, f"{pointer}/number")
    if selector.reference is not None:
        named = (d for d in documents if d.document_id == selector.reference)
        return _named(named, f"{pointer}/reference")
    return _only(selector, documents, pointer)


def latest(kind: DocumentKind, documents: tuple[CaseDocument, ...]) -> CaseDocument | None:
    """The latest document of ``kind`` in force; None where there is none."""
    return next((d for d in reversed(documents) if d.kind is kind and not d.void), None)


def numbers_of(documents: tuple[CaseDocument, ...], *kinds: DocumentKind) -> dict[str, Reference]:
    """The latest documents in force of ``kinds``, by the name of data that holds their number."""
    found = {_NUMBER_NAMES[kind]: latest(kind, documents) for kind in kinds}
    return {name: document.document_id for name, document in found.items() if document}


def demand_new(draft: DocumentDraft, member: str, documents: tuple[CaseDocument, ...]) -> None:
    """No document in force was made from the same event under another id.

    ``member`` is where its basis keeps the event. Raises Invalid: ``already_recorded``.
    """
    for document in documents:
        same = _said(document.basis.get(member)) == _said(draft.basis[member])
        if same and document.kind is draft.kind and not document.void:
            problem = Problem.of("/data", "already_recorded", number=document.number)
            raise Invalid([problem])


def _said(data: Any) -> Any:
    """What the event said: members that it left out, or that came later, do not count."""
    return data and {name: value for name, value in data.items() if value is not None}


def _named(found: Iterable[CaseDocument], pointer: str) -> CaseDocument:
    document = next(iter(found), None)
    if document is None:
        _reject(pointer, "no_such_document")
    if document.void:
        _reject(pointer, "document_void", number=document.number)
    return document


def _only(
    selector: DocumentSelector, documents: tuple[CaseDocument, ...], pointer: str
) -> CaseDocument:
    found = [d for d in documents if not d.void and _fits(d, selector)]
    if len(found) > 1:
        # a case that cleared and reopened has letters whose time is over beside those that run
        found = [d for d in found if not _over(d, documents)]
    if not found:
        _reject(pointer, "no_such_document")
    if len(found) > 1:
        _reject(pointer, "ambiguous")
    return found[0]


def _fits(document: CaseDocument, selector: DocumentSelector) -> bool:
    return (
        document.kind is selector.kind
        and selector.account_number in (None, document.account_number)
        and selector.recipient in (None, document.recipient_name)
    )


def _over(document: CaseDocument, documents: tuple[CaseDocument, ...]) -> bool:
    """Whether a bank letter has done its work: an ended stop; an end before a newer stop."""
    if document.kind is DocumentKind.STOP_PAYMENT_LETTER:
        return document.ended_by(documents) is not None
    if document.kind in ENDS:
        latest = [s for s in stops(documents) if s.account_number == document.account_number][-1:]
        return document.about not in {stop.document_id for stop in latest}
    return False


def _reject(pointer: str, code: str, **values: object) -> NoReturn:
    raise Invalid([Problem.of(pointer, code, **values)])
