"""What an installation is told about agencies, banks and sources (``config/``)."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from schemas.documents import DocumentKind

_STRICT = ConfigDict(extra="forbid", frozen=True)

DEFAULT_SERIES: dict[DocumentKind, str] = {
    DocumentKind.RECOVERY_NOTICE: "稽（待遇）字",
    DocumentKind.AUDIT_OPINION: "稽（待遇）字",
    DocumentKind.STOP_PAYMENT_LETTER: "稽（止付）字",
    DocumentKind.RELEASE_PAYMENT_LETTER: "稽（解付）字",
    DocumentKind.STOP_WITHDRAWAL_LETTER: "稽（撤付）字",
    DocumentKind.SUSPENSION_NOTICE: "稽（告知）字",
    DocumentKind.RESUMPTION_NOTICE: "稽（恢复）字",
}


class AgencyAccount(BaseModel):
    """The account that overpaid benefits are paid back to."""

    model_config = _STRICT

    bank_full_name: str  #: 开户银行全称 (annex 1)
    number: str  #: 银行账号
    holder: str  #: 开户名全称
    audit_bank: str  #: annex 2: what stands before 银行
    audit_branch: str  #: annex 2: what stands before 支行营业部


class AgencyContact(BaseModel):
    """Whom a bank, a party or an employer may ask."""

    model_config = _STRICT

    person: str
    phone: str
    address: str


class SealSettings(BaseModel):
    """The agency's seal (国发〔1999〕25号, art. 13 and 14: at most 45 mm, a star)."""

    model_config = _STRICT

    #: the name along the arc; default: the agency's full name
    name: str | None = None
    diameter_mm: Annotated[float, Field(gt=20, le=45)] = 42.0
    #: PKCS#12 file of the agency's key; None: the demo authority issues one
    key_file: str | None = None
    #: file that holds the pass phrase of ``key_file``
    key_passphrase_file: str | None = None


class Agency(BaseModel):
    """社会保险经办机构: its name, account and seal stand on every letter."""

    model_config = _STRICT

    code: Annotated[str, Field(pattern=r"^[0-9]{6}$")]
    name: str  #: full name, as in the 落款
    audit_name: str  #: annex 2: what stands before 社会保险（就业）服务中心
    account: AgencyAccount
    contact: AgencyContact
    seal: SealSettings = SealSettings()
    #: series by kind of document, where it is not the default
    series: dict[DocumentKind, str] = {}
    #: years that documents are kept (社会保险业务档案管理规定 附表 九(一): 30)
    retention_years: Annotated[int, Field(ge=10, le=100)] = 30
    #: working days in which a bank sends the receipt back
    receipt_days: Annotated[int, Field(ge=1, le=60)] = 3
    #: days in which a notice is to be served on its recipient, from the day it was archived
    service_days: Annotated[int, Field(ge=1, le=365)] = 10
    #: an invented agency: every letter says DEMO
    demo: bool = False

    def series_of(self, kind: DocumentKind) -> str:
        """The series that ``kind`` draws its numbers from."""
        return self.series.get(kind, DEFAULT_SERIES[kind])


class Bank(BaseModel):
    """A bank that letters go to; ``name`` is the routing key and queue name, so Latin and short."""

    model_config = _STRICT

    name: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,30}$")]
    #: bank codes (CNAPS): a prefix of 3 digits and more, or all 12
    codes: list[Annotated[str, Field(pattern=r"^[0-9]{3,12}$")]]
    #: the RabbitMQ user that reads this bank's queue and may answer for it
    user: str | None = None


class Source(BaseModel):
    """Who may publish events, and for which agencies."""

    model_config = _STRICT

    slug: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,40}$")]
    #: the CloudEvents source, exact or ending in ``*``
    source: str
    agencies: list[str]
    #: the RabbitMQ user that it publishes as; None: any
    user: str | None = None


class Directory(BaseModel):
    """All agencies, banks and sources of the installation."""

    model_config = _STRICT

    agencies: list[Agency]
    banks: list[Bank]
    sources: list[Source]

    def agency(self, code: str) -> Agency | None:
        """The agency ``code``, or None."""
        return next((agency for agency in self.agencies if agency.code == code), None)

    def bank_of(self, bank_code: str) -> Bank | None:
        """The bank with the longest matching code; None where no bank matches."""
        matches = [
            (len(code), bank)
            for bank in self.banks
            for code in bank.codes
            if bank_code.startswith(code)
        ]
        return max(matches, key=lambda match: match[0])[1] if matches else None

    def source_of(self, source: str) -> Source | None:
        """The configured source that ``source`` is, exact before wildcard; None where unknown."""
        exact = next((entry for entry in self.sources if entry.source == source), None)
        if exact is not None:
            return exact
        wild = [
            entry
            for entry in self.sources
            if entry.source.endswith("*") and source.startswith(entry.source[:-1])
        ]
        return max(wild, key=lambda entry: len(entry.source), default=None)
