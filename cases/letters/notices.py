"""停发待遇告知书（函） to those around the party, and 恢复待遇发放通知 to himself."""

from decimal import Decimal

from cases.dates import chinese_date, chinese_month
from cases.letters.parts import (
    Data,
    benefits,
    imprint,
    lost_benefits,
    number_told,
    pointing_at,
    remedies,
)
from cases.masking import masked_id
from cases.money import written
from schemas.configuration import Agency
from schemas.events import Notified, NotifiedKind, OverpaymentConfirmed
from schemas.steps import ResumptionApproved

#: digits at the end of an account number that the party knows it by
_ACCOUNT_END = 4
#: what only a resumption by approval prints
_APPROVED_ONLY = ("from_month", "monthly", "account_end", "per_month")


def suspension_notice(facts: OverpaymentConfirmed, notified: Notified, agency: Agency) -> Data:
    """What ``notified`` reads: no amount, no group, no crime, the party's number masked.

    ``facts.stop_from`` must be there (the contract asks for it where a notice is due).
    """
    if facts.stop_from is None:
        raise ValueError("a suspension notice needs stop_from")
    party, lost = facts.party, lost_benefits(facts)
    to_relative = notified.kind is NotifiedKind.RELATIVE
    number = number_told(party.id_number)
    return {
        **imprint(agency),
        "to_relative": to_relative,
        "recipient_name": notified.name,
        "party_name": party.name,
        "party_id_masked": masked_id(party.id_type, number) if number else "",
        "benefits": lost,
        "pointing": pointing_at(lost),
        "remedies": remedies(agency, "告知书" if to_relative else "告知函"),
        "stop_from": chinese_date(facts.stop_from),
    }


def resumption_notice(facts: OverpaymentConfirmed, recovered: Decimal, agency: Agency) -> Data:
    """What the party reads at clearing: ``recovered`` yuan came back, what was stopped goes on."""
    every, stopped = benefits(facts), lost_benefits(facts)
    return {
        **imprint(agency),
        "party_name": facts.party.name,
        "benefits": every,
        "amount": written(recovered),
        # Where only some of the benefits were stopped, only those are resumed.
        "resumed": stopped if stopped and stopped != every else f"{pointing_at(every)}待遇",
        "by_approval": False,
        **dict.fromkeys(_APPROVED_ONLY, ""),
        "with_deduction": False,
        "agreement_number": "",
    }


def approved_resumption(
    facts: OverpaymentConfirmed,
    approved: ResumptionApproved,
    per_month: Decimal | None,
    agency: Agency,
) -> Data:
    """恢复待遇发放通知 before everything is repaid; ``per_month`` yuan are deducted, None: nothing.

    The caller adds ``agreement_number``, "" where there is no agreement.
    """
    return {
        **imprint(agency),
        "party_name": facts.party.name,
        "benefits": approved.benefit,
        "amount": "",
        "resumed": "",
        "by_approval": True,
        "from_month": chinese_month(approved.from_),
        "monthly": written(approved.monthly),
        "account_end": approved.paid_to[-_ACCOUNT_END:],
        "per_month": written(per_month) if per_month is not None else "",
        "with_deduction": per_month is not None,
    }
