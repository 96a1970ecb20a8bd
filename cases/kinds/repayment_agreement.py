"""还款协议: money comes back by instalments."""

from cases.kinds.agreement import Agreement
from cases.kinds.kind import Inputs
from cases.letters.agreements import repayment_agreement
from cases.letters.parts import Data
from schemas.documents import DocumentKind
from schemas.events import AgreementReached


class RepaymentAgreement(Agreement):
    """还款协议 (三（二）)."""

    kind = DocumentKind.REPAYMENT_AGREEMENT
    title = "还款协议"
    corrected = 60

    def write(self, agreed: AgreementReached, inputs: Inputs) -> Data:
        """What it prints beside the number of the notice."""
        return repayment_agreement(inputs.facts, agreed, inputs.agency)


REPAYMENT_AGREEMENT = RepaymentAgreement()
