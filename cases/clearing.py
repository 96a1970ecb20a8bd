"""A case is cleared, and a cleared case reopens: what that does to the letters about stopping.

Clearing never voids a stop letter; it is released, or withdrawn where the bank refused it.
"""

from cases.basis import Basis
from cases.cards import cards_due
from cases.case import Case, CaseDocument, CaseState
from cases.decision import Alarm, Decision
from cases.draft import DocumentDraft
from cases.kinds import ENDS
from cases.kinds.bank_letter import approval
from cases.kinds.kind import Inputs
from cases.kinds.recovery_notice import RECOVERY_NOTICE
from cases.kinds.resumption_notice import RESUMPTION_NOTICE, ResumptionBasis
from cases.news import case_changed, case_cleared
from cases.rewriting import Rewriting
from cases.selecting import latest
from cases.stops import (
    end_letter,
    measures,
    stop_letters,
    stops,
    stops_in_force,
)
from schemas.codes import Problem
from schemas.configuration import Agency
from schemas.documents import DocumentKind
from schemas.events import BenefitCard, Event
from schemas.zone import CHINA


def clear(paid: Case, documents: tuple[CaseDocument, ...], agency: Agency) -> Decision:
    """The case, of which nothing is outstanding, is cleared as of the day the last money came.

    A release (or withdrawal) for each stop in force, a resumption notice where the party is
    still qualified; where nobody said so, an alarm asks for a decision.
    """
    cleared = paid.model_copy(
        update={
            "state": CaseState.CLEARED,
            # not the event's own date: repayments may be told of in another order
            "cleared_on": max(r.received_on for r in paid.repayments if not r.reversed),
        }
    )
    drafts = (
        *(end_letter(paid.facts, stop, agency) for stop in stops_in_force(documents)),
        *_resumption(cleared, agency),
    )
    return Decision(
        case=cleared,
        drafts=drafts,
        news=(case_changed(cleared, measures(documents, drafts)), case_cleared(cleared)),
        alarms=_to_decide(cleared),
        warnings=_doubts(cleared),
    )


def reopen(owing: Case, work: Rewriting, event: Event, agency: Agency) -> Case:
    """The case is open again and every card that it had stopped is stopped; ``work`` tells how.

    A release or withdrawal that has not left is void and its stop letter stays in force; one
    that has left is followed by a new stop letter, as of the day of the event. A card that was
    let go stays so.
    """
    opened = owing.model_copy(update={"state": CaseState.OPEN, "cleared_on": None})
    documents = work.documents
    for document in documents:
        if _untrue_now(document, documents):
            work.void(document)
    due = {card.account_number for card in cards_due(opened)}
    for stop in stops_in_force(work.documents):
        if stop.account_number not in due:  # corrected while nothing was owed
            work.withdraw(stop, opened.facts)
    cards = _cards_without_stop(opened, work.documents)
    since = event.time.astimezone(CHINA).date()
    for letter in stop_letters(opened.facts, cards, agency, since):
        work.stop(letter, opened)
    if latest(DocumentKind.RECOVERY_NOTICE, work.documents) is None:
        # it was void alone when facts were corrected while nothing was owed
        work.add(RECOVERY_NOTICE.draft(Basis(), Inputs(facts=opened.facts, agency=agency)))
    return opened


def _resumption(case: Case, agency: Agency) -> tuple[DocumentDraft, ...]:
    """A resumption notice where the party may go on drawing benefits."""
    if case.still_qualified is not True:
        return ()
    basis, inputs = (
        ResumptionBasis(recovered=case.recovered),
        Inputs(facts=case.facts, agency=agency),
    )
    return (RESUMPTION_NOTICE.draft(basis, inputs),)


def _to_decide(case: Case) -> tuple[Alarm, ...]:
    if case.still_qualified is not None:
        return ()
    return (Alarm(name="qualification_unknown", details={"case_no": case.case_no}),)


def _doubts(case: Case) -> tuple[Problem, ...]:
    """The source knows best, but that a dead person draws benefits again deserves a look."""
    if case.still_qualified is not True or case.facts.party.died_on is None:
        return ()
    return (Problem.of("/data/still_qualified", "dead_party_qualified"),)


def _untrue_now(document: CaseDocument, documents: tuple[CaseDocument, ...]) -> bool:
    """Whether ``document`` says that all is repaid, and can still be held back or called back."""
    if document.void:
        return False
    if document.kind in ENDS:
        running = {stop.document_id for stop in stops(documents)}
        return document.about in running and not document.sent and approval(document) is None
    # Whether the party has seen a resumption notice cannot be known from here; it says that
    # everything is repaid, which is no longer true, so it is void whether seen or not.
    basis = document.basis
    return document.kind is DocumentKind.RESUMPTION_NOTICE and (basis is None or basis.said is None)


def _cards_without_stop(case: Case, documents: tuple[CaseDocument, ...]) -> list[BenefitCard]:
    """The cards that are due and have no stop in force."""
    stopped = {stop.account_number for stop in stops_in_force(documents)}
    return [card for card in cards_due(case) if card.account_number not in stopped]
