"""Stop letters: which are in force, what ends one.

A stop letter is in force while it is neither void nor released nor withdrawn, whatever the bank
has answered: a refused one stays open. A card has at most one in force, and a stop letter at
most one release or withdrawal (guarantee G5).
"""

from collections.abc import Iterable
from datetime import date

from cases.case import CaseDocument
from cases.decision import DocumentChange
from cases.draft import DocumentDraft
from cases.kinds import LETTERS
from cases.kinds.bank_letter import EndBasis
from cases.kinds.kind import Inputs
from cases.kinds.release_payment_letter import RELEASE_PAYMENT_LETTER
from cases.kinds.stop_payment_letter import STOP_PAYMENT_LETTER, StopBasis
from cases.kinds.stop_withdrawal_letter import STOP_WITHDRAWAL_LETTER, WithdrawalBasis
from schemas.configuration import Agency
from schemas.documents import DocumentKind, LetterState
from schemas.events import (
    BenefitCard,
    OverpaymentConfirmed,
    PublicReason,
    ResumptionApproved,
)

#: ``measures`` of case.changed: payment to at least one card is ordered to stop
STOP_PAYMENT = "stop_payment"


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


def letter_state(stop: CaseDocument, documents: tuple[CaseDocument, ...]) -> LetterState:
    """Where ``stop`` is, by its receipts and by what ended it among ``documents``."""
    end = stop.ended_by(documents)
    ended = None if end is None else LETTERS[end.kind].ends
    if ended is not None:
        return ended
    if stop.answer is not None:
        return LetterState.EXECUTED if stop.answer.executed else LetterState.REFUSED
    return LetterState.SENT if stop.sent else LetterState.PLANNED


def stop_letters(
    facts: OverpaymentConfirmed,
    cards: Iterable[BenefitCard],
    agency: Agency,
    since: date | None = None,
) -> tuple[DocumentDraft, ...]:
    """A stop letter for each of ``cards``, from ``since`` on, by default ``stop_from``."""
    inputs = Inputs(facts=facts, agency=agency)
    bases = (StopBasis(card=card, since=since) for card in cards)
    return tuple(STOP_PAYMENT_LETTER.draft(basis, inputs) for basis in bases)


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
        return withdrawal(facts, stop, PublicReason.RESOLVED, agency, resumption)
    basis = EndBasis(card=STOP_PAYMENT_LETTER.card(stop), resumption=resumption)
    return RELEASE_PAYMENT_LETTER.draft(basis, Inputs(facts=facts, agency=agency, stop=stop))


def withdrawal(
    facts: OverpaymentConfirmed,
    stop: CaseDocument,
    reason: PublicReason | None,
    agency: Agency,
    resumption: ResumptionApproved | None = None,
) -> DocumentDraft:
    """The withdrawal of ``stop``; ``reason`` is all that the bank reads of why."""
    basis = WithdrawalBasis(
        card=STOP_PAYMENT_LETTER.card(stop), public_reason=reason, resumption=resumption
    )
    return STOP_WITHDRAWAL_LETTER.draft(basis, Inputs(facts=facts, agency=agency, stop=stop))


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
