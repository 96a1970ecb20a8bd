"""document.void: a document is withdrawn (作废), and a new one issued where it is asked for."""

from cases.cards import cards_due, cards_to_stop
from cases.case import Case, CaseDocument, CaseState
from cases.dates import day_in_china
from cases.decision import Decision, Standing, Surroundings, data_of
from cases.kinds import ENDS
from cases.kinds.bank_letter import approval
from cases.news import case_changed
from cases.order import Order
from cases.purpose import is_called_for
from cases.rewriting import Rewriting
from cases.selecting import select
from cases.stops import (
    measures,
    stop_letters,
    stops_in_force,
)
from schemas.codes import Problem
from schemas.configuration import Agency
from schemas.documents import DocumentKind
from schemas.errors import Invalid
from schemas.events import DocumentVoid, Event

#: the register's reason where the event says none
_REASON = "经批准作废"


def void_document(standing: Standing, event: Event, surroundings: Surroundings) -> Decision:
    """The document is void; with ``replace`` another stands in for it, as the facts now are.

    A stop letter that the bank has is followed by its withdrawal, before the new one. Raises
    Invalid: those of ``select``; ``letter_has_left`` for a release or withdrawal that the bank
    has, unless it let the card go by approval: then a new stop follows; ``not_called_for`` where
    the case as it stands asks for no such document anew.
    """
    data, case = data_of(event, DocumentVoid), standing.opened
    document = select(data.document, standing.documents)
    problems = _problems(data, document, standing)
    if problems:
        raise Invalid(problems)
    work = Rewriting(standing.documents, _order(data), surroundings.agency)
    is_stop = document.kind is DocumentKind.STOP_PAYMENT_LETTER
    if is_stop and data.replace:
        work.exchange(document, case.facts, case)
    elif is_stop:
        work.withdraw(document, case.facts)
    else:
        work.void(document)
        if data.replace:
            work.reissue(document, case)
    if not data.replace:
        case = _as_ordered(case, document, standing.documents)
        if document.kind in ENDS and document.sent:
            _stop_anew(work, case, document, event, surroundings.agency)
    work.settle_followers(case)
    return _decision(case, standing, work)


def _order(data: DocumentVoid) -> Order:
    return Order(
        reason=data.reason or _REASON,
        public_reason=data.public_reason,
        approved_by=data.approved_by,
    )


def _as_ordered(case: Case, document: CaseDocument, documents: tuple[CaseDocument, ...]) -> Case:
    """The case whose card stays as the operator ordered who made ``document`` void alone."""
    if document.kind is DocumentKind.STOP_PAYMENT_LETTER:
        over = any(d.about == document.document_id and d.sent for d in documents)
        return case if over else _spared(case, document.account_number or "")
    if document.kind in ENDS and approval(document) is not None:
        return _stopped_again(case, document)
    return case


def _spared(case: Case, account: str) -> Case:
    """The case whose card ``account`` is not stopped again."""
    return case.model_copy(update={"spared": (*case.spared, account)})


def _stopped_again(case: Case, document: CaseDocument) -> Case:
    """The case whose card is no longer let go: ``document`` was what let it go."""
    resumptions = tuple(
        entry.model_copy(update={"released": False})
        if entry.paid_to == document.account_number
        else entry
        for entry in case.resumptions
    )
    return case.model_copy(update={"resumptions": resumptions})


def _stop_anew(
    work: Rewriting, case: Case, document: CaseDocument, event: Event, agency: Agency
) -> None:
    """The card that ``document``, void now, had let go is stopped from the day of the event."""
    cards = [c for c in cards_due(case) if c.account_number == document.account_number]
    for letter in stop_letters(case.facts, cards, agency, day_in_china(event.time)):
        work.stop(letter, case)


def _problems(data: DocumentVoid, document: CaseDocument, standing: Standing) -> list[Problem]:
    if document.kind in ENDS and document.sent and not _may_be_stopped_anew(document, standing):
        return [Problem.of("/data/document", "letter_has_left", number=document.number)]
    if not data.replace and _is_owed_to_the_bank(document, standing):
        return [Problem.of("/data/replace", "must_be_replaced", number=document.number)]
    if data.replace and document.kind in ENDS and document.sent:
        return [Problem.of("/data/document", "letter_has_left", number=document.number)]
    if data.replace and not is_called_for(document, standing.opened, standing.documents):
        return [Problem.of("/data/replace", "not_called_for", number=document.number)]
    return []


def _may_be_stopped_anew(document: CaseDocument, standing: Standing) -> bool:
    """Whether the bank has been told by approval to let a card go that is still to be stopped."""
    case, account = standing.opened, document.account_number
    if approval(document) is None or case.state is not CaseState.OPEN:
        return False
    running = {stop.account_number for stop in stops_in_force(standing.documents)}
    asked = {card.account_number for card in cards_to_stop(case.facts)} - set(case.spared)
    return account in asked - running


def _is_owed_to_the_bank(document: CaseDocument, standing: Standing) -> bool:
    """Whether without ``document`` the bank would never hear that a stop is void, or is over."""
    if document.kind not in ENDS:
        return False
    void = any(stop.void for stop in standing.documents if stop.document_id == document.about)
    return void or standing.opened.state is CaseState.CLEARED


def _decision(case: Case, standing: Standing, work: Rewriting) -> Decision:
    """The case itself stays as it is; upstream is told where payment is no longer stopped."""
    drafts = tuple(work.drafts)
    before, after = measures(standing.documents), measures(work.documents, drafts)
    return Decision(
        case=case,
        drafts=drafts,
        changes=tuple(work.changes),
        news=() if before == after else (case_changed(case, after),),
        alarms=tuple(work.alarms),
    )
