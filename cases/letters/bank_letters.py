"""The three letters to a bank: stop payment, its release, its withdrawal."""

from datetime import date

from cases.case import CaseDocument
from cases.dates import chinese_date
from cases.letters.parts import Data, account, identity, imprint, joined, pointing_at
from schemas.configuration import Agency
from schemas.events import BenefitCard, OverpaymentConfirmed, PublicReason

#: why a stop letter is withdrawn: all that a bank reads of it
_PHRASES: dict[PublicReason | None, str] = {
    PublicReason.WRONG_ACCOUNT: "账户信息有误",
    PublicReason.WRONG_FACTS: "有关情况经复核有变化",
    PublicReason.WRONG_TEXT: "原件文字有误",
    PublicReason.RESOLVED: "有关事项已另行处理",
    None: "因工作需要",
}


def stop_payment_letter(
    facts: OverpaymentConfirmed, card: BenefitCard, stop_from: date, agency: Agency
) -> Data:
    """停止支付通知书 for ``card``, over the lost benefits that are still paid to it."""
    stopped = joined(
        [
            entry.benefit
            for entry in facts.overpayments
            if entry.entitlement_lost and entry.still_paid and entry.paid_to == card.account_number
        ]
    )
    return {
        **_to_bank(facts, card, agency),
        "benefits": stopped,
        "pointing": pointing_at(stopped),
        "stop_from": chinese_date(stop_from),
        "receipt_days": str(agency.receipt_days),
    }


def release_payment_letter(
    facts: OverpaymentConfirmed,
    card: BenefitCard,
    stop: CaseDocument,
    agency: Agency,
    *,
    resumed: bool = False,
    by_deduction: bool = False,
) -> Data:
    """解除止付通知书 for ``stop``.

    ``resumed`` where benefits resume before all is repaid, ``by_deduction`` where repayment goes
    on by deduction; neither where everything has been repaid. ``other_stops`` is filled in when it
    is made: other cases' stops of the same card.
    """
    return {
        **_to_bank(facts, card, agency),
        **_about(stop),
        "other_stops": "",
        "resumed": resumed,
        "by_deduction": by_deduction,
        "receipt_days": str(agency.receipt_days),
    }


def stop_withdrawal_letter(
    facts: OverpaymentConfirmed,
    card: BenefitCard,
    stop: CaseDocument,
    reason: PublicReason | None,
    agency: Agency,
) -> Data:
    """撤回停止支付通知书 for the letter ``stop``.

    The caller adds ``new_stop_number``, "" where no stop letter stands in for it.
    """
    return {
        **_to_bank(facts, card, agency),
        **_about(stop),
        "reason": _PHRASES[reason],
        "receipt_days": str(agency.receipt_days),
    }


def _to_bank(facts: OverpaymentConfirmed, card: BenefitCard, agency: Agency) -> Data:
    return {**imprint(agency), **identity(facts.party), **account(card)}


def _about(stop: CaseDocument) -> Data:
    return {"stop_number": stop.number, "stop_issued_on": chinese_date(stop.issued_on)}
