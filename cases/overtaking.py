"""What money that came in the same moment overtakes: documents over more than is owed.

Events of one moment are applied in the order in which they arrived, so an agreement may come
before a repayment that its sum knows nothing of.
"""

from dataclasses import replace

from cases.case import Case, CaseDocument
from cases.decision import Decision, Standing
from cases.kinds import LETTERS
from cases.order import Order
from cases.purpose import is_called_for
from cases.rewriting import Rewriting
from schemas.configuration import Agency
from schemas.events import Event

#: why what was overtaken is void, printed in the register
_REASON = "同一时刻已有还款，所列金额多于应还金额"


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
            # what was agreed or verified people must look at, whether to do it again
            anew = LETTERS[document.kind].over_all
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
    basis = document.basis
    if document.void or document.sent or basis is None or not basis.called_at(event):
        return False
    if LETTERS[document.kind].over_all:
        return basis.told != case.recovered
    return basis.fixed is not None and basis.fixed > case.outstanding
