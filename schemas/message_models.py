"""The data of each message that goes out, as models: what JSON Schema and AsyncAPI are made of."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, WithJsonSchema

from schemas.deadlines import DeadlineKind
from schemas.documents import BANK_LETTERS, DocumentKind, RecipientRole
from schemas.fields import Balance, Date, Strict, Time
from schemas.numbers import BankCode, NumberText

_Sha256 = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
_Count = Annotated[int, Field(strict=True, ge=1)]
_BankLetter = Annotated[
    DocumentKind,
    WithJsonSchema({"type": "string", "enum": sorted(kind.value for kind in BANK_LETTERS)}),
]


class CausedBy(Strict):
    """The event that a message follows from."""

    source: str
    id: str


class MessageRecipient(Strict):
    """Whom a document goes to: the role, for a bank its code; never a name."""

    role: RecipientRole
    bank_code: BankCode | None = None


class MessageCertificate(Strict):
    """The certificate that a document is sealed with."""

    subject: str
    #: decimal digits
    serial: str


class MessageApprover(Strict):
    """Who approved a step, and his post."""

    name: str
    post: str


class LetterReference(Strict):
    """A letter that another one releases or withdraws."""

    number: NumberText
    #: document id
    reference: str


class CaseNews(Strict):
    """What the news of a case say: whose case it is."""

    case_no: str
    agency: str


class DocumentNews(Strict):
    """What all news of a document say: which it is."""

    document_id: str
    kind: DocumentKind
    number: NumberText
    case_no: str
    agency: str


class DocumentArchived(DocumentNews):
    """A document is sealed, verified and stored."""

    recipient: MessageRecipient
    caused_by: CausedBy
    issued_on: Date
    sealed_at: Time
    #: number of the void document that it stands in for
    replaces: NumberText | None
    sha256: _Sha256
    bytes: _Count
    pages: _Count
    storage_key: str
    #: the store's own; null where the store has none
    version_id: str | None
    certificate: MessageCertificate
    retain_until: Date


class DocumentVoided(DocumentNews):
    """A document is void; its number is never used again."""

    reason: str
    approved_by: MessageApprover | None
    replaced_by: NumberText | None


class DocumentFailed(DocumentNews):
    """A document could not be made; an operator must look."""

    code: str
    message: str
    attempts: Annotated[int, Field(strict=True, ge=0)]
    #: trying again without a change cannot help
    final: bool


class DeadlinePassed(DocumentNews):
    """A day has passed by which something should have been done; told once a document and kind."""

    deadline: DeadlineKind
    #: the last day on which it would have been in time
    last_day: Date
    #: what the case still owes; null where the deadline is not about money
    outstanding: Balance | None


class CaseStanding(StrEnum):
    """Where a case stands."""

    OPEN = "open"
    CLEARED = "cleared"


class CaseChanged(CaseNews):
    """Money or measures of a case changed: what the business system marks."""

    state: CaseStanding
    overpaid: Balance
    recovered: Balance
    outstanding: Balance
    #: in force, such as ``stop_payment``
    measures: tuple[str, ...]
    caused_by: CausedBy


class CaseCleared(CaseNews):
    """Everything has been recovered."""

    overpaid: Balance
    recovered: Balance
    outstanding: Balance
    cleared_on: Date
    #: null: nobody has said; listed for a decision
    still_qualified: bool | None
    caused_by: CausedBy


class LetterRefused(CaseNews):
    """A bank did not do what a letter asks."""

    document_id: str
    number: NumberText
    bank_code: BankCode
    reason: str | None
    received_at: Time


class _Letter(Strict):
    """A letter for a bank, with its bytes."""

    #: document id; what the bank's receipt names
    reference: str
    kind: _BankLetter
    number: NumberText
    issued_on: Date
    agency: str
    bank_code: BankCode
    releases: LetterReference | None
    withdraws: LetterReference | None
    sha256: _Sha256
    bytes: _Count
    pages: _Count
    content_type: Literal["application/pdf"]
    content_base64: str


class LetterIssued(_Letter):
    """A letter for a bank, with its bytes."""

    case_no: str


class LetterWithdrawn(_Letter):
    """A letter that withdraws another: the same shape under a type of its own."""

    #: None in messages of the first releases
    case_no: str | None = None


class RejectedEvent(Strict):
    """The event that was rejected, as far as its envelope can be read."""

    source: str | None
    #: the event's id; SHA-256 of the message where that cannot be read
    id: str
    type: str | None


class MessageProblem(Strict):
    """One reason, with the codes of docs/codes.md."""

    #: JSON pointer (RFC 6901) into the event
    pointer: str
    code: str
    message: str
    message_en: str


class EventRejected(Strict):
    """An event was rejected, with all reasons."""

    event: RejectedEvent
    errors: Annotated[tuple[MessageProblem, ...], Field(min_length=1)]


#: short name of a message → model of its data
MESSAGE_MODELS: dict[str, type[Strict]] = {
    "document.archived": DocumentArchived,
    "document.voided": DocumentVoided,
    "document.failed": DocumentFailed,
    "deadline.passed": DeadlinePassed,
    "case.changed": CaseChanged,
    "case.cleared": CaseCleared,
    "letter.issued": LetterIssued,
    "letter.withdrawn": LetterWithdrawn,
    "letter.refused": LetterRefused,
    "event.rejected": EventRejected,
}
