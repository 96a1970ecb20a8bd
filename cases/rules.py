"""What each event does to its case: the one entry point, and the table behind it."""

from collections.abc import Callable

from cases.auditing import open_audit
from cases.decision import Decision, Standing, Surroundings
from cases.opening import open_case
from cases.receipts import record_receipt
from cases.repayments import record_repayment, reverse_repayment
from cases.serving import record_service
from schemas.events import Event

Rule = Callable[[Standing, Event, Surroundings], Decision]


def decide(standing: Standing, event: Event, surroundings: Surroundings) -> Decision:
    """Everything that follows from ``event`` for the case as it stands; nothing is changed here.

    The same arguments give the same answer: no clock, no file, no database. Raises Invalid with
    every reason where the case does not allow the event.
    """
    return RULES[event.type](standing, event, surroundings)


#: event type → rule; an event of any other type is ``not_supported`` before it comes here
RULES: dict[str, Rule] = {
    "overpayment.confirmed": open_case,
    "document.served": record_service,
    "letter.receipted": record_receipt,
    "audit.opened": open_audit,
    "repayment.recorded": record_repayment,
    "repayment.reversed": reverse_repayment,
}
