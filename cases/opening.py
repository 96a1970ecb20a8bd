"""overpayment.confirmed: a case is opened (二（一） and 二（二） of the seed document)."""

from cases.basis import Basis
from cases.cards import cards_to_stop, without_card
from cases.case import Case, CaseState
from cases.decision import Alarm, Decision, Standing, Surroundings, data_of
from cases.draft import DocumentDraft
from cases.kinds.kind import Inputs
from cases.kinds.recovery_notice import RECOVERY_NOTICE
from cases.kinds.suspension_notice import SUSPENSION_NOTICE, NotifiedBasis, to_notify
from cases.news import case_changed
from cases.stops import measures, stop_letters
from schemas.codes import Problem
from schemas.configuration import Agency
from schemas.errors import Invalid
from schemas.events import Event, OverpaymentConfirmed


def open_case(standing: Standing, event: Event, surroundings: Surroundings) -> Decision:
    """The case is open; drafts: the notice, a stop letter a card, the suspension notices.

    Raises Invalid: ``case_exists``; ``stop_from_required``.
    """
    facts = data_of(event, OverpaymentConfirmed)
    if standing.case is not None:
        raise Invalid([Problem.of("/data/case_no", "case_exists", case_no=facts.case_no)])
    case = Case(agency=facts.agency, case_no=facts.case_no, state=CaseState.OPEN, facts=facts)
    drafts = (
        RECOVERY_NOTICE.draft(Basis(), Inputs(facts=facts, agency=surroundings.agency)),
        *_notices_of_stopping(facts, surroundings.agency),
    )
    return Decision(
        case=case,
        drafts=drafts,
        news=(case_changed(case, measures((), drafts)),),
        alarms=_nobody_to_stop(facts),
    )


def _notices_of_stopping(facts: OverpaymentConfirmed, agency: Agency) -> tuple[DocumentDraft, ...]:
    cards = cards_to_stop(facts)
    notified = to_notify(facts)
    if not cards and not notified:
        return ()
    if facts.stop_from is None:
        raise Invalid([Problem.of("/data/stop_from", "stop_from_required")])
    inputs = Inputs(facts=facts, agency=agency)
    return (
        *stop_letters(facts, cards, agency),
        *(SUSPENSION_NOTICE.draft(NotifiedBasis(notified=each), inputs) for each in notified),
    )


def _nobody_to_stop(facts: OverpaymentConfirmed) -> tuple[Alarm, ...]:
    """An alarm for each benefit that must stop while nobody knows its card (``paid_to`` null).

    The warning that is kept with the event is given when it is read (``paid_to_unknown``).
    """
    return tuple(
        Alarm(name="nobody_to_stop", details={"pointer": f"/data/overpayments/{place}/paid_to"})
        for place in without_card(facts)
    )
