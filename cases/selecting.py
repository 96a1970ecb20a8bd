"""Which document an event means (contract, "Codes and shapes": ``document``)."""

from collections.abc import Iterable
from typing import NoReturn

from cases.case import CaseDocument
from cases.stops import ENDS, stops
from schemas.codes import Problem
from schemas.documents import DocumentKind
from schemas.errors import Invalid
from schemas.events import DocumentSelector

_POINTER = "/data/document"


def select(selector: DocumentSelector, documents: tuple[CaseDocument, ...]) -> CaseDocument:
    """The one document in force that ``selector`` means.

    Raises Invalid with ``no_such_document``, ``document_void`` (named outright) or
    ``ambiguous`` (a kind that several documents in force have).
    """
    if selector.number is not None:
        return _named((d for d in documents if d.number == selector.number), "number")
    if selector.reference is not None:
        return _named((d for d in documents if d.document_id == selector.reference), "reference")
    return _only(selector, documents)


def _named(found: Iterable[CaseDocument], member: str) -> CaseDocument:
    document = next(iter(found), None)
    if document is None:
        _reject(f"{_POINTER}/{member}", "no_such_document")
    if document.void:
        _reject(f"{_POINTER}/{member}", "document_void", number=document.number)
    return document


def _only(selector: DocumentSelector, documents: tuple[CaseDocument, ...]) -> CaseDocument:
    found = [d for d in documents if not d.void and _fits(d, selector)]
    if len(found) > 1:
        # a case that cleared and reopened has letters whose time is over beside those that run
        found = [d for d in found if not _over(d, documents)]
    if not found:
        _reject(_POINTER, "no_such_document")
    if len(found) > 1:
        _reject(_POINTER, "ambiguous")
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
