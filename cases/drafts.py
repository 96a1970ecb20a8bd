"""Letters with the one they go to: what ``cases.letters`` writes, made into drafts.

A draft keeps in ``basis`` what it was made from beside the case's facts, so that
``cases.remaking`` can make the document anew. The recipient's name stays in the ledger and in the
letter; a message tells his role alone.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from cases import letters
from cases.case import CaseDocument
from cases.money import written
from schemas.configuration import REFERRED_BY, Agency
from schemas.documents import DocumentDraft, DocumentKind, Recipient, RecipientRole, Reference
from schemas.events import (
    AgreementKind,
    AgreementReached,
    AssistanceVerified,
    AuditOpened,
    BenefitCard,
    CaseReferred,
    Notified,
    NotifiedKind,
    OverpaymentConfirmed,
    PublicReason,
    ReferralTarget,
    ResumptionApproved,
)
from schemas.fields import Strict
from schemas.people import SELF

#: names of data that hold the number of another document
NOTICE_NUMBER, OPINION_NUMBER, AGREEMENT_NUMBER, NEW_STOP_NUMBER = (
    "notice_number",
    "opinion_number",
    "agreement_number",
    "new_stop_number",
)

#: in a document's basis: the time of the event that called for it
MOMENT = "moment"

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
    recovered: Decimal,
    notice: Reference | None,
    agency: Agency,
) -> DocumentDraft:
    """The opinion over what is outstanding once ``recovered`` yuan came back.

    It is made only after its ``notice``.
    """
    outstanding = facts.overpaid - recovered
    return DocumentDraft(
        kind=DocumentKind.AUDIT_OPINION,
        recipient=_addressee(facts, audit),
        data=letters.audit_opinion(facts, audit, outstanding, agency),
        basis={"audit": as_json(audit), "recovered": written(recovered)},
        waits_for=notice,
    )


def stop_letter(
    facts: OverpaymentConfirmed, card: BenefitCard, agency: Agency, since: date | None = None
) -> DocumentDraft:
    """The stop letter for ``card``, to its bank; from ``since`` on, by default ``stop_from``."""
    stop_from = since or facts.stop_from
    if stop_from is None:
        raise ValueError("a stop letter needs stop_from")
    return _to_bank(
        DocumentKind.STOP_PAYMENT_LETTER,
        card,
        letters.stop_payment_letter(facts, card, stop_from, agency),
        basis={"since": None if since is None else since.isoformat()},
    )


def release(
    facts: OverpaymentConfirmed,
    stop: CaseDocument,
    agency: Agency,
    resumption: ResumptionApproved | None = None,
) -> DocumentDraft:
    """The release of ``stop``; it leaves only after ``stop`` has left.

    ``resumption`` is what was approved where not everything is repaid.
    """
    card = card_of(stop)
    data = letters.release_payment_letter(
        facts,
        card,
        stop,
        agency,
        resumed=resumption is not None,
        by_deduction=resumption is not None and resumption.with_deduction,
    )
    basis = {"resumption": None if resumption is None else as_json(resumption)}
    return _to_bank(DocumentKind.RELEASE_PAYMENT_LETTER, card, data, stop, basis)


def withdrawal(
    facts: OverpaymentConfirmed,
    stop: CaseDocument,
    reason: PublicReason | None,
    agency: Agency,
    *,
    resumption: ResumptionApproved | None = None,
    numbers: Mapping[str, Reference] | None = None,
) -> DocumentDraft:
    """The withdrawal of ``stop``; it leaves only after ``stop`` has left.

    ``numbers`` names the stop letter for the same account that stands in for it, where one does.
    """
    card = card_of(stop)
    letter = letters.stop_withdrawal_letter(facts, card, stop, reason, agency)
    basis = {
        "public_reason": reason,
        "resumption": None if resumption is None else as_json(resumption),
    }
    data = {NEW_STOP_NUMBER: "", **letter}
    draft = _to_bank(DocumentKind.STOP_WITHDRAWAL_LETTER, card, data, stop, basis)
    return replace(draft, numbers=numbers or {})


def suspension_notice(
    facts: OverpaymentConfirmed, notified: Notified, agency: Agency
) -> DocumentDraft:
    """The notice that benefits have stopped, to ``notified``."""
    return DocumentDraft(
        kind=DocumentKind.SUSPENSION_NOTICE,
        recipient=Recipient(role=_ROLES[notified.kind], name=notified.name),
        data=letters.suspension_notice(facts, notified, agency),
        basis={"notified": as_json(notified)},
    )


def resumption_notice(
    facts: OverpaymentConfirmed, recovered: Decimal, agency: Agency
) -> DocumentDraft:
    """The notice that ``recovered`` yuan came back and benefits go on, to the party."""
    return DocumentDraft(
        kind=DocumentKind.RESUMPTION_NOTICE,
        recipient=_party(facts),
        data={AGREEMENT_NUMBER: "", **letters.resumption_notice(facts, recovered, agency)},
        basis={"recovered": written(recovered)},
    )


def approved_resumption(
    facts: OverpaymentConfirmed,
    approved: ResumptionApproved,
    per_month: Decimal | None,
    numbers: Mapping[str, Reference],
    agency: Agency,
) -> DocumentDraft:
    """The notice that benefits go on as ``approved``, to the party.

    ``per_month`` yuan are deducted by the agreement that ``numbers`` names, where with deduction.
    """
    letter = letters.approved_resumption(facts, approved, per_month, agency)
    return DocumentDraft(
        kind=DocumentKind.RESUMPTION_NOTICE,
        recipient=_party(facts),
        data={AGREEMENT_NUMBER: "", **letter},
        basis={
            "approved": as_json(approved),
            "per_month": None if per_month is None else written(per_month),
        },
        numbers=numbers,
    )


def agreement(
    facts: OverpaymentConfirmed,
    agreed: AgreementReached,
    recovered: Decimal,
    numbers: Mapping[str, Reference],
    agency: Agency,
) -> DocumentDraft:
    """The agreement, to its debtor; ``recovered`` yuan had come back when it was reached."""
    write, kind = _AGREEMENTS[agreed.kind]
    return DocumentDraft(
        kind=kind,
        recipient=_debtor(facts, agreed),
        data={NOTICE_NUMBER: "", **write(facts, agreed, agency)},
        basis={"agreed": as_json(agreed), "recovered": written(recovered)},
        numbers=numbers,
    )


def assistance_report(
    facts: OverpaymentConfirmed,
    verified: AssistanceVerified,
    recovered: Decimal,
    numbers: Mapping[str, Reference],
    agency: Agency,
) -> DocumentDraft:
    """The report to the HR department, which tells ``numbers`` of notice and opinion."""
    return DocumentDraft(
        kind=DocumentKind.ASSISTANCE_REPORT,
        recipient=Recipient(
            role=RecipientRole.HR_DEPARTMENT,
            name=agency.hr_department.name if agency.hr_department else None,
        ),
        data={**_NO_NUMBERS, **letters.assistance_report(facts, verified, recovered, agency)},
        basis={"verified": as_json(verified), "recovered": written(recovered)},
        numbers=numbers,
    )


def referral_letter(
    facts: OverpaymentConfirmed,
    referred: CaseReferred,
    recovered: Decimal,
    agency: Agency,
    *,
    numbers: Mapping[str, Reference],
    dates: Mapping[str, str],
    encloses: tuple[Reference, ...],
) -> DocumentDraft:
    """The letter to the authority that ``referred`` names, with what it ``encloses``.

    ``dates`` are those of the documents in ``numbers``.
    """
    issuer = REFERRED_BY[referred.to]
    return DocumentDraft(
        kind=DocumentKind.REFERRAL_LETTER,
        recipient=Recipient(role=_RECEIVERS[referred.to], name=referred.to_name),
        data={
            **_NO_NUMBERS,
            **dates,
            **letters.referral_letter(facts, referred, recovered, agency, issuer),
        },
        basis={"referred": as_json(referred), "recovered": written(recovered)},
        numbers=numbers,
        encloses=encloses,
        issuer=issuer,
    )


def card_of(stop: CaseDocument) -> BenefitCard:
    """The card that ``stop`` is about, as its letter printed it, whatever was corrected since."""
    return BenefitCard.model_validate(stop.basis["card"])


def as_json(value: Strict) -> dict[str, Any]:
    """``value`` as the JSON that ``basis`` keeps."""
    return value.model_dump(mode="json", by_alias=True)


_AGREEMENTS = {
    AgreementKind.DEDUCTION: (letters.deduction_agreement, DocumentKind.DEDUCTION_AGREEMENT),
    AgreementKind.REPAYMENT: (letters.repayment_agreement, DocumentKind.REPAYMENT_AGREEMENT),
}
#: a case may have neither notice nor opinion in force
_NO_NUMBERS = {NOTICE_NUMBER: "", OPINION_NUMBER: ""}
_RECEIVERS = {target: RecipientRole(target.value) for target in ReferralTarget}


def _to_bank(
    kind: DocumentKind,
    card: BenefitCard,
    data: Mapping[str, Any],
    stop: CaseDocument | None = None,
    basis: Mapping[str, Any] | None = None,
) -> DocumentDraft:
    about = None if stop is None else stop.document_id
    return DocumentDraft(
        kind=kind,
        recipient=Recipient(role=RecipientRole.BANK, name=card.bank_name, bank_code=card.bank_code),
        data=data,
        account_number=card.account_number,
        about=about,
        waits_for=about,
        basis={"card": as_json(card), **(basis or {})},
    )


def _party(facts: OverpaymentConfirmed) -> Recipient:
    return Recipient(role=RecipientRole.PARTY, name=facts.party.name)


def _addressee(facts: OverpaymentConfirmed, audit: AuditOpened) -> Recipient:
    """The audit's addressee, who is the party where he bears the party's number."""
    other, party = audit.addressee, facts.party
    if other is None or (other.id_type, other.id_number) == (party.id_type, party.id_number):
        return _party(facts)
    return Recipient(role=RecipientRole.ADDRESSEE, name=other.name)


def _debtor(facts: OverpaymentConfirmed, agreed: AgreementReached) -> Recipient:
    if agreed.debtor.relation == SELF:
        return _party(facts)
    return Recipient(role=RecipientRole.DEBTOR, name=agreed.debtor.name)
