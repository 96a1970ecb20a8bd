"""What money that came in the same moment overtakes: documents over more than is owed.

Events of one moment are applied in the order in which they arrived, so an agreement may come
before a repayment that its sum knows nothing of.
"""

from dataclasses import replace

from cases.case import Case, CaseDocument
from cases.decision import Decision, Standing
from cases.drafts import MOMENT
from cases.order import Order
from cases.purpose import is_called_for
from cases.remaking import amount_of
from cases.rewriting import Rewriting
from schemas.configuration import Agency
from schemas.documents import DocumentDraft
from schemas.events import Event

#: why what was overtaken is void, printed in the register
_REASON = "同一时刻已有还款，所列金额多于应还金额"
#: what was agreed or verified, and the amount in it: people must look whether to do it again
_FIXED = (("agreed", "total"), ("verified", "amount"))
#: what is over all that is outstanding: made anew over what is left
_OVER_ALL = ("audit", "referred")


def at_moment(draft: DocumentDraft, event: Event) -> DocumentDraft:
    """``draft``, which says what was owed at the moment of ``event``."""
    return replace(draft, basis={**draft.basis, MOMENT: event.time.isoformat()})


def with_overtaken(
    decision: Decision, standing: Standing, event: Event, agency: Agency
) -> Decision:
    """``decision`` on the repayment ``event``, and what it does to documents of its moment.

    They are void where they are over more than is owed now; what is over all that is owed is made
    anew, of the others somebody is told (``document_overtaken``).
    """
    work = Rewriting(standing.documents, Order(reason=_REASON), agency)
    for document in standing.documents:
        if _is_overtaken(document, decision.case, event):
            work.void(document)
            anew = any(name in document.basis for name in _OVER_ALL)
            if anew and is_called_for(document, decision.case, work.documents):
                work.reissue(document, decision.case)
            else:
                work.alarm_overtaken(document)
    work.settle_followers(decision.case)
    return replace(
        decision,
        # a case that is cleared asks for nothing anew: never both have drafts
        drafts=(*decision.drafts, *work.drafts),
        changes=(*decision.changes, *work.changes),
        alarms=(*decision.alarms, *work.alarms),
    )


def _is_overtaken(document: CaseDocument, case: Case, event: Event) -> bool:
    if document.void or document.sent or document.basis.get(MOMENT) is None:
        return False
    if event.time.fromisoformat(document.basis[MOMENT]) != event.time:
        return False
    if any(name in document.basis for name in _OVER_ALL):
        return amount_of(document, "recovered") != case.recovered
    return any(
        amount_of(document, name, member) > case.outstanding
        for name, member in _FIXED
        if name in document.basis
    )
