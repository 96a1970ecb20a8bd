"""document.void: a document is withdrawn (作废), and a new one issued where it is asked for."""

from cases.case import Case, CaseDocument, CaseState
from cases.decision import Decision, Standing, Surroundings, data_of
from cases.news import case_changed
from cases.order import Order
from cases.rewriting import Rewriting
from cases.selecting import select
from cases.stops import ENDS, cards_due, measures
from schemas.codes import Problem
from schemas.documents import DocumentKind
from schemas.errors import Invalid
from schemas.events import DocumentVoid, Event

#: kinds that ask for money: there is none to replace where nothing is outstanding
_ASK = frozenset(
    {
        DocumentKind.AUDIT_OPINION,
        DocumentKind.DEDUCTION_AGREEMENT,
        DocumentKind.REPAYMENT_AGREEMENT,
        DocumentKind.ASSISTANCE_REPORT,
    }
)


def void_document(standing: Standing, event: Event, surroundings: Surroundings) -> Decision:
    """The document is void; with ``replace`` another stands in for it, as the facts now are.

    A stop letter that the bank has is followed by its withdrawal, before the new one. Raises
    Invalid: those of ``select``; ``letter_has_left`` for a release or withdrawal that the bank
    has; ``not_called_for`` where the case as it stands asks for no such document anew.
    """
    data, case = data_of(event, DocumentVoid), standing.opened
    document = select(data.document, standing.documents)
    problems = _problems(data, document, standing)
    if problems:
        raise Invalid(problems)
    order = Order(reason=data.reason, approved_by=data.approved_by)
    work = Rewriting(standing.documents, order, surroundings.agency)
    first = None
    if document.kind is DocumentKind.STOP_PAYMENT_LETTER:
        first = work.withdraw(document, case.facts)
    else:
        work.void(document)
    if data.replace:
        work.reissue(document, case, after=first)
    work.settle_followers(case)
    return _decision(case, standing, work)


def _problems(data: DocumentVoid, document: CaseDocument, standing: Standing) -> list[Problem]:
    if document.kind in ENDS and document.sent:
        return [Problem.of("/data/document", "letter_has_left", number=document.number)]
    if not data.replace and _tells_of_a_void_stop(document, standing):
        return [Problem.of("/data/replace", "must_be_replaced", number=document.number)]
    if data.replace and not _called_for(document, standing):
        return [Problem.of("/data/replace", "not_called_for", number=document.number)]
    return []


def _tells_of_a_void_stop(document: CaseDocument, standing: Standing) -> bool:
    """Whether without ``document`` the bank would never hear that a stop letter is void."""
    void = {stop.document_id for stop in standing.documents if stop.void}
    return document.kind is DocumentKind.STOP_WITHDRAWAL_LETTER and document.about in void


def _called_for(document: CaseDocument, standing: Standing) -> bool:
    """Whether the case as it stands asks for such a document."""
    case = standing.opened
    if document.kind is DocumentKind.STOP_PAYMENT_LETTER:
        due = {card.account_number for card in cards_due(case)}
        running = document.ended_by(standing.documents) is None
        return running and document.account_number in due
    return document.kind not in _ASK or case.state is CaseState.OPEN


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
