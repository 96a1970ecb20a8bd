"""Stop letters: which cards need one, which are in force, what ends one.

A stop letter is in force while it is neither void nor released nor withdrawn, whatever the bank
has answered: a refused one stays open. A card has at most one in force, and a stop letter at
most one release or withdrawal (guarantee G5).
"""

from collections.abc import Iterable
from datetime import date

from cases.case import Case, CaseDocument
from cases.decision import DocumentChange
from cases.drafts import release, stop_letter, withdrawal
from schemas.configuration import Agency
from schemas.documents import DocumentDraft, DocumentKind
from schemas.events import (
    BenefitCard,
    Overpayment,
    OverpaymentConfirmed,
    PublicReason,
    ResumptionApproved,
)

#: what ends a stop letter
ENDS = frozenset({DocumentKind.RELEASE_PAYMENT_LETTER, DocumentKind.STOP_WITHDRAWAL_LETTER})

#: ``measures`` of case.changed: payment to at least one card is ordered to stop
STOP_PAYMENT = "stop_payment"


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


def stops(documents: Iterable[CaseDocument]) -> list[CaseDocument]:
    """The stop letters that are not void, in order."""
    return [
        document
        for document in documents
        if document.kind is DocumentKind.STOP_PAYMENT_LETTER and not document.void
    ]


def stops_in_force(documents: tuple[CaseDocument, ...]) -> list[CaseDocument]:
    """The stop letters that nothing has ended, in order."""
    return [stop for stop in stops(documents) if stop.ended_by(documents) is None]


def stop_letters(
    facts: OverpaymentConfirmed,
    cards: Iterable[BenefitCard],
    agency: Agency,
    since: date | None = None,
) -> tuple[DocumentDraft, ...]:
    """A stop letter for each of ``cards``, from ``since`` on, by default ``stop_from``."""
    return tuple(stop_letter(facts, card, agency, since) for card in cards)


def due_end(stop: CaseDocument) -> DocumentKind:
    """What ends ``stop``: a withdrawal where the bank refused it, for it never took effect."""
    if stop.answer is not None and not stop.answer.executed:
        return DocumentKind.STOP_WITHDRAWAL_LETTER
    return DocumentKind.RELEASE_PAYMENT_LETTER


def end_letter(
    facts: OverpaymentConfirmed,
    stop: CaseDocument,
    agency: Agency,
    resumption: ResumptionApproved | None = None,
) -> DocumentDraft:
    """The release or withdrawal of ``stop``; it leaves only after ``stop`` has left.

    ``resumption`` is what was approved where not everything is repaid.
    """
    if due_end(stop) is DocumentKind.STOP_WITHDRAWAL_LETTER:
        return withdrawal(facts, stop, PublicReason.RESOLVED, agency, resumption=resumption)
    return release(facts, stop, agency, resumption)


def voided(
    documents: Iterable[CaseDocument], changes: Iterable[DocumentChange]
) -> tuple[CaseDocument, ...]:
    """``documents`` as they stand once ``changes`` have made some of them void."""
    gone = {change.document_id for change in changes if change.void_reason is not None}
    return tuple(
        document.model_copy(update={"void": True}) if document.document_id in gone else document
        for document in documents
    )


def measures(
    documents: tuple[CaseDocument, ...], drafts: tuple[DocumentDraft, ...] = ()
) -> tuple[str, ...]:
    """The measures in force once ``drafts`` are planned: ``stop_payment`` or none."""
    ended = {draft.about for draft in drafts}
    running = any(stop.document_id not in ended for stop in stops_in_force(documents))
    planned = any(draft.kind is DocumentKind.STOP_PAYMENT_LETTER for draft in drafts)
    return (STOP_PAYMENT,) if running or planned else ()
