"""What each event does to its case: the one entry point, and the table behind it."""

from collections.abc import Callable

from cases.agreeing import reach_agreement, sign_agreement
from cases.assisting import report_assistance
from cases.auditing import open_audit
from cases.correcting import correct_case
from cases.decision import Decision, Standing, Surroundings
from cases.opening import open_case
from cases.receipts import record_receipt
from cases.referring import refer_case
from cases.repayments import record_deposit, record_repayment, reverse_repayment
from cases.resuming import approve_resumption
from cases.serving import record_service
from cases.voiding import void_document
from schemas.events import Event

Rule = Callable[[Standing, Event, Surroundings], Decision]


def decide(standing: Standing, event: Event, surroundings: Surroundings) -> Decision:
    """Everything that follows from ``event`` for the case as it stands; nothing is changed here.

    The same arguments give the same answer: no clock, no file, no database. Raises Invalid with
    every reason where the case does not allow the event.
    """
    return RULES[event.type](standing, event, surroundings)


#: event type → rule; an event of any other type is rejected before it comes here
RULES: dict[str, Rule] = {
    "overpayment.confirmed": open_case,
    "document.served": record_service,
    "letter.receipted": record_receipt,
    "audit.opened": open_audit,
    "repayment.recorded": record_repayment,
    "repayment.deposited": record_deposit,
    "repayment.reversed": reverse_repayment,
    "resumption.approved": approve_resumption,
    "agreement.reached": reach_agreement,
    "agreement.signed": sign_agreement,
    "assistance.verified": report_assistance,
    "case.referred": refer_case,
    "case.corrected": correct_case,
    "document.void": void_document,
}
