"""The events of a case's later steps.

Agreement, resumption, assistance, referral, and what puts right a case or document that was wrong.
"""

from enum import StrEnum
from typing import Annotated, Any

from pydantic import Field, SerializerFunctionWrapHandler, model_serializer

from schemas.case_event import CaseEvent, DocumentSelector
from schemas.fields import (
    AccountNumber,
    Date,
    Flag,
    Key,
    LongText,
    Money,
    Month,
    Name,
    Strict,
    Text,
    entries,
)
from schemas.people import (
    AnyAddress,
    Approver,
    BenefitCard,
    Handler,
    IdType,
    Notified,
    Party,
    Promisor,
)
from schemas.plans import Overpayment, Repayment
from schemas.reasons import PublicReason
from schemas.referrals import ReferralTarget


class AgreementKind(StrEnum):
    """What is to be signed (三（二）)."""

    DEDUCTION = "deduction_agreement"  # 抵扣协议: from benefits that go on
    REPAYMENT = "repayment_agreement"  # 还款协议: by instalments


class AgreementBasis(StrEnum):
    """What an agreement rests on."""

    AGREED = "agreed"  # 三（二） of the seed document
    NOTICE = "notice"  # 告知事项 3–10: at least 20 % of what is still paid each month


class Debtor(Strict):
    """乙方 of an agreement; the party's own number and address stand where he is the party."""

    name: Name
    relation: Text
    id_type: IdType | None = None
    id_number: Key | None = None
    phone: Key | None = None
    address: AnyAddress | None = None


class AgreementReached(CaseEvent):
    """An agreement on how the money comes back is to be signed."""

    kind: AgreementKind
    debtor: Debtor
    #: the benefit that is deducted from, and what it is a month; for deductions only
    benefit: Text | None = None
    monthly_benefit: Money | None = None
    total: Money
    per_month: Money
    from_: Annotated[Month, Field(alias="from")]
    to: Month
    basis: AgreementBasis
    #: yuan that come first, from the personal account (without the government's subsidy)
    from_personal_account: Money | None = None
    #: None: not signed yet, or told later (``agreement.signed``)
    signed_on: Date | None = None


class AgreementSigned(CaseEvent):
    """Both sides have signed an agreement."""

    document: DocumentSelector
    signed_on: Date


class ResumptionApproved(CaseEvent):
    """Benefits resume before everything is repaid, usually with deduction."""

    benefit: Text
    from_: Annotated[Month, Field(alias="from")]
    monthly: Money
    paid_to: AccountNumber
    with_deduction: Flag
    release_card: Flag
    reason: Text
    approved_by: Approver


class Applicant(Strict):
    """Who applies for assistance: the party, a relative, an employer, a 乡镇（街道）."""

    name: Text
    relation: Text


class Proof(Strict):
    """认定材料 or 法律文书 that an application brings."""

    issuer: Text
    title: Text
    number: Text
    date: Date


class AssistanceVerified(CaseEvent):
    """救助帮扶 was applied for and verified (三（三）)."""

    applicant: Applicant
    proofs: Annotated[tuple[Proof, ...], entries(least=1), Field(json_schema_extra={"minItems": 1})]
    findings: LongText
    amount: Money
    proposed_funding: Text


class CaseReferred(CaseEvent):
    """The case goes to another authority."""

    to: ReferralTarget
    to_name: Text
    suspected: Text  #: 案由
    grounds: LongText
    attachments: Annotated[tuple[DocumentSelector, ...], entries()]


#: stands where a correction says nothing about a member; null says that there is none
_UNCHANGED: Any = None


class Changes(Strict):
    """Members of ``overpayment.confirmed``'s data, each replacing the old one whole.

    What was not said is not in ``model_fields_set``, and not in the JSON either.
    """

    party: Party = _UNCHANGED
    facts: LongText = _UNCHANGED
    overpayments: Annotated[
        tuple[Overpayment, ...], entries(least=1), Field(json_schema_extra={"minItems": 1})
    ] = _UNCHANGED
    promisor: Promisor | None = None
    repayment: Repayment | None = None
    benefit_cards: Annotated[tuple[BenefitCard, ...], entries()] = _UNCHANGED
    notify: Annotated[tuple[Notified, ...], entries()] = _UNCHANGED
    stop_from: Date | None = None
    handler: Handler = _UNCHANGED

    @model_serializer(mode="wrap")
    def _said(self, whole: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return {name: value for name, value in whole(self).items() if name in self.model_fields_set}


class CaseCorrected(CaseEvent):
    """Facts of the case were wrong."""

    #: 作废事由, for the register alone; None: the sender says none (contract, "Codes and shapes")
    reason: Text | None = None
    #: what a bank reads instead; None: 因工作需要
    public_reason: PublicReason | None = None
    approved_by: Approver
    changes: Changes


class DocumentVoid(CaseEvent):
    """A document is withdrawn (作废)."""

    document: DocumentSelector
    #: 作废事由, for the register alone; None: the sender says none (contract, "Codes and shapes")
    reason: Text | None = None
    #: what a bank reads instead; None: 因工作需要
    public_reason: PublicReason | None = None
    approved_by: Approver
    replace: Flag
