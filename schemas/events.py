"""What comes in: the events that are carried out, their data and their envelope.

Rules that compare members (sums, periods, cards) are in ``schemas.checks``; ``schemas.parsing``
applies both.
"""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any

from pydantic import ConfigDict, Field, WithJsonSchema

from schemas import limits
from schemas.case_event import CaseEvent, DocumentSelector
from schemas.case_numbers import CASE_NO_PATTERN
from schemas.fields import (
    Balance,
    CaseNo,
    Date,
    Flag,
    Key,
    LongText,
    Money,
    Name,
    Strict,
    Text,
    Time,
    entries,
)
from schemas.months import Month
from schemas.numbers import BankCode
from schemas.people import (
    AccountType,
    Address,
    Approver,
    BenefitCard,
    Group,
    GroupCode,
    Handler,
    IdType,
    Notified,
    NotifiedKind,
    Party,
    Person,
    Promisor,
    Second,
)
from schemas.plans import (
    Installments,
    Insurance,
    LumpSum,
    MonthlyDeduction,
    Overpayment,
    Repayment,
)
from schemas.reasons import PublicReason
from schemas.referrals import ReferralTarget
from schemas.steps import (
    AgreementBasis,
    AgreementKind,
    AgreementReached,
    AgreementSigned,
    Applicant,
    AssistanceVerified,
    CaseCorrected,
    CaseReferred,
    Changes,
    Debtor,
    DocumentVoid,
    Proof,
    ResumptionApproved,
)

__all__ = [
    "EVENT_TYPES",
    "AccountType",
    "Address",
    "AgreementBasis",
    "AgreementKind",
    "AgreementReached",
    "AgreementSigned",
    "Applicant",
    "Approver",
    "AssistanceVerified",
    "AuditOpened",
    "BenefitCard",
    "CaseCorrected",
    "CaseEvent",
    "CaseReferred",
    "Changes",
    "Channel",
    "Debtor",
    "DocumentSelector",
    "DocumentServed",
    "DocumentVoid",
    "Early",
    "Event",
    "Group",
    "GroupCode",
    "Handler",
    "IdType",
    "Installments",
    "Insurance",
    "LetterReceipted",
    "LumpSum",
    "Month",
    "MonthlyDeduction",
    "Notified",
    "NotifiedKind",
    "Overpayment",
    "OverpaymentConfirmed",
    "Party",
    "Person",
    "Promisor",
    "Proof",
    "PublicReason",
    "ReferralTarget",
    "Repayment",
    "RepaymentDeposited",
    "RepaymentRecorded",
    "RepaymentReversed",
    "Result",
    "ResumptionApproved",
    "Second",
    "ServedMethod",
]

_NEW_CASE_NO = {
    "type": "string",
    "minLength": 1,
    "maxLength": limits.CASE_NO,
    "pattern": CASE_NO_PATTERN,
}
_Names = Annotated[tuple[Name, ...], entries()]


class OverpaymentConfirmed(CaseEvent):
    """A case: who was overpaid what, on which card, who is told, how it comes back."""

    #: what it may hold is asked of the event (``schemas.parsing``), not of a case that is there
    case_no: Annotated[CaseNo, WithJsonSchema(_NEW_CASE_NO)]
    party: Party
    facts: LongText  #: 基本情况
    overpayments: Annotated[
        tuple[Overpayment, ...], entries(least=1), Field(json_schema_extra={"minItems": 1})
    ]
    promisor: Promisor | None = None
    repayment: Repayment | None = None
    benefit_cards: Annotated[tuple[BenefitCard, ...], entries()]
    notify: Annotated[tuple[Notified, ...], entries()]
    stop_from: Date | None = None
    handler: Handler

    @property
    def overpaid(self) -> Decimal:
        """The sum of all overpayments, yuan."""
        return sum((entry.amount for entry in self.overpayments), Decimal("0.00"))


class ServedMethod(StrEnum):
    """How a document was served (送达方式)."""

    IN_PERSON = "in_person"  # 直接送达
    LEFT_AT_PLACE = "left_at_place"  # 留置送达
    MAIL = "mail"  # 邮寄送达
    ELECTRONIC = "electronic"  # 电子送达
    ENTRUSTED = "entrusted"  # 委托送达
    PUBLIC_NOTICE = "public_notice"  # 公告送达


