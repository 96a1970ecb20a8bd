"""Letters with the one they go to: what ``cases.letters`` writes, made into drafts.

The recipient's name stays in the ledger and in the letter; a message tells his role alone.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from cases import letters
from cases.case import CaseDocument
from schemas.configuration import Agency
from schemas.documents import DocumentDraft, DocumentKind, Recipient, RecipientRole
from schemas.events import AuditOpened, BenefitCard, Notified, NotifiedKind, OverpaymentConfirmed

_ROLES = {
    NotifiedKind.RELATIVE: RecipientRole.RELATIVE,
    NotifiedKind.EMPLOYER: RecipientRole.EMPLOYER,
    NotifiedKind.COMMUNITY: RecipientRole.COMMUNITY,
}


def recovery_notice(facts: OverpaymentConfirmed, agency: Agency) -> DocumentDraft:
    """The notice, to the party."""
    return DocumentDraft(
        kind=DocumentKind.RECOVERY_NOTICE,
        recipient=_party(facts),
        data=letters.recovery_notice(facts, agency),
    )


def audit_opinion(
    facts: OverpaymentConfirmed,
    audit: AuditOpened,
    outstanding: Decimal,
    notice: CaseDocument,
    agency: Agency,
) -> DocumentDraft:
    """The opinion over ``outstanding`` yuan; it is made only after its ``notice``."""
    return DocumentDraft(
        kind=DocumentKind.AUDIT_OPINION,
        recipient=_addressee(facts, audit),
        data=letters.audit_opinion(facts, audit, outstanding, agency),
        waits_for=notice.document_id,
    )


def stop_letter(
    facts: OverpaymentConfirmed, card: BenefitCard, stop_from: date, agency: Agency
) -> DocumentDraft:
    """The stop letter for ``card``, to its bank."""
    return _to_bank(
        DocumentKind.STOP_PAYMENT_LETTER,
        card,
        letters.stop_payment_letter(facts, card, stop_from, agency),
    )


def release(
    facts: OverpaymentConfirmed, card: BenefitCard, stop: CaseDocument, agency: Agency
) -> DocumentDraft:
    """The release of ``stop``; it leaves only after ``stop`` has left."""
    data = letters.release_payment_letter(facts, card, stop, agency)
    return _to_bank(DocumentKind.RELEASE_PAYMENT_LETTER, card, data, stop)


def withdrawal(
    facts: OverpaymentConfirmed, card: BenefitCard, stop: CaseDocument, reason: str, agency: Agency
) -> DocumentDraft:
    """The withdrawal of ``stop`` because of ``reason``; it leaves only after ``stop`` has left."""
    data = letters.stop_withdrawal_letter(facts, card, stop, reason, agency)
    return _to_bank(DocumentKind.STOP_WITHDRAWAL_LETTER, card, data, stop)


def suspension_notice(
    facts: OverpaymentConfirmed, notified: Notified, agency: Agency
) -> DocumentDraft:
    """The notice that benefits have stopped, to ``notified``."""
    return DocumentDraft(
        kind=DocumentKind.SUSPENSION_NOTICE,
        recipient=Recipient(role=_ROLES[notified.kind], name=notified.name),
        data=letters.suspension_notice(facts, notified, agency),
    )


def resumption_notice(
    facts: OverpaymentConfirmed, recovered: Decimal, agency: Agency
) -> DocumentDraft:
    """The notice that ``recovered`` yuan came back and benefits go on, to the party."""
    return DocumentDraft(
        kind=DocumentKind.RESUMPTION_NOTICE,
        recipient=_party(facts),
        data=letters.resumption_notice(facts, recovered, agency),
    )


def _to_bank(
    kind: DocumentKind,
    card: BenefitCard,
    data: Mapping[str, Any],
    stop: CaseDocument | None = None,
) -> DocumentDraft:
    about = None if stop is None else stop.document_id
    return DocumentDraft(
        kind=kind,
        recipient=Recipient(role=RecipientRole.BANK, name=card.bank_name, bank_code=card.bank_code),
        data=data,
        account_number=card.account_number,
        about=about,
        waits_for=about,
    )


def _party(facts: OverpaymentConfirmed) -> Recipient:
    return Recipient(role=RecipientRole.PARTY, name=facts.party.name)


def _addressee(facts: OverpaymentConfirmed, audit: AuditOpened) -> Recipient:
    """The audit's addressee, who is the party where he bears the party's number."""
    other, party = audit.addressee, facts.party
    if other is None or (other.id_type, other.id_number) == (party.id_type, party.id_number):
        return _party(facts)
    return Recipient(role=RecipientRole.ADDRESSEE, name=other.name)
