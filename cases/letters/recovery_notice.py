"""多领社会保险待遇追缴告知书 (湘人社规〔2022〕30号, annex 1)."""

from decimal import Decimal

from cases.amounts import in_words
from cases.dates import chinese_month
from cases.letters.addresses import in_places
from cases.letters.parts import BLANK, ID_TYPES, SHORT_BLANK, Data, number_told
from cases.money import ZERO, written
from schemas.configuration import Agency
from schemas.events import (
    IdType,
    Installments,
    LumpSum,
    Month,
    MonthlyDeduction,
    OverpaymentConfirmed,
    Promisor,
    Repayment,
)

_TICKED, _EMPTY = "☑", "☐"
_CHOICES: dict[type, str] = {LumpSum: "一", Installments: "二", MonthlyDeduction: "三"}


def recovery_notice(facts: OverpaymentConfirmed, agency: Agency) -> Data:
    """What the form prints; "" or a line to write on where nobody filled a blank."""
    party = facts.party
    return {
        "demo": agency.demo,
        "personal_no": party.personal_no,
        "party_name": party.name,
        "party_id_number": _number_of(party.id_type, party.id_number),
        "party_category": party.category,
        "party_benefit_status": party.benefit_status,
        "facts": facts.facts,
        **_overpayments(facts),
        **_repayment(facts.repayment),
        **_promisor(facts.promisor),
        **in_places(facts.promisor.address if facts.promisor else party.address),
        "account_bank": agency.account.bank_full_name,
        "account_number": agency.account.number,
        "account_holder": agency.account.holder,
        "handler_name": facts.handler.name,
        "handler_phone": facts.handler.phone,
    }


def _overpayments(facts: OverpaymentConfirmed) -> Data:
    total = sum((entry.amount for entry in facts.overpayments), ZERO)
    rows = [
        {
            "benefit": entry.benefit,
            "from": chinese_month(entry.from_),
            "to": chinese_month(entry.to),
            "amount": f"{written(entry.amount)}元",
            "reason": entry.reason or "",
        }
        for entry in facts.overpayments
    ]
    return {
        "overpayments": rows,
        "several": len(rows) > 1,
        "total": f"{written(total)}元",
        "total_words": in_words(total),
    }


def _repayment(repayment: Repayment | None) -> Data:
    """All three ways as the form prints them, the chosen one ticked and filled."""
    lump = repayment if isinstance(repayment, LumpSum) else None
    parts = repayment if isinstance(repayment, Installments) else None
    monthly = repayment if isinstance(repayment, MonthlyDeduction) else None
    return {
        **_mark_and_amount("lump", lump.amount if lump else None),
        **_year_and_month("lump_by", lump.by if lump else None),
        **_mark_and_amount("installments", parts.per_period if parts else None),
        "installments_periods": str(parts.periods) if parts else SHORT_BLANK,
        **_year_and_month("installments_from", parts.from_ if parts else None),
        **_year_and_month("installments_to", parts.to if parts else None),
        **_mark_and_amount("monthly", monthly.per_month if monthly else None),
        **_year_and_month("monthly_from", monthly.from_ if monthly else None),
        **_year_and_month("monthly_to", monthly.to if monthly else None),
        "choice": _CHOICES[type(repayment)] if repayment else SHORT_BLANK,
    }


def _mark_and_amount(prefix: str, amount: Decimal | None) -> Data:
    """The 大写 brings its own 元; a blank keeps the one that the form prints behind it."""
    return {
        f"{prefix}_mark": _EMPTY if amount is None else _TICKED,
        f"{prefix}_amount": BLANK if amount is None else written(amount),
        f"{prefix}_words": BLANK if amount is None else in_words(amount),
        f"{prefix}_words_yuan": "元" if amount is None else "",
    }


def _year_and_month(prefix: str, month: Month | None) -> Data:
    return {
        f"{prefix}_year": str(month.year) if month else SHORT_BLANK,
        f"{prefix}_month": str(month.month) if month else SHORT_BLANK,
    }


def _promisor(promisor: Promisor | None) -> Data:
    second = promisor.second if promisor else None
    return {
        "promisor_name": promisor.name if promisor else "",
        "promisor_phone": promisor.phone if promisor else "",
        "promisor_id_number": (
            _number_of(promisor.id_type, promisor.id_number) if promisor else ""
        ),
        "promisor_relation": promisor.relation if promisor else "",
        "second_phone": second.phone if second else "",
        "second_id_number": (
            _number_of(promisor.id_type, second.id_number) if promisor and second else ""
        ),
    }


def _number_of(id_type: IdType, id_number: str) -> str:
    """The number as it stands under the form's 公民身份证号码（社会保障号）.

    That of another document is said to be one: 护照：E12345678.
    """
    if id_type is IdType.RESIDENT_ID or not number_told(id_number):
        return id_number
    return f"{ID_TYPES[id_type]}：{id_number}"
