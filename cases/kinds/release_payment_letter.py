"""解除止付通知书: a bank pays to a card again."""

from cases.draft import DocumentDraft
from cases.kinds.bank_letter import EndBasis, stop_of, to_bank
from cases.kinds.kind import Inputs, LetterKind
from cases.letters.bank_letters import release_payment_letter
from schemas.documents import DocumentKind, LetterState


class ReleasePaymentLetter(LetterKind[EndBasis]):
    """The release of a stop letter; it leaves only after that has left."""

    kind = DocumentKind.RELEASE_PAYMENT_LETTER
    title = "解除止付通知书"
    basis = EndBasis
    short = True
    priority = 1
    corrected = 10
    ends = LetterState.RELEASED
    tells_stops = "other_stops"

    def draft(self, basis: EndBasis, inputs: Inputs) -> DocumentDraft:
        """The release of the inputs' stop letter."""
        stop, approved = stop_of(inputs), basis.resumption
        data = release_payment_letter(
            inputs.facts,
            basis.card,
            stop,
            inputs.agency,
            resumed=approved is not None,
            by_deduction=approved is not None and approved.with_deduction,
        )
        return to_bank(self.kind, basis, data, stop)


RELEASE_PAYMENT_LETTER = ReleasePaymentLetter()
