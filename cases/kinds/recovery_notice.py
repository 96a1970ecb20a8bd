"""多领社会保险待遇追缴告知书 (annex 1): asks the party to pay back."""

from cases.basis import Basis
from cases.draft import DocumentDraft
from cases.kinds.kind import Inputs, LetterKind, party
from cases.letters.recovery_notice import recovery_notice
from cases.references import NOTICE_NUMBER
from schemas.documents import DocumentKind


class RecoveryNotice(LetterKind[Basis]):
    """The notice, to the party."""

    kind = DocumentKind.RECOVERY_NOTICE
    title = "多领社会保险待遇追缴告知书"
    basis = Basis
    copies = 1
    corrected = 20
    asks_for_money = True
    number_name = NOTICE_NUMBER

    def draft(self, basis: Basis, inputs: Inputs) -> DocumentDraft:
        """The notice by the facts alone."""
        return DocumentDraft(
            kind=self.kind,
            recipient=party(inputs.facts),
            data=recovery_notice(inputs.facts, inputs.agency),
            basis=basis,
        )


RECOVERY_NOTICE = RecoveryNotice()
