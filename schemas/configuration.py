"""What an installation is told about agencies, banks and sources (``config/``)."""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, IPvAnyNetwork, model_validator

from schemas import limits
from schemas.documents import DocumentKind, DocumentState, Issuer
from schemas.levels import SealLevel
from schemas.model_faults import InvalidEntry
from schemas.referrals import ReferralTarget

_STRICT = ConfigDict(extra="forbid", frozen=True)

#: a number series with its 字
Series = Annotated[str, Field(pattern=rf"^[^〔〕]{{1,{limits.SERIES}}}$")]

DEFAULT_SERIES: dict[DocumentKind, str] = {
    kind: kind.series for kind in DocumentKind if kind.series is not None
}

#: who refers a case to whom (contract, ``case.referred``)
REFERRED_BY: dict[ReferralTarget, Issuer] = {
    ReferralTarget.LABOUR_INSPECTION: Issuer.AGENCY,
    ReferralTarget.HR_DEPARTMENT: Issuer.AGENCY,
    ReferralTarget.DISCIPLINE_INSPECTION: Issuer.AGENCY,
    ReferralTarget.POLICE: Issuer.LABOUR_INSPECTION,
    ReferralTarget.COURT: Issuer.HR_DEPARTMENT,
    ReferralTarget.BLACKLIST_AUTHORITY: Issuer.HR_DEPARTMENT,
}

