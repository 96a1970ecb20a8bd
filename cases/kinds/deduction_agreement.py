"""抵扣协议: benefits that go on are kept back."""

from cases.kinds.agreement import Agreement
from cases.kinds.kind import Inputs
from cases.letters.agreements import deduction_agreement
from cases.letters.parts import Data
from schemas.documents import DocumentKind
from schemas.events import AgreementReached


class DeductionAgreement(Agreement):
    """抵扣协议 (三（二）)."""

    kind = DocumentKind.DEDUCTION_AGREEMENT
    title = "抵扣协议"
    corrected = 50

    def write(self, agreed: AgreementReached, inputs: Inputs) -> Data:
        """What it prints beside the number of the notice."""
        return deduction_agreement(inputs.facts, agreed, inputs.agency)


DEDUCTION_AGREEMENT = DeductionAgreement()
