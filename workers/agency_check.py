"""One agency's settings, looked at before its first letter: what is wrong, and what to do."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from schemas.codes import Problem
from schemas.configuration import Agency, AgencyContact, Directory
from schemas.documents import NUMBERED, Issuer
from schemas.errors import CannotSeal, Misconfigured
from schemas.sentence import Sentence
from signing.fonts import find_fonts
from signing.registered import seal_of
from workers.clock import Clock
from workers.sealing import SealRoom, warning_of

#: digits of an account number, as in the contract
_ACCOUNT = re.compile(r"[0-9]{8,32}")
#: a telephone number as it is printed: digits, and what groups them
_PHONE = re.compile(r"\+?[0-9][0-9 ()（）-]{5,24}(转[0-9]{1,6})?")
#: a series: something, then 字 (GB/T 9704-2012, 7.2.5: 发文机关代字), no brackets, no blanks
_SERIES = re.compile(r"[^〔〕\s]{1,39}字")
#: what samples and half-filled forms leave in a value
_PLACEHOLDER = re.compile(r"…|\.\.\.|某某|XX|××|待填|TODO", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Finding:
    """Something that an operator should mend; one of a pair of sentences for each language."""

    #: where: a dotted name in the directory's file
    setting: str
    detail: str
    detail_en: str
    advice: str
    advice_en: str


def check_agency(
    agency: Agency, directory: Directory, seals: SealRoom, *, clock: Clock
) -> list[Finding]:
    """Everything in the agency's settings that does not look right; [] where all does.

    Raises nothing: an agency that cannot write letters does not hide what is wrong with others.
    """
    return [
        *_seals(agency, seals, clock),
        *_account(agency),
        *_contacts(agency),
        *_series(agency),
        *_sources(agency, directory),
    ]


def unmatched(directory: Directory, bank_codes: list[str]) -> list[Finding]:
    """Banks that letters were addressed to and that no bank of the directory is."""
    missing = [code for code in bank_codes if directory.bank_of(code) is None]
    if not missing:
        return []
    codes = "、".join(missing)
    return [
        Finding(
            setting="banks.codes",
            detail=f"没有对应的银行：{codes}",
            detail_en=f"no bank has the codes {', '.join(missing)}",
            advice="在 [[banks]] 中补上这些银行；它们的信在 letters.unassigned",
            advice_en="add these banks to [[banks]]; their letters are in letters.unassigned",
        )
    ]


def _seals(agency: Agency, seals: SealRoom, clock: Clock) -> Iterator[Finding]:
    for issuer in Issuer:
        if agency.writes_as(issuer):
            place = "seal" if issuer is Issuer.AGENCY else f"{issuer.value}.seal"
            drawn = [*_tried(f"{place}.name", partial(_draw, agency, issuer))]
            # a seal that cannot be drawn is told once, and not as a trouble of the key too
            yield from drawn or _key(agency, issuer, f"{place}.key_file", seals, clock)


def _draw(agency: Agency, issuer: Issuer) -> None:
    seal_of(agency.sealing_as(issuer), find_fonts())


def _key(
    agency: Agency, issuer: Issuer, setting: str, seals: SealRoom, clock: Clock
) -> Iterator[Finding]:
    found = seals.condition(agency, issuer, clock())
    problem = found.problem or _trial(agency, issuer, seals)
    if problem is not None:
        yield Finding(
            setting=setting,
            detail=problem.message,
            detail_en=problem.message_en,
            advice="改正所说的设置；等待的文书随后自动用印",
            advice_en="mend the setting that it names; what waits is sealed by itself then",
        )
        return
    left = warning_of(found, clock())
    if left is not None:
        yield Finding(
            setting=setting,
            detail=f"证书还有 {left} 天到期",
            detail_en=f"the certificate ends in {left} days",
            advice="申请新证书，用 hanyin keys import 存好",
            advice_en="order a new one and store it with `hanyin keys import`",
        )


def _trial(agency: Agency, issuer: Issuer, seals: SealRoom) -> Problem | None:
    """Why a blank page that the key seals is not found genuine; None where it is."""
    try:
        seals.require_trial(agency.code, issuer)
    except CannotSeal as error:
        return error.problem
    return None


def _account(agency: Agency) -> Iterator[Finding]:
    account = agency.account
    if _ACCOUNT.fullmatch(account.number) is None:
        yield Finding(
            setting="account.number",
            detail="不是 8 至 32 位数字",
            detail_en="it is not 8 to 32 digits",
            advice="填写收款账号，不带空格和横线",
            advice_en="write the account's digits, without spaces and dashes",
        )
    if not any(word in account.bank_full_name for word in ("银行", "信用社", "信用合作")):
        yield _suspect("account.bank_full_name", account.bank_full_name)
    for name in ("bank_full_name", "holder", "audit_bank", "audit_branch"):
        yield from _filled(f"account.{name}", getattr(account, name), demo=agency.demo)


def _contacts(agency: Agency) -> Iterator[Finding]:
    yield from _contact("contact", agency.contact, demo=agency.demo)
    for issuer in Issuer:
        body = agency.body_of(issuer)
        if body is not None and body.contact is not None:
            yield from _contact(f"{issuer.value}.contact", body.contact, demo=agency.demo)


def _contact(place: str, contact: AgencyContact, *, demo: bool) -> Iterator[Finding]:
    if _PHONE.fullmatch(contact.phone) is None:
        yield _suspect(f"{place}.phone", contact.phone)
    for name in ("person", "address"):
        yield from _filled(f"{place}.{name}", getattr(contact, name), demo=demo)


def _series(agency: Agency) -> Iterator[Finding]:
    names = {f"series.{kind.value}": agency.series_of(kind) for kind in sorted(NUMBERED)}
    bodies = {
        f"{issuer.value}.series": body.series
        for issuer in Issuer
        if (body := agency.body_of(issuer)) is not None
    }
    for setting, name in {**names, **bodies}.items():
        if _SERIES.fullmatch(name) is None:
            yield Finding(
                setting=setting,
                detail=f"“{name}”不像字号",
                detail_en=f"{name!r} does not look like a series",
                advice="写成以“字”结尾，不带括号〔〕和空格，如 稽（待遇）字",
                advice_en="let it end in 字, without 〔〕 and blanks, e.g. 稽（待遇）字",
            )
    for setting, name in bodies.items():
        if [*set(names.values()), *bodies.values()].count(name) > 1:
            yield Finding(
                setting=setting,
                detail=f"“{name}”与别的字号相同",
                detail_en=f"{name!r} is another body's series too",
                advice="每个机构用自己的字号",
                advice_en="give each body a series of its own",
            )


def _sources(agency: Agency, directory: Directory) -> Iterator[Finding]:
    if not any(agency.code in source.agencies for source in directory.sources):
        yield Finding(
            setting="sources.agencies",
            detail="没有来源可以为它发布事件",
            detail_en="no source may publish events for it",
            advice="在某个 [[sources]] 的 agencies 中写上它的代码",
            advice_en="name its code in the agencies of a [[sources]] block",
        )


def _filled(setting: str, value: str, *, demo: bool) -> Iterator[Finding]:
    """An invented agency may keep invented values."""
    if not value.strip() or (_PLACEHOLDER.search(value) and not demo):
        yield _suspect(setting, value)


def _suspect(setting: str, value: str) -> Finding:
    return Finding(
        setting=setting,
        detail=f"“{value}”不像真实的值",
        detail_en=f"{value!r} does not look like a true value",
        advice="填写真实的值；它会印在文书上",
        advice_en="write the true value; it is printed on letters",
    )


def _wrong(setting: str, reason: Sentence) -> Finding:
    return Finding(
        setting=setting,
        detail=reason.zh,
        detail_en=reason.en,
        advice="改正所说的设置",
        advice_en="mend the setting that it names",
    )


def _tried(setting: str, attempt: Callable[[], None]) -> Iterator[Finding]:
    try:
        attempt()
    except Misconfigured as error:
        yield _wrong(setting, error.sentence)
