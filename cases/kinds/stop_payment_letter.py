"""停止支付通知书: a bank pays no more to a card."""

from datetime import date
from decimal import Decimal
from typing import Self

from cases.cards import cards_due
from cases.case import Case, CaseDocument
from cases.draft import DocumentDraft
from cases.kinds.bank_letter import CardBasis, to_bank
from cases.kinds.kind import Inputs, LetterKind
from cases.letters.bank_letters import stop_payment_letter
from schemas.documents import DocumentKind
from schemas.events import BenefitCard, OverpaymentConfirmed


class StopBasis(CardBasis):
    """The card that is stopped, and from when."""

    #: from when payment stops; None: from the facts' ``stop_from``
    since: date | None = None

    def renewed(self, facts: OverpaymentConfirmed, recovered: Decimal | None) -> Self:  # noqa: ARG002
        """With the card as the facts now have it, where they still have it."""
        account = self.card.account_number
        known = (card for card in facts.benefit_cards if card.account_number == account)
        return self.model_copy(update={"card": next(known, self.card)})


class StopPaymentLetter(LetterKind[StopBasis]):
    """The stop letter for a card, to its bank."""

    kind = DocumentKind.STOP_PAYMENT_LETTER
    title = "停止支付通知书"
    basis = StopBasis
    short = True
    priority = 0
    corrected = None

    def draft(self, basis: StopBasis, inputs: Inputs) -> DocumentDraft:
        """The letter; ValueError where nothing says from when payment stops."""
        stop_from = basis.since or inputs.facts.stop_from
        if stop_from is None:
            raise ValueError("a stop letter needs stop_from")
        data = stop_payment_letter(inputs.facts, basis.card, stop_from, inputs.agency)
        return to_bank(self.kind, basis, data)

    def is_called_for(
        self, document: CaseDocument, case: Case, documents: tuple[CaseDocument, ...]
    ) -> bool:
        """Whether nothing ended it and its card is still to be stopped."""
        due = {card.account_number for card in cards_due(case)}
        return document.ended_by(documents) is None and document.account_number in due

    def card(self, stop: CaseDocument) -> BenefitCard:
        """The card that ``stop`` is about, as its letter printed it, whatever was corrected."""
        return self.basis_of(stop).card


STOP_PAYMENT_LETTER = StopPaymentLetter()
