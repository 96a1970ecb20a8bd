"""撤回停止支付通知书: a stop letter does not count any more."""

from dataclasses import replace

from cases.draft import DocumentDraft
from cases.kinds.bank_letter import EndBasis, stop_of, to_bank
from cases.kinds.kind import Inputs, LetterKind
from cases.letters.bank_letters import stop_withdrawal_letter
from cases.references import NEW_STOP_NUMBER
from schemas.documents import DocumentKind, LetterState
from schemas.events import PublicReason


class WithdrawalBasis(EndBasis):
    """Why a stop letter is withdrawn, as far as the bank reads it."""

    public_reason: PublicReason | None = None


class StopWithdrawalLetter(LetterKind[WithdrawalBasis]):
    """The withdrawal of a stop letter; it leaves only after that has left.

    The inputs' numbers name the stop letter for the same account that stands in for it.
    """

    kind = DocumentKind.STOP_WITHDRAWAL_LETTER
    title = "撤回停止支付通知书"
    basis = WithdrawalBasis
    short = True
    priority = 1
    corrected = None
    ends = LetterState.WITHDRAWN
    tells_stops = NEW_STOP_NUMBER

    def draft(self, basis: WithdrawalBasis, inputs: Inputs) -> DocumentDraft:
        """The withdrawal of the inputs' stop letter."""
        stop = stop_of(inputs)
        letter = stop_withdrawal_letter(
            inputs.facts, basis.card, stop, basis.public_reason, inputs.agency
        )
        draft = to_bank(self.kind, basis, {NEW_STOP_NUMBER: "", **letter}, stop)
        return replace(draft, numbers=inputs.numbers)


STOP_WITHDRAWAL_LETTER = StopWithdrawalLetter()
