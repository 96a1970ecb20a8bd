"""What the three letters to a bank share: the card, the bank, the stop letter they are about."""

from collections.abc import Mapping
from typing import Any

from cases.basis import Basis
from cases.case import CaseDocument
from cases.draft import DocumentDraft
from cases.kinds.kind import Inputs
from schemas.documents import DocumentKind, Recipient, RecipientRole
from schemas.events import BenefitCard, ResumptionApproved


class CardBasis(Basis):
    """The card that a letter is about, as it is printed there, whatever is corrected later."""

    card: BenefitCard


class EndBasis(CardBasis):
    """Of a letter that ends a stop."""

    #: what was approved where not everything is repaid
    resumption: ResumptionApproved | None = None


def to_bank(
    kind: DocumentKind, basis: CardBasis, data: Mapping[str, Any], stop: CaseDocument | None = None
) -> DocumentDraft:
    """The letter to the card's bank; one about ``stop`` leaves only after that has left."""
    card, about = basis.card, None if stop is None else stop.document_id
    return DocumentDraft(
        kind=kind,
        recipient=Recipient(role=RecipientRole.BANK, name=card.bank_name, bank_code=card.bank_code),
        data=data,
        account_number=card.account_number,
        about=about,
        waits_for=about,
        basis=basis,
    )


def stop_of(inputs: Inputs) -> CaseDocument:
    """The stop letter that a letter ends; ValueError where none is given."""
    if inputs.stop is None:
        raise ValueError("a letter that ends a stop needs the stop letter")
    return inputs.stop


def approval(end: CaseDocument) -> ResumptionApproved | None:
    """What was approved that let ``end`` end its stop before all is repaid; None: nothing was."""
    return end.basis.resumption if isinstance(end.basis, EndBasis) else None
