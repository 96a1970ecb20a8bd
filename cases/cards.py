"""Cards and passbooks: to which a benefit is paid that must stop."""

from cases.case import Case
from schemas.events import BenefitCard, Overpayment, OverpaymentConfirmed


def lost_and_paid(facts: OverpaymentConfirmed) -> list[Overpayment]:
    """The benefits that payment must stop of: entitlement lost and still paid (二（二）)."""
    return [entry for entry in facts.overpayments if entry.entitlement_lost and entry.still_paid]


def without_card(facts: OverpaymentConfirmed) -> list[int]:
    """The places of the benefits that payment must stop of while nobody knows their card."""
    lost = lost_and_paid(facts)
    return [n for n, e in enumerate(facts.overpayments) if e in lost and e.paid_to is None]


def cards_to_stop(facts: OverpaymentConfirmed) -> list[BenefitCard]:
    """The cards to which such a benefit is paid, each once, in the order of the event."""
    accounts = {entry.paid_to for entry in lost_and_paid(facts)}
    return [card for card in facts.benefit_cards if card.account_number in accounts]


def newly_overpaid(before: OverpaymentConfirmed, after: OverpaymentConfirmed) -> set[str]:
    """The accounts to which, by ``after``, a lost benefit is paid that ``before`` does not know.

    An amount or a name put right is nothing new; another benefit is, and so is a later end.
    """
    known = lost_and_paid(before)
    return {
        entry.paid_to
        for entry in lost_and_paid(after)
        if entry.paid_to is not None and not any(_covers(other, entry) for other in known)
    }


def _covers(known: Overpayment, entry: Overpayment) -> bool:
    if (known.paid_to, known.insurance) != (entry.paid_to, entry.insurance):
        return False
    same_span = (known.from_, known.to) == (entry.from_, entry.to)
    return same_span or (known.benefit == entry.benefit and entry.to <= known.to)


def cards_due(case: Case) -> list[BenefitCard]:
    """The cards that are to be stopped while money is outstanding: none that was let go."""
    let_go = {entry.paid_to for entry in case.resumptions if entry.released} | set(case.spared)
    return [card for card in cards_to_stop(case.facts) if card.account_number not in let_go]
