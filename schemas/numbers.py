"""Numbers with a check: resident ID (GB 11643), bank code (CNAPS), bank card (Luhn)."""

import re
from datetime import date
from typing import Annotated

from pydantic import BeforeValidator, WithJsonSchema
from stdnum import luhn
from stdnum.cn import ric
from stdnum.iso7064 import mod_11_10

from schemas import limits
from schemas.documents import DocumentNumber
from schemas.fields import clean_text, fault

_RESIDENT_ID = re.compile(r"[0-9]{17}[0-9X]", re.ASCII)
_OLD_RESIDENT_ID = re.compile(r"[0-9]{15}", re.ASCII)
_BANK_CODE = re.compile(f"[0-9]{{{limits.BANK_CODE}}}", re.ASCII)
#: characters of an account number that may be shown
_SHOWN = 4


def resident_id_faults(number: str) -> list[str]:
    """The codes of everything that is wrong with a resident ID number; empty where it is right."""
    if _OLD_RESIDENT_ID.fullmatch(number):
        return ["id_number_15"]
    if _RESIDENT_ID.fullmatch(number) is None:
        return ["id_number_format"]
    faults = []
    if not _is_date(number[6:14]):
        faults.append("id_birth_date")
    if number[-1] != ric.calc_check_digit(number):
        faults.append("id_number_check")
    return faults


def _is_date(digits: str) -> bool:
    try:
        date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return True


def passes_luhn(card_number: str) -> bool:
    """Whether a card number's last digit fits (ISO/IEC 7812-1, annex B)."""
    return bool(luhn.is_valid(card_number))


def masked(account_number: str) -> str:
    """An account number as it may be shown: ``****9014``."""
    return "****" + account_number[-_SHOWN:]


def _bank_code(value: object) -> str:
    text = clean_text(value, longest=limits.KEY)
    if _BANK_CODE.fullmatch(text) is None:
        raise fault("bank_code_format")
    if not mod_11_10.is_valid(text):
        raise fault("bank_code_check")
    return text


def _document_number(value: object) -> str:
    text = clean_text(value, longest=limits.KEY)
    try:
        DocumentNumber.parse(text)
    except ValueError:
        raise fault("document_number_format") from None
    return text


#: 12 digits, the last by ISO 7064 MOD 11,10
BankCode = Annotated[
    str,
    BeforeValidator(_bank_code),
    WithJsonSchema({"type": "string", "pattern": f"^{_BANK_CODE.pattern}$"}),
]
#: a number of the register as it is printed
NumberText = Annotated[
    str,
    BeforeValidator(_document_number),
    WithJsonSchema(
        {"type": "string", "pattern": "^[^〔〕]{1,40}〔[1-9][0-9]{3}〕第[1-9][0-9]{0,8}号$"}
    ),
]
