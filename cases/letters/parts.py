"""What several letters print: the agency at the foot, the account, names, blanks."""

import unicodedata
from typing import Any

from schemas.configuration import Agency
from schemas.events import AccountType, BenefitCard, IdType, OverpaymentConfirmed, Party

#: what a letter prints: finished strings, booleans, lists of such mappings
Data = dict[str, Any]

#: room to write by hand where nobody filled a blank; templates underline it. Ideographic spaces:
#: a line is not broken between them, and they are drawn in the letter's own font
BLANK = "\u3000" * 5
#: the same for a year, a month, a count
SHORT_BLANK = "\u3000" * 3
#: full-width characters that fit centred over a date which stands four characters in
_NARROW_SIGNATURE = 14

ID_TYPES: dict[IdType, str] = {
    IdType.RESIDENT_ID: "居民身份证",
    IdType.HMT_RESIDENCE_PERMIT: "港澳台居民居住证",
    IdType.HMT_TRAVEL_PERMIT: "来往内地通行证",
    IdType.FOREIGN_PERMANENT_RESIDENT: "外国人永久居留身份证",
    IdType.PASSPORT: "护照",
    IdType.OTHER: "其他证件",
}
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


def is_wide(signature: str) -> bool:
    """Whether ``signature`` is too long to be centred over a date four characters in."""
    halves = sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in signature)
    return halves > 2 * _NARROW_SIGNATURE


def imprint(agency: Agency) -> Data:
    """Agency, whom to ask, and whether the letter is a demonstration."""
    return {
        "agency_name": agency.name,
        "signature_wide": is_wide(agency.name),
        "contact_person": agency.contact.person,
        "contact_phone": agency.contact.phone,
        "contact_address": agency.contact.address,
        "demo": agency.demo,
    }


def identity(party: Party) -> Data:
    """The party's name and whole number, for those who must know him: bank and himself."""
    return {
        "party_name": party.name,
        "party_id_type": ID_TYPES[party.id_type],
        "party_id_number": party.id_number,
    }


def account(card: BenefitCard) -> Data:
    """The card or passbook, and the bank that a letter about it goes to."""
    return {
        "bank_name": card.bank_name,
        "account_name": card.account_name,
        "account_number": card.account_number,
        "account_type": ACCOUNT_TYPES[card.account_type],
    }