class DocumentServed(CaseEvent):
    """A document was served on somebody (送达)."""

    document: DocumentSelector
    served_at: Time
    place: Text
    method: ServedMethod
    received_by: Name
    relation: Text
    servers: _Names | None = None
    witnesses: _Names | None = None


class Result(StrEnum):
    """What a bank's receipt says."""

    EXECUTED = "executed"  # 已执行
    REFUSED = "refused"  # 未执行


def _case_may_be_left_out(schema: dict[str, Any]) -> None:
    """What a bank does not know is filled in from the letter (``schemas.answers``)."""
    named = {"case_no", "agency"}
    schema["required"] = [name for name in schema["required"] if name not in named]


class LetterReceipted(CaseEvent):
    """A bank's 回执 for a letter, by its reference or number alone, or with its case."""

    model_config = ConfigDict(json_schema_extra=_case_may_be_left_out)

    document: DocumentSelector
    bank_code: BankCode
    received_at: Time
    result: Result
    #: needed where the result is executed, null where it was refused
    executed_at: Time | None = None
    balance: Balance | None = None  #: yuan, if it may be told
    reason: Text | None = None
    clerk: Text | None = None


class Early(Strict):
    """Why an audit does not wait for the notice's service or its promised term."""

    reason: Text
    approved_by: Approver


class AuditOpened(CaseEvent):
    """Not repaid after the notice: an audit with a deadline."""

    deadline: Date
    #: None: the party
    addressee: Person | None = None
    auditors: _Names | None = None
    #: None: the notice was served, and the term that was promised is over
    early: Early | None = None


class Channel(StrEnum):
    """The way money came back."""

    BANK_TRANSFER = "bank_transfer"
    DEDUCTION = "deduction"
    PERSONAL_ACCOUNT = "personal_account"
    FUNERAL_BENEFIT = "funeral_benefit"
    CARD_BALANCE = "card_balance"
    ESTATE = "estate"
    ASSISTANCE = "assistance"
    DONATION = "donation"
    COURT = "court"


class RepaymentRecorded(CaseEvent):
    """Money came in."""

    receipt_no: Key
    amount: Money
    received_on: Date
    deposited_on: Date | None = None  #: into 社会保险基金财政专户
    channel: Channel
    payer: Text
    still_qualified: Flag | None = None


class RepaymentDeposited(CaseEvent):
    """Money that came in was paid into 社会保险基金财政专户 (四（一））."""

    receipt_no: Key
    deposited_on: Date


class RepaymentReversed(CaseEvent):
    """A repayment was booked wrongly or bounced."""

    receipt_no: Key
    reason: Text | None = None
    approved_by: Approver


#: the data of any event that is carried out
EventData = (
    OverpaymentConfirmed
    | DocumentServed
    | LetterReceipted
    | AuditOpened
    | RepaymentRecorded
    | RepaymentDeposited
    | RepaymentReversed
    | ResumptionApproved
    | AgreementReached
    | AgreementSigned
    | AssistanceVerified
    | CaseReferred
    | CaseCorrected
    | DocumentVoid
)


@dataclass(frozen=True, kw_only=True)
class Event:
    """A valid event: the CloudEvents envelope and its data."""

    #: unique within ``source``
    id: str
    source: str
    #: short name: ``overpayment.confirmed``
    type: str
    #: aware
    time: datetime
    #: the case number
    subject: str
    data: EventData


#: short type name → model of its data
EVENT_TYPES: dict[str, type[EventData]] = {
    "overpayment.confirmed": OverpaymentConfirmed,
    "document.served": DocumentServed,
    "letter.receipted": LetterReceipted,
    "audit.opened": AuditOpened,
    "repayment.recorded": RepaymentRecorded,
    "repayment.deposited": RepaymentDeposited,
    "repayment.reversed": RepaymentReversed,
    "resumption.approved": ResumptionApproved,
    "agreement.reached": AgreementReached,
    "agreement.signed": AgreementSigned,
    "assistance.verified": AssistanceVerified,
    "case.referred": CaseReferred,
    "case.corrected": CaseCorrected,
    "document.void": DocumentVoid,
}
