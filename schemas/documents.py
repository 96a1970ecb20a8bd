"""The documents on their way through the rooms: one frozen type a stage.

``DocumentDraft`` (in ``cases``: what an event calls for) → ``PlannedDocument`` (ledger: numbered,
its data frozen) → ``RenderedPdf`` (rendering) → ``SealedPdf`` (signing) → ``StoredObject``
(archive). ``AttachedFile`` is what stands with one.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Self

from schemas import limits
from schemas.levels import SealLevel


class DocumentKind(StrEnum):
    """The documents of the procedure (湘人社规〔2022〕30号); the value is contract."""

    # what the contract says of a kind; what else it is stands in its module in cases.kinds
    #: the series that its numbers are of where an agency sets no other; None: it has no number
    series: str | None
    #: it goes to a bank through its own queue
    to_bank: bool

    def __new__(cls, code: str, series: str | None = None, to_bank: bool = False) -> Self:  # noqa: FBT001, FBT002 -- an enumeration's members have no keywords
        """The kind ``code``."""
        kind = str.__new__(cls, code)
        kind._value_ = code
        kind.series = series
        kind.to_bank = to_bank
        return kind

    RECOVERY_NOTICE = "recovery_notice", "稽（待遇）字"
    AUDIT_OPINION = "audit_opinion", "稽（待遇）字"
    STOP_PAYMENT_LETTER = "stop_payment_letter", "稽（止付）字", True
    RELEASE_PAYMENT_LETTER = "release_payment_letter", "稽（解付）字", True
    STOP_WITHDRAWAL_LETTER = "stop_withdrawal_letter", "稽（撤付）字", True
    SUSPENSION_NOTICE = "suspension_notice", "稽（告知）字"
    RESUMPTION_NOTICE = "resumption_notice", "稽（恢复）字"
    DEDUCTION_AGREEMENT = "deduction_agreement", "稽（协议）字"
    REPAYMENT_AGREEMENT = "repayment_agreement", "稽（协议）字"
    ASSISTANCE_REPORT = "assistance_report", "稽（帮扶）字"
    REFERRAL_LETTER = "referral_letter", "稽（移送）字"
    #: 送达回证: attachment of what is served
    SERVICE_RECORD = "service_record"


#: kinds that have a number, a seal and a line in the register
NUMBERED = frozenset(kind for kind in DocumentKind if kind.series is not None)

#: kinds that go to a bank through its own queue
BANK_LETTERS = frozenset(kind for kind in DocumentKind if kind.to_bank)


class DocumentState(StrEnum):
    """Where a numbered document stands; the same word in every table and message."""

    AWAITING_APPROVAL = "awaiting_approval"  # 待签发: waits for an approver
    PLANNED = "planned"  # numbered, data frozen, not sealed yet
    PINNED = "pinned"  # sealed; the bytes are fixed in the ledger, not yet stored
    ARCHIVED = "archived"  # stored; its messages wait in the outbox
    ANNOUNCED = "announced"  # stored and every message about it confirmed by the broker
    FAILED = "failed"  # set aside with an error; an operator may retry it
    VOID = "void"  # 作废: keeps its number, never in force again


class LetterState(StrEnum):
    """Where a stop letter stands between us and the bank."""

    PLANNED = "planned"  # not yet handed to the broker
    SENT = "sent"  # the broker confirmed it
    EXECUTED = "executed"  # the bank's receipt: payment stopped
    REFUSED = "refused"  # the bank's receipt: not executed
    RELEASED = "released"  # a release letter for it exists in force
    WITHDRAWN = "withdrawn"  # a withdrawal letter for it exists in force


_NUMBER = re.compile(rf"([^〔〕]{{1,{limits.SERIES}}})〔([1-9][0-9]{{3}})〕第([1-9][0-9]{{0,8}})号")


@dataclass(frozen=True, kw_only=True, order=True)
class DocumentNumber:
    """A number of the register, e.g. 稽（待遇）字〔2026〕第12号.

    The brackets are 〔〕 (GB/T 9704-2012, 7.2.5), the parentheses full width, no leading zeros;
    第 is the seed document's own form (湘人社规〔2022〕30号, annex 2).
    """

    #: the series with its 字, e.g. 稽（待遇）字
    series: str
    year: int
    #: counts 1, 2, 3 … in its agency, series and year
    seq: int

    def __str__(self) -> str:
        return f"{self.series}〔{self.year}〕第{self.seq}号"

    @classmethod
    def parse(cls, text: str) -> Self:
        """The number that ``text`` writes; ValueError where it is not exactly of this form."""
        match = _NUMBER.fullmatch(text)
        if match is None:
            raise ValueError(f"not a document number: {text!r}")
        return cls(series=match[1], year=int(match[2]), seq=int(match[3]))


class RecipientRole(StrEnum):
    """Whom a document is addressed to."""

    PARTY = "party"
    ADDRESSEE = "addressee"  # an audit opinion's addressee who is not the party
    BANK = "bank"
    RELATIVE = "relative"
    EMPLOYER = "employer"
    COMMUNITY = "community"
    DEBTOR = "debtor"  # 乙方 of an agreement who is not the party
    LABOUR_INSPECTION = "labour_inspection"  # 劳动保障监察
    HR_DEPARTMENT = "hr_department"  # 人力资源和社会保障行政部门
    DISCIPLINE_INSPECTION = "discipline_inspection"  # 纪检监察机关
    POLICE = "police"  # 公安机关
    COURT = "court"  # 人民法院
    BLACKLIST_AUTHORITY = "blacklist_authority"  # 严重失信主体名单的认定部门


class Issuer(StrEnum):
    """Who a document is issued by: whose name, seal and series it bears."""

    AGENCY = "agency"  # 社会保险经办机构
    LABOUR_INSPECTION = "labour_inspection"  # 劳动保障监察机构
    HR_DEPARTMENT = "hr_department"  # 人力资源和社会保障行政部门


#: A document that another one refers to: a document id, or the place (from 0) of a draft in the
#: same decision, which has no id yet.
Reference = str | int


@dataclass(frozen=True, kw_only=True)
class Recipient:
    """Whom a document goes to; ``name`` stays in ledger and letter, never in keys or logs."""

    role: RecipientRole
    name: str | None = None
    #: the bank's CNAPS code, for bank letters only
    bank_code: str | None = None


@dataclass(frozen=True, kw_only=True)
class PlannedDocument:
    """A numbered document with its data frozen: all that rendering needs, and nothing else."""

    document_id: str
    kind: DocumentKind
    agency: str
    case_no: str
    number: DocumentNumber
    issued_on: date
    recipient: Recipient
    issuer: Issuer = Issuer.AGENCY
    #: the draft's data with ``number`` (str) and ``issued_on`` (2026年3月5日) added
    data: Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class PlannedForm:
    """A form that goes out blank with the letter ``document_id``: all that rendering needs."""

    document_id: str
    kind: DocumentKind
    #: whose template it is made from; None: no agency's own
    agency: str | None = None
    #: what is printed on it, as for a letter
    data: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class SealSpot:
    """Where the centre of the official seal goes, in PDF points from the lower left corner."""

    #: 0-based
    page: int
    x: float
    y: float


@dataclass(frozen=True, kw_only=True)
class RenderedPdf:
    """A PDF/A-2b file of one letter, unsealed."""

    content: bytes = field(repr=False)
    pages: int
    seal_at: SealSpot
    #: of the Word file that it was made from, lower-case hex; None for what was made from none
    template_sha256: str | None = None


@dataclass(frozen=True, kw_only=True)
class FormPdf:
    """A PDF/A-2b file of a form that goes out blank with a letter (送达回证); it has no seal."""

    content: bytes = field(repr=False)
    pages: int
    #: as of ``RenderedPdf``
    template_sha256: str | None = None


@dataclass(frozen=True, kw_only=True)
class SealedPdf:
    """A PDF/A-2b file with the agency's signature and seal over every byte."""

    content: bytes = field(repr=False)
    #: lower-case hex of ``content``
    sha256: str
    pages: int
    #: aware; what the signature dictionary's /M says
    sealed_at: datetime
    certificate_subject: str
    #: decimal digits
    certificate_serial: str
    #: reached; below ``level_wanted`` where a server was away, until the archive raises it
    level: SealLevel = SealLevel.B_B
    level_wanted: SealLevel = SealLevel.B_B
    #: aware; when the certificate of the last document time stamp ends; None without one
    stamp_until: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Rendition:
    """A sealed document with what the archive added behind its bytes: a file beside it."""

    content: bytes = field(repr=False)
    #: lower-case hex of ``content``
    sha256: str
    level: SealLevel
    #: aware; when the certificate of its last time stamp ends
    stamp_until: datetime


class AttachmentRole(StrEnum):
    """What a file is to the document that it stands with."""

    SERVICE_RECORD = "service_record"  # 送达回证: blank, made together with what is served
    SIGNED_COPY = "signed_copy"  # a copy signed by hand that came back as a scan


@dataclass(frozen=True, kw_only=True)
class AttachedFile:
    """A file that stands with a numbered document, outside register and seal."""

    role: AttachmentRole
    #: told from the bytes: application/pdf, image/png, image/jpeg or image/tiff
    media_type: str
    content: bytes = field(repr=False)
    #: lower-case hex of ``content``
    sha256: str
    pages: int
    #: the file's own name, cleaned; None for what was made here
    file_name: str | None = None
    #: the name of who brought it; None for what was made here
    brought_by: str | None = None
    #: of the Word file that it was made from, lower-case hex; None for what was brought
    template_sha256: str | None = None


@dataclass(frozen=True, kw_only=True)
class StoredObject:
    """What the archive says of an object that it holds."""

    key: str
    #: the store's own version id; None where the store has none (directory)
    version_id: str | None
    #: lower-case hex
    sha256: str
    #: bytes
    size: int
