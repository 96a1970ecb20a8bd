"""抵扣协议 and 还款协议 (湘人社规〔2022〕30号, 三（二）)."""

from decimal import ROUND_DOWN, Decimal

from cases.dates import chinese_month
from cases.letters.addresses import one_line
from cases.letters.parts import (
    BLANK,
    ID_TYPES,
    Data,
    benefits,
    identity,
    in_both,
    issuing,
    number_told,
    remedies,
)
from cases.money import written
from cases.schedules import Instalment, schedule
from schemas.benefits import is_paid_once
from schemas.configuration import Agency
from schemas.events import OverpaymentConfirmed
from schemas.people import SELF
from schemas.steps import AgreementBasis, AgreementReached

#: what stands in the place of a number before the monthly instalments
_PERSONAL_ACCOUNT = "个人账户"
_PERCENT = Decimal("0.01")


def deduction_agreement(
    facts: OverpaymentConfirmed, agreed: AgreementReached, agency: Agency
) -> Data:
    """抵扣协议 to be signed; the caller adds ``notice_number``, "" where there is no notice.

    ValueError where it is not said what is deducted from (the contract asks for it).
    """
    if agreed.benefit is None or agreed.monthly_benefit is None:
        raise ValueError("a deduction agreement needs benefit and monthly_benefit")
    return {
        **_agreement(facts, agreed, agency),
        "by_notice": agreed.basis is AgreementBasis.NOTICE,
        "benefit": agreed.benefit,
        "monthly_benefit": written(agreed.monthly_benefit),
        "share": share(agreed.per_month, agreed.monthly_benefit),
        **_once(agreed),
    }


def repayment_agreement(
    facts: OverpaymentConfirmed, agreed: AgreementReached, agency: Agency
) -> Data:
    """还款协议 to be signed; the caller adds ``notice_number``, "" where there is no notice."""
    return {
        **_agreement(facts, agreed, agency),
        "account_bank": agency.account.bank_full_name,
        "account_number": agency.account.number,
        "account_holder": agency.account.holder,
    }


def _once(agreed: AgreementReached) -> Data:
    """What is deducted from a benefit that is paid once (丧葬补助金): it knows no months."""
    if not is_paid_once(agreed.benefit or ""):
        return {"one_off": False, "once": "", "once_words": ""}
    return {"one_off": True, **in_both("once", schedule(agreed)[-1].amount)}


def share(amount: Decimal, whole: Decimal) -> str:
    """How many percent of ``whole`` are ``amount``: ``49.36``.

    Cut off, not rounded: what is under the least share of 20 % must not read as 20.00.
    """
    return f"{(100 * amount / whole).quantize(_PERCENT, ROUND_DOWN):f}"


def _agreement(facts: OverpaymentConfirmed, agreed: AgreementReached, agency: Agency) -> Data:
    account = agreed.from_personal_account
    return {
        **issuing(agency),
        **identity(facts.party),
        **_debtor(facts, agreed),
        "remedies": remedies(agency, "协议"),
        "facts": facts.facts,
        "benefits": benefits(facts),
        **in_both("total", agreed.total),
        "from_account": account is not None,
        "account_amount": written(account) if account is not None else "",
        **in_both("per_month", agreed.per_month),
        "from_month": chinese_month(agreed.from_),
        "to_month": chinese_month(agreed.to),
        "rows": _rows(schedule(agreed)),
    }


def _debtor(facts: OverpaymentConfirmed, agreed: AgreementReached) -> Data:
    """乙方; the party's own name, number and address stand where he is the party."""
    debtor, party = agreed.debtor, facts.party
    by_self = debtor.relation == SELF
    who = party if by_self else debtor
    return {
        "by_self": by_self,
        "debtor_name": who.name,
        "debtor_relation": debtor.relation,
        "debtor_id_type": ID_TYPES[who.id_type] if who.id_type else "证件",
        "debtor_id_number": number_told(who.id_number) if who.id_number else BLANK,
        "debtor_phone": who.phone or debtor.phone or BLANK,
        "debtor_address": one_line(who.address) or one_line(debtor.address) or BLANK,
    }


def _rows(instalments: tuple[Instalment, ...]) -> list[Data]:
    at_first = sum(row.personal_account for row in instalments)
    return [
        {
            "no": _PERSONAL_ACCOUNT if row.personal_account else str(place - at_first),
            "month": chinese_month(row.month),
            "amount": written(row.amount),
            "remaining": written(row.remaining),
        }
        for place, row in enumerate(instalments, start=1)
    ]