#: what a referral rests on, by receiver (article 44 for labour inspection, the seed document and
#: the rules it names for the others); an agency may set its own
DEFAULT_REFERRAL_BASES: dict[ReferralTarget, str] = {
    ReferralTarget.LABOUR_INSPECTION: "《社会保险经办条例》第四十四条",
    ReferralTarget.HR_DEPARTMENT: "《社会保险经办条例》第四十四条",
    ReferralTarget.DISCIPLINE_INSPECTION: "湘人社规〔2022〕30号文件第四部分第（二）项",
    ReferralTarget.POLICE: "湘人社规〔2022〕30号文件第三部分第（四）项",
    ReferralTarget.COURT: "湘人社规〔2022〕30号文件第三部分第（四）项",
    ReferralTarget.BLACKLIST_AUTHORITY: "《社会保险领域严重失信人名单管理暂行办法》",
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


class TimeStampServer(BaseModel):
    """A time stamp authority (RFC 3161 over HTTP)."""

    model_config = _STRICT

    url: Annotated[str, Field(pattern=r"^https?://[^\s]+$")]
    #: seconds that one answer may take, from the first byte sent to the last one read
    seconds: Annotated[float, Field(gt=0, le=60)] = 5
    #: for HTTP basic authentication; with ``password_file``
    user: str | None = None
    password_file: str | None = None
    #: PEM file with the authority that signed the server's own certificate (https)
    ca_file: str | None = None


class Pkcs11Key(BaseModel):
    """A key in a hardware module; the token is found by its label, the key by label or id."""

    model_config = _STRICT

    #: the module's shared library
    module: str
    token: str
    label: str | None = None
    #: the key's CKA_ID, hexadecimal
    id: Annotated[str | None, Field(pattern=r"^([0-9A-Fa-f]{2})+$")] = None
    #: file whose first line is the user PIN
    pin_file: str | None = None
    #: or the environment variable that holds it
    pin_variable: Annotated[str | None, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")] = None

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if (self.label is None) == (self.id is None):
            raise InvalidEntry(
                "请用 label 或 id 之一指明密钥", "name the key by label or by id, one of them"
            )
        if (self.pin_file is None) == (self.pin_variable is None):
            raise InvalidEntry(
                "请设置 pin_file 或 pin_variable 之一", "set pin_file or pin_variable, one of them"
            )
        return self


class RemoteSigner(BaseModel):
    """A server that signs digests and never sees a letter (docs/sealing.md has its protocol)."""

    model_config = _STRICT

    url: Annotated[str, Field(pattern=r"^https?://[^\s]+$")]
    #: the server's name for the key
    key: str
    #: file whose first line is the bearer token
    token_file: str | None = None
    #: PEM file with the authority that signed the server's certificate (https)
    ca_file: str | None = None
    #: seconds that one answer may take
    seconds: Annotated[float, Field(gt=0, le=60)] = 5


class SealSettings(BaseModel):
    """The agency's seal (国发〔1999〕25号, art. 13 and 14: at most 45 mm, a star)."""

    model_config = _STRICT

    #: the name along the arc; default: the agency's full name
    name: str | None = None
    diameter_mm: Annotated[float, Field(gt=20, le=45)] = 42.0
    #: PDF, SVG or PNG of the registered seal, drawn ``diameter_mm`` wide instead of the arc
    image_file: str | None = None

    #: PKCS#12 or PEM file of the agency's key; without any key the demo's is used
    key_file: str | None = None
    #: file that holds the pass phrase of ``key_file``
    key_passphrase_file: str | None = None
    #: PEM file with the certificate and those above it, where the key comes without them
    certificate_file: str | None = None
    pkcs11: Pkcs11Key | None = None
    remote: RemoteSigner | None = None
    #: what the certificate's subject must name, one of them; default: the agency's name, the seal's
    certificate_names: list[str] = []

    #: PAdES baseline level that letters are sealed at
    level: SealLevel = SealLevel.B_B
    #: level that is still allowed where time stamp servers or responders are away
    lowest_level: SealLevel = SealLevel.B_B
    #: tried in this order
    time_stamp_servers: list[TimeStampServer] = []
    #: before sealing, the certificate's OCSP responder or CRL: ask (and go on where it is away),
    #: demand an answer, or off
    revocation: Literal["ask", "demand", "off"] = "ask"
    #: networks that are not public and hold servers that are spoken to for this seal: whose names
    #: the settings have, or whose URLs a certificate has (OCSP, CRL)
    private_networks: list[IPvAnyNetwork] = []

    @property
    def has_key(self) -> bool:
        """True where the agency has a key of its own."""
        return any((self.key_file, self.pkcs11, self.remote))

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if sum(part is not None for part in (self.key_file, self.pkcs11, self.remote)) > 1:
            raise InvalidEntry(
                "请只设置 key_file、pkcs11、remote 之一", "set one of key_file, pkcs11 and remote"
            )
        if self.remote is not None and self.certificate_file is None:
            raise InvalidEntry(
                "remote 需要 certificate_file", "a remote signer needs certificate_file"
            )
        if not self.level.reaches(self.lowest_level):
            raise InvalidEntry("lowest_level 高于 level", "lowest_level is higher than level")
        if self.level is not SealLevel.B_B and not self.time_stamp_servers:
            raise InvalidEntry(
                f"级别 {self.level} 需要 time_stamp_servers",
                f"level {self.level} needs time_stamp_servers",
            )
        return self


class Body(BaseModel):
    """A body beside the agency that refers cases further on: its own name, seal and series."""

    model_config = _STRICT

    name: str  #: full name, as in the 落款 and as an addressee
    #: the series of its referral letters; none of the agency's own
    series: Series
    #: whom the receiver may ask; None: the agency's contact
    contact: AgencyContact | None = None
    seal: SealSettings = SealSettings()


class Agency(BaseModel):
    """社会保险经办机构: its name, account and seal stand on every letter."""

    model_config = _STRICT

    code: Annotated[str, Field(pattern=rf"^[0-9]{{{limits.AGENCY}}}$")]
    name: str  #: full name, as in the 落款
    audit_name: str  #: annex 2: what stands before 社会保险（就业）服务中心
    account: AgencyAccount
    contact: AgencyContact
    seal: SealSettings = SealSettings()
    #: series by kind of document, where it is not the default
    series: dict[DocumentKind, Series] = {}
    #: 人力资源和社会保障行政部门 of the same level: reports go to it, it refers cases to courts
    hr_department: Body | None = None
    #: 劳动保障监察机构 of the same level: refers cases to the police
    labour_inspection: Body | None = None
    #: 签发人, printed on reports to the superior (GB/T 9704-2012, 7.2.6)
    signatory: str | None = None
    #: what referrals rest on, by receiver, where it is not the default
    referral_bases: dict[ReferralTarget, str] = {}
    #: 复议机关 of the agency's decisions, printed in the remedies (行政复议法, art. 24)
    reconsideration_body: str = "本级人民政府"
    #: 人民法院 that hears complaints against them, printed there too
    court: str = "有管辖权的人民法院"
    #: whether annex 2, whose form has none, tells of remedies
    remedies_in_opinion: bool = True
    #: kinds that wait for an approver (签发) before they are made; "all": every kind
    approval: Literal["all"] | frozenset[DocumentKind] = frozenset()
    #: years that documents are kept (社会保险业务档案管理规定 附表 九(一): 30)
    retention_years: Annotated[int, Field(ge=10, le=100)] = 30
    #: working days in which a bank sends the receipt back
    receipt_days: Annotated[int, Field(ge=1, le=60)] = 3
    #: days in which a notice is to be served on its recipient, from the day it was archived
    service_days: Annotated[int, Field(ge=1, le=365)] = 10
    #: an invented agency: every letter says DEMO
    demo: bool = False

    def series_of(self, kind: DocumentKind, issuer: Issuer = Issuer.AGENCY) -> str:
        """The series that ``kind`` draws its numbers from; KeyError for what has no number."""
        body = self.body_of(issuer)
        return body.series if body else self.series.get(kind, DEFAULT_SERIES[kind])

    def body_of(self, issuer: Issuer) -> Body | None:
        """The body that ``issuer`` is; None for the agency itself, and where none is configured."""
        return {
            Issuer.HR_DEPARTMENT: self.hr_department,
            Issuer.LABOUR_INSPECTION: self.labour_inspection,
        }.get(issuer)

    def first_state(self, kind: DocumentKind) -> DocumentState:
        """Where a document of ``kind`` begins: it is made at once, or waits for an approver."""
        waits = self.approval == "all" or kind in self.approval
        return DocumentState.AWAITING_APPROVAL if waits else DocumentState.PLANNED

    def sealing_as(self, issuer: Issuer) -> "Agency":
        """The agency with the name and the seal that letters of ``issuer`` bear.

        KeyError where it has no such body.
        """
        if issuer is Issuer.AGENCY:
            return self
        body = self.body_of(issuer)
        if body is None:
            raise KeyError(issuer)
        return self.model_copy(update={"name": body.name, "seal": body.seal})

    def writes_as(self, issuer: Issuer) -> bool:
        """Whether letters of ``issuer`` can be written here."""
        return issuer is Issuer.AGENCY or self.body_of(issuer) is not None

    def referral_basis(self, to: ReferralTarget) -> str:
        """What a referral to ``to`` rests on."""
        return self.referral_bases.get(to, DEFAULT_REFERRAL_BASES[to])


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
    #: the RabbitMQ user that it publishes as; the embedded broker has no users
    user: str | None = None
    #: any RabbitMQ user may publish as this source; without it, RabbitMQ needs ``user``
    anonymous: bool = False

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if self.anonymous and self.user is not None:
            raise InvalidEntry("user 和 anonymous 只能设置一个", "set user or anonymous, not both")
        return self


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

    def bank_of_user(self, user: str | None) -> Bank | None:
        """The bank whose RabbitMQ user ``user`` is; None where it is no bank's."""
        return next((bank for bank in self.banks if user is not None and bank.user == user), None)

    def unguarded(self) -> list[Source]:
        """The sources that nobody stands for on RabbitMQ: without a user, and not anonymous."""
        return [source for source in self.sources if not (source.user or source.anonymous)]

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
