"""救助帮扶情况报告: the agency reports that somebody cannot pay (三（三）)."""

from decimal import Decimal

from cases.basis import MoneyBasis
from cases.draft import DocumentDraft
from cases.kinds.kind import Inputs, LetterKind
from cases.letters.assistance_report import assistance_report
from cases.references import NO_NUMBERS
from schemas.documents import DocumentKind, Recipient, RecipientRole
from schemas.events import AssistanceVerified


class AssistanceBasis(MoneyBasis):
    """What was verified."""

    verified: AssistanceVerified

    @property
    def said(self) -> AssistanceVerified:
        """What was verified."""
        return self.verified

    @property
    def fixed(self) -> Decimal:
        """Yuan that cannot be paid back."""
        return self.verified.amount


class AssistanceReport(LetterKind[AssistanceBasis]):
    """The report to the HR department, which tells the numbers of notice and opinion."""

    kind = DocumentKind.ASSISTANCE_REPORT
    title = "救助帮扶情况报告"
    basis = AssistanceBasis
    corrected = 80
    asks_for_money = True

    def draft(self, basis: AssistanceBasis, inputs: Inputs) -> DocumentDraft:
        """The report on what was verified."""
        agency = inputs.agency
        letter = assistance_report(inputs.facts, basis.verified, basis.recovered, agency)
        return DocumentDraft(
            kind=self.kind,
            recipient=Recipient(
                role=RecipientRole.HR_DEPARTMENT,
                name=agency.hr_department.name if agency.hr_department else None,
            ),
            data={**NO_NUMBERS, **letter},
            basis=basis,
            numbers=inputs.numbers,
        )


ASSISTANCE_REPORT = AssistanceReport()
