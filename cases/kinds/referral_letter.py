"""案件移送函 and its like: a case goes to another authority."""

from cases.basis import MoneyBasis
from cases.case import Case, CaseDocument
from cases.draft import DocumentDraft
from cases.kinds.kind import Inputs, LetterKind
from cases.letters.referral_letter import referral_letter
from cases.references import NO_NUMBERS
from cases.service_dates import dates_of
from schemas.configuration import REFERRED_BY
from schemas.documents import DocumentKind, Recipient, RecipientRole
from schemas.events import CaseReferred, ReferralTarget

_RECEIVERS = {target: RecipientRole(target.value) for target in ReferralTarget}


class ReferralBasis(MoneyBasis):
    """The referral that it was made from."""

    referred: CaseReferred

    @property
    def said(self) -> CaseReferred:
        """The referral."""
        return self.referred


class ReferralLetter(LetterKind[ReferralBasis]):
    """The letter to the authority that is named, with what it encloses."""

    kind = DocumentKind.REFERRAL_LETTER
    title = "案件移送函"
    basis = ReferralBasis
    corrected = 90
    of_today = True
    over_all = True

    def draft(self, basis: ReferralBasis, inputs: Inputs) -> DocumentDraft:
        """The letter; the inputs' documents tell when notice and opinion were served."""
        referred = basis.referred
        issuer = REFERRED_BY[referred.to]
        letter = referral_letter(inputs.facts, referred, basis.recovered, inputs.agency, issuer)
        return DocumentDraft(
            kind=self.kind,
            recipient=Recipient(role=_RECEIVERS[referred.to], name=referred.to_name),
            data={**NO_NUMBERS, **dates_of(inputs.numbers, inputs.documents), **letter},
            basis=basis,
            numbers=inputs.numbers,
            encloses=inputs.encloses,
            issuer=issuer,
        )

    def is_called_for(
        self,
        document: CaseDocument,
        case: Case,
        documents: tuple[CaseDocument, ...],  # noqa: ARG002
    ) -> bool:
        """Whether its receiver still has to act: a court enforces a debt, others look at deeds."""
        to_court = self.basis_of(document).referred.to is ReferralTarget.COURT
        return case.outstanding > 0 or not to_court


REFERRAL_LETTER = ReferralLetter()
