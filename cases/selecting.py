"""Which document an event means (contract, "Codes and shapes": ``document``)."""

from collections.abc import Iterable
from typing import Any, NoReturn

from cases.case import CaseDocument
from cases.draft import DocumentDraft
from cases.kinds import ENDS
from cases.kinds.kind import LetterKind
from cases.stops import stops
from schemas.codes import Problem
from schemas.documents import DocumentKind, Reference
from schemas.errors import Invalid
from schemas.events import DocumentSelector

#: where the selector stands in most events
_POINTER = "/data/document"


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


def numbers_of(
    documents: tuple[CaseDocument, ...], *letters: LetterKind[Any]
) -> dict[str, Reference]:
    """The latest documents in force of ``letters``, by the name of data that holds their number."""
    found = {letter.number_name: latest(letter.kind, documents) for letter in letters}
    return {name: document.document_id for name, document in found.items() if name and document}


def require_new(draft: DocumentDraft, documents: tuple[CaseDocument, ...]) -> None:
    """No document in force was made from the same event under another id.

    Raises Invalid: ``already_recorded``.
    """
    said = draft.basis.said
    for document in documents:
        same = document.basis is not None and document.basis.said == said
        if said and same and document.kind is draft.kind and not document.void:
            problem = Problem.of("/data", "already_recorded", number=document.number)
            raise Invalid([problem])


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
