"""The letters: pure builders that give each document its finished strings.

A builder returns what the template of its kind prints, as JSON: strings, booleans, lists of
mappings. ``finish`` adds what is known only when the number is drawn.
"""

from collections.abc import Mapping
from datetime import date

from cases.dates import chinese_date
from cases.letters.agreements import deduction_agreement, repayment_agreement
from cases.letters.assistance_report import assistance_report
from cases.letters.audit_opinion import audit_opinion
from cases.letters.bank_letters import (
    release_payment_letter,
    stop_payment_letter,
    stop_withdrawal_letter,
)
from cases.letters.notices import approved_resumption, resumption_notice, suspension_notice
from cases.letters.parts import Data
from cases.letters.recovery_notice import recovery_notice
from cases.letters.referral_letter import referral_letter
from cases.letters.signature import dated
from schemas.documents import DocumentKind, DocumentNumber

__all__ = [
    "Data",
    "approved_resumption",
    "assistance_report",
    "audit_opinion",
    "deduction_agreement",
    "finish",
    "recovery_notice",
    "referral_letter",
    "release_payment_letter",
    "repayment_agreement",
    "resumption_notice",
    "stop_payment_letter",
    "stop_withdrawal_letter",
    "suspension_notice",
]


def finish(
    kind: DocumentKind,
    data: Mapping[str, object],
    number: DocumentNumber,
    issued_on: date,
    replaces_number: str = "",
) -> Data:
    """``data`` with the number and the date of issue as ``kind`` prints them added.

    ``replaces_number`` is that of the void document which this one stands in for, "" where it
    stands in for none. Every numbered kind prints all three alike; annex 2's own form
    稽（待遇）字〔2026〕第2号 is the register's form too. ValueError where the data has a number
    already, as a 送达回证 has that of its letter.
    """
    added: Data = {
        "number": str(number),
        "issued_on": chinese_date(issued_on),
        "replaces_number": replaces_number,
    }
    if "signature" in data:
        added |= dated(chinese_date(issued_on))
    if added.keys() & data.keys():
        raise ValueError(f"the data of this {kind.value} is finished already")
    return {**data, **added}
