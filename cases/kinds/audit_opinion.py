"""社会保险稽核意见书 (annex 2): what is owed, and by when."""

from cases.basis import MoneyBasis
from cases.case import CaseDocument
from cases.draft import DocumentDraft
from cases.kinds.kind import Inputs, LetterKind, party
from cases.letters.audit_opinion import audit_opinion
from cases.references import OPINION_NUMBER
from schemas.documents import DocumentKind, Recipient, RecipientRole
from schemas.events import AuditOpened, OverpaymentConfirmed


class AuditBasis(MoneyBasis):
    """The audit that it was made from."""

    audit: AuditOpened


class AuditOpinion(LetterKind[AuditBasis]):
    """The opinion over what is outstanding, to the audit's addressee; made after its notice."""

    kind = DocumentKind.AUDIT_OPINION
    title = "社会保险稽核意见书"
    basis = AuditBasis
    copies = 1
    corrected = 30
    asks_for_money = True
    of_today = True
    over_all = True
    number_name = OPINION_NUMBER
    follows = DocumentKind.RECOVERY_NOTICE

    def draft(self, basis: AuditBasis, inputs: Inputs) -> DocumentDraft:
        """The opinion over what is outstanding once the basis' money came back."""
        facts = inputs.facts
        outstanding = facts.overpaid - basis.recovered
        return DocumentDraft(
            kind=self.kind,
            recipient=_addressee(facts, basis.audit),
            data=audit_opinion(facts, basis.audit, outstanding, inputs.agency),
            basis=basis,
            waits_for=inputs.waits_for,
        )

    def is_for_the_dead(self, document: CaseDocument, facts: OverpaymentConfirmed) -> bool:
        """Whether it is addressed to the dead party."""
        if facts.party.died_on is None:
            return False
        addressee = self.basis_of(document).audit.addressee
        return addressee is None or addressee.id_number == facts.party.id_number


def _addressee(facts: OverpaymentConfirmed, audit: AuditOpened) -> Recipient:
    """The audit's addressee, who is the party where he bears the party's number."""
    other, own = audit.addressee, facts.party
    if other is None or (other.id_type, other.id_number) == (own.id_type, own.id_number):
        return party(facts)
    return Recipient(role=RecipientRole.ADDRESSEE, name=other.name)


AUDIT_OPINION = AuditOpinion()
