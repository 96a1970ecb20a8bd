"""What several letters print: the agency at the foot, the account, names, blanks."""

from decimal import Decimal
from typing import Any

from cases.amounts import in_words
from cases.dates import chinese_month
from cases.letters.signature import signed
from cases.money import ZERO, written
from schemas.configuration import Agency
from schemas.documents import Issuer
from schemas.events import AccountType, BenefitCard, IdType, OverpaymentConfirmed, Party

#: what a letter prints: finished strings, booleans, lists of such mappings
Data = dict[str, Any]

#: room to write by hand where nobody filled a blank; templates underline it. Ideographic spaces:
#: a line is not broken between them, and they are drawn in the letter's own font
BLANK = "\u3000" * 5
#: the same for a year, a month, a count
SHORT_BLANK = "\u3000" * 3

ID_TYPES: dict[IdType, str] = {
    IdType.RESIDENT_ID: "居民身份证",
    IdType.HMT_RESIDENCE_PERMIT: "港澳台居民居住证",
    IdType.HMT_TRAVEL_PERMIT: "来往内地通行证",
    IdType.FOREIGN_PERMANENT_RESIDENT: "外国人永久居留身份证",
    IdType.PASSPORT: "护照",
    IdType.OTHER: "其他证件",
}
#: what stands for a number of a document that somebody has none of
_NO_NUMBER = frozenset({"", "无", "暂无", "没有", "不详", "未知", "-", "—", "——", "/"})
ACCOUNT_TYPES: dict[AccountType, str] = {AccountType.CARD: "卡", AccountType.PASSBOOK: "折"}


def joined(names: list[str]) -> str:
    """``names``, each once and in their order, with 、 between them."""
    return "、".join(dict.fromkeys(names))


def benefits(facts: OverpaymentConfirmed) -> str:
    """All overpaid benefits of the case."""
    return joined([entry.benefit for entry in facts.overpayments])


def lost_benefits(facts: OverpaymentConfirmed) -> str:
    """The benefits whose entitlement was lost."""
    return joined([entry.benefit for entry in facts.overpayments if entry.entitlement_lost])


def pointing_at(benefits_told: str) -> str:
    """该项 after one benefit, 上述 after several, as ``joined`` has them."""
    return "上述" if "、" in benefits_told else "该项"


def number_told(id_number: str) -> str:
    """``id_number``, "" where it says that there is none: letters leave out its brackets then."""
    return "" if id_number.strip() in _NO_NUMBER else id_number


def remedies(agency: Agency, called: str) -> str:
    """What somebody can do against a letter ``called`` so (行政复议法 20, 行政诉讼法 46)."""
    return (
        f"如不服本{called}，可自收到之日起60日内向{agency.reconsideration_body}申请行政复议，"
        f"或者自收到之日起6个月内依法向{agency.court}提起行政诉讼。"
    )


def imprint(agency: Agency, issuer: Issuer = Issuer.AGENCY) -> Data:
    """The foot of a letter: what ``issuing`` says, and how the signature is placed."""
    issued = issuing(agency, issuer)
    return {**issued, **signed(issued["agency_name"])}


def issuing(agency: Agency, issuer: Issuer = Issuer.AGENCY) -> Data:
    """Who issues, whom to ask, and whether the letter is a demonstration.

    A body without a contact of its own is asked through the agency.
    """
    body = agency.body_of(issuer)
    contact = (body and body.contact) or agency.contact
    return {
        "agency_name": body.name if body else agency.name,
        "contact_person": contact.person,
        "contact_phone": contact.phone,
        "contact_address": contact.address,
        "demo": agency.demo,
    }


def identity(party: Party) -> Data:
    """The party's name and whole number, for those who must know him: bank and himself."""
    return {
        "party_name": party.name,
        "party_id_type": ID_TYPES[party.id_type],
        "party_id_number": number_told(party.id_number),
    }


def balance(facts: OverpaymentConfirmed, recovered: Decimal) -> Data:
    """What was overpaid in all, what of it came back, what is outstanding."""
    total = sum((entry.amount for entry in facts.overpayments), ZERO)
    return {
        **in_both("overpaid", total),
        "none_recovered": recovered == ZERO,
        "recovered": written(recovered),
        **in_both("outstanding", total - recovered),
    }


def periods(facts: OverpaymentConfirmed) -> list[Data]:
    """A row for each overpaid benefit: what, from when to when, how much."""
    return [
        {
            "benefit": entry.benefit,
            "from": chinese_month(entry.from_),
            "to": chinese_month(entry.to),
            "amount": written(entry.amount),
        }
        for entry in facts.overpayments
    ]


def in_both(name: str, amount: Decimal) -> Data:
    """``amount`` under ``name`` in figures and as ``<name>_words`` in 大写."""
    return {name: written(amount), f"{name}_words": in_words(amount)}


def account(card: BenefitCard) -> Data:
    """The card or passbook, and the bank that a letter about it goes to."""
    return {
        "bank_name": card.bank_name,
        "account_name": card.account_name,
        "account_number": card.account_number,
        "account_type": ACCOUNT_TYPES[card.account_type],
    }
