"""What the two agreements share: the debtor, the sum, when it was signed."""

from abc import abstractmethod
from datetime import date
from decimal import Decimal
from typing import Self

from cases.basis import MoneyBasis, over
from cases.case import CaseDocument
from cases.draft import DocumentDraft
from cases.kinds.kind import Inputs, LetterKind, party
from cases.letters.parts import Data
from cases.references import NOTICE_NUMBER
from schemas.documents import Recipient, RecipientRole
from schemas.events import AgreementReached, OverpaymentConfirmed
from schemas.people import SELF


class AgreementBasis(MoneyBasis):
    """What was agreed, when how much had come back."""

    UNSAID = frozenset({"moment", "signed_on"})

    agreed: AgreementReached
    #: of this paper alone, where its own event said so: one issued anew is to be signed anew
    signed_on: date | None = None

    @property
    def said(self) -> AgreementReached:
        """What was agreed."""
        return self.agreed

    @property
    def fixed(self) -> Decimal:
        """Yuan that the debtor is to pay back in all."""
        return self.agreed.total

    def renewed(self, facts: OverpaymentConfirmed, recovered: Decimal | None) -> Self:  # noqa: ARG002
        """Of the same moment: what came back since counts as its own; that it was signed not."""
        return self.model_copy(update={"signed_on": None, **over(recovered)})


class Agreement(LetterKind[AgreementBasis]):
    """An agreement, to its debtor; the inputs' numbers name the notice."""

    basis = AgreementBasis
    asks_for_money = True

    @abstractmethod
    def write(self, agreed: AgreementReached, inputs: Inputs) -> Data:
        """What it prints beside the number of the notice."""

    def draft(self, basis: AgreementBasis, inputs: Inputs) -> DocumentDraft:
        """The agreement as it is to be signed."""
        return DocumentDraft(
            kind=self.kind,
            recipient=_debtor(inputs.facts, basis.agreed),
            data={NOTICE_NUMBER: "", **self.write(basis.agreed, inputs)},
            basis=basis,
            numbers=inputs.numbers,
        )

    def is_for_the_dead(self, document: CaseDocument, facts: OverpaymentConfirmed) -> bool:
        """Whether the dead party was to pay by it himself."""
        dead = facts.party.died_on is not None
        return dead and self.basis_of(document).agreed.debtor.relation == SELF


def _debtor(facts: OverpaymentConfirmed, agreed: AgreementReached) -> Recipient:
    if agreed.debtor.relation == SELF:
        return party(facts)
    return Recipient(role=RecipientRole.DEBTOR, name=agreed.debtor.name)
