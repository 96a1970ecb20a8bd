"""恢复待遇发放通知: the party hears that his benefits go on."""

from decimal import Decimal
from typing import Any, Self

from cases.basis import Basis, Yuan, over
from cases.draft import DocumentDraft
from cases.kinds.kind import Inputs, LetterKind, party
from cases.letters.notices import approved_resumption, resumption_notice
from cases.letters.parts import Data
from cases.references import AGREEMENT_NUMBER
from schemas.documents import DocumentKind
from schemas.events import OverpaymentConfirmed, ResumptionApproved


class ResumptionBasis(Basis):
    """Either all came back, or somebody approved that benefits go on before."""

    #: what came back, where all did
    recovered: Yuan | None = None
    approved: ResumptionApproved | None = None
    #: what is deducted a month by the agreement, where it was approved with deduction
    per_month: Yuan | None = None

    def stored(self) -> dict[str, Any]:
        """As the JSON that the ledger keeps: the members of the one or of the other."""
        names = {"recovered"} if self.approved is None else {"approved", "per_month"}
        return self.model_dump(mode="json", by_alias=True, include=names)

    @property
    def said(self) -> ResumptionApproved | None:
        """What was approved."""
        return self.approved

    @property
    def told(self) -> Decimal | None:
        """Yuan that came back, where all did."""
        return self.recovered

    def renewed(self, facts: OverpaymentConfirmed, recovered: Decimal | None) -> Self:  # noqa: ARG002
        """Over ``recovered`` yuan where that is said and all came back."""
        return self if self.approved else self.model_copy(update=over(recovered))


class ResumptionNotice(LetterKind[ResumptionBasis]):
    """The notice that benefits go on, to the party."""

    kind = DocumentKind.RESUMPTION_NOTICE
    title = "恢复待遇发放通知"
    basis = ResumptionBasis
    copies = 1
    short = True
    corrected = 70
    of_today = True

    def draft(self, basis: ResumptionBasis, inputs: Inputs) -> DocumentDraft:
        """The notice; by approval with deduction, the inputs' numbers name the agreement."""
        return DocumentDraft(
            kind=self.kind,
            recipient=party(inputs.facts),
            data={AGREEMENT_NUMBER: "", **_letter(basis, inputs)},
            basis=basis,
            numbers=inputs.numbers,
        )


def _letter(basis: ResumptionBasis, inputs: Inputs) -> Data:
    if basis.approved is not None:
        return approved_resumption(inputs.facts, basis.approved, basis.per_month, inputs.agency)
    if basis.recovered is None:
        raise ValueError("a resumption notice needs what came back, or what was approved")
    return resumption_notice(inputs.facts, basis.recovered, inputs.agency)


RESUMPTION_NOTICE = ResumptionNotice()
