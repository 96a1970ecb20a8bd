"""停发待遇告知书（函）: those around the party hear that his benefits have stopped."""

from cases.basis import Basis
from cases.case import Case, CaseDocument
from cases.draft import DocumentDraft
from cases.kinds.kind import Inputs, LetterKind
from cases.letters.notices import suspension_notice
from schemas.documents import DocumentKind, Recipient, RecipientRole
from schemas.events import Notified, NotifiedKind, OverpaymentConfirmed

_ROLES = {
    NotifiedKind.RELATIVE: RecipientRole.RELATIVE,
    NotifiedKind.EMPLOYER: RecipientRole.EMPLOYER,
    NotifiedKind.COMMUNITY: RecipientRole.COMMUNITY,
}


class NotifiedBasis(Basis):
    """A suspension notice is made from the person whom it notifies."""

    notified: Notified


class SuspensionNotice(LetterKind[NotifiedBasis]):
    """The notice that benefits have stopped, to one of the facts' ``notify``."""

    kind = DocumentKind.SUSPENSION_NOTICE
    title = "停发待遇告知书（函）"
    basis = NotifiedBasis
    copies = 1
    short = True
    corrected = 40

    def titled(self, role: RecipientRole) -> str:
        """书 for a relative, 函 for an employer or a community."""
        return "停发待遇告知书" if role is RecipientRole.RELATIVE else "停发待遇告知函"

    def draft(self, basis: NotifiedBasis, inputs: Inputs) -> DocumentDraft:
        """The notice to the one of the basis."""
        notified = basis.notified
        return DocumentDraft(
            kind=self.kind,
            recipient=Recipient(role=_ROLES[notified.kind], name=notified.name),
            data=suspension_notice(inputs.facts, notified, inputs.agency),
            basis=basis,
        )

    def is_called_for(
        self,
        document: CaseDocument,
        case: Case,
        documents: tuple[CaseDocument, ...],  # noqa: ARG002
    ) -> bool:
        """Whether the one whom it tells is still to be told."""
        return self.is_notified(document, case.facts)

    def told(self, document: CaseDocument) -> Notified:
        """The one whom ``document`` tells."""
        return self.basis_of(document).notified

    def is_notified(self, document: CaseDocument, facts: OverpaymentConfirmed) -> bool:
        """Whether the facts say that the one whom ``document`` tells is to be told."""
        return who(self.told(document)) in {who(person) for person in to_notify(facts)}


def to_notify(facts: OverpaymentConfirmed) -> tuple[Notified, ...]:
    """Who is to be told that benefits have stopped."""
    lost = any(entry.entitlement_lost for entry in facts.overpayments)
    return facts.notify if lost else ()


def who(person: Notified) -> tuple[str, str]:
    """By what one of ``notify`` is known again."""
    return person.kind, person.name


SUSPENSION_NOTICE = SuspensionNotice()
