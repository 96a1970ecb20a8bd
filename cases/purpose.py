"""Whether a document still has its purpose in the case as it stands.

One that has none is void alone: nothing is issued in its place.
"""

from cases.case import Case, CaseDocument
from cases.drafts import AGREEMENT_NUMBER
from cases.remaking import amount_of
from cases.stops import cards_due
from schemas.documents import AGREEMENTS, DocumentKind
from schemas.events import (
    AgreementReached,
    AuditOpened,
    CaseReferred,
    Notified,
    OverpaymentConfirmed,
    ReferralTarget,
)
from schemas.people import SELF

#: kinds that ask for money or speak of what is owed
_ASK = AGREEMENTS | {
    DocumentKind.RECOVERY_NOTICE,
    DocumentKind.AUDIT_OPINION,
    DocumentKind.ASSISTANCE_REPORT,
}


def is_called_for(document: CaseDocument, case: Case, documents: tuple[CaseDocument, ...]) -> bool:
    """Whether ``case``, whose documents are ``documents``, asks for such a document anew."""
    if is_for_the_dead(document, case.facts):
        return False
    if document.kind is DocumentKind.STOP_PAYMENT_LETTER:
        due = {card.account_number for card in cards_due(case)}
        return document.ended_by(documents) is None and document.account_number in due
    if document.kind in _ASK or _goes_to_court(document):
        return case.outstanding > 0
    if document.kind is DocumentKind.SUSPENSION_NOTICE:
        return is_notified(document, case.facts)
    return True


def is_overtaken(document: CaseDocument, case: Case) -> bool:
    """Whether what was agreed or verified is more than was owed then, as is known now.

    Or whether it is addressed to somebody who was dead by then.
    """
    return _is_over_too_much(document, case) or (
        is_for_the_dead(document, case.facts) and _was_dead(document, case.facts)
    )


def is_for_the_dead(document: CaseDocument, facts: OverpaymentConfirmed) -> bool:
    """Whether it asks the party himself, of whom the facts say that he is dead."""
    if facts.party.died_on is None:
        return False
    if document.kind is DocumentKind.AUDIT_OPINION:
        addressee = AuditOpened.model_validate(document.basis["audit"]).addressee
        return addressee is None or addressee.id_number == facts.party.id_number
    if document.kind in AGREEMENTS:
        return AgreementReached.model_validate(document.basis["agreed"]).debtor.relation == SELF
    return False


def named_in(document: CaseDocument) -> set[str]:
    """The ids of the documents whose numbers ``document`` prints, or that it encloses."""
    return {*document.numbers.values(), *document.encloses}


def rests_on(document: CaseDocument) -> set[str]:
    """Those of them without which it says nothing: its enclosures, the agreement it carries out."""
    agreement = document.numbers.get(AGREEMENT_NUMBER)
    return {*document.encloses} | ({agreement} if agreement else set())


def is_notified(document: CaseDocument, facts: OverpaymentConfirmed) -> bool:
    """Whether the one whom the suspension notice ``document`` tells is to be told."""
    return who(told_person(document)) in {who(person) for person in to_notify(facts)}


def told_person(document: CaseDocument) -> Notified:
    """The one whom the suspension notice ``document`` tells."""
    return Notified.model_validate(document.basis["notified"])


def to_notify(facts: OverpaymentConfirmed) -> tuple[Notified, ...]:
    """Who is to be told that benefits have stopped."""
    lost = any(entry.entitlement_lost for entry in facts.overpayments)
    return facts.notify if lost else ()


def who(person: Notified) -> tuple[str, str]:
    """By what one of ``notify`` is known again."""
    return person.kind, person.name


def _is_over_too_much(document: CaseDocument, case: Case) -> bool:
    for event, member in (("agreed", "total"), ("verified", "amount")):
        if event in document.basis:
            owed = case.overpaid - amount_of(document, "recovered")
            return amount_of(document, event, member) > owed
    return False


def _was_dead(document: CaseDocument, facts: OverpaymentConfirmed) -> bool:
    died_on = facts.party.died_on
    return died_on is not None and died_on <= document.issued_on


def _goes_to_court(document: CaseDocument) -> bool:
    """A court enforces a debt; other authorities look into what was done."""
    if document.kind is not DocumentKind.REFERRAL_LETTER:
        return False
    referred = CaseReferred.model_validate(document.basis["referred"])
    return referred.to is ReferralTarget.COURT
