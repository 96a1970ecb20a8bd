"""The kinds of documents: a module a kind, and the table of all of them.

A kind says here what it is (``kind.LetterKind``): its traits, what it was made from, how it is
drafted. docs/extending.md says how to add one.
"""

from collections.abc import Mapping
from typing import Any

from cases.basis import Basis
from cases.kinds.assistance_report import ASSISTANCE_REPORT
from cases.kinds.audit_opinion import AUDIT_OPINION
from cases.kinds.deduction_agreement import DEDUCTION_AGREEMENT
from cases.kinds.kind import Kind, LetterKind
from cases.kinds.recovery_notice import RECOVERY_NOTICE
from cases.kinds.referral_letter import REFERRAL_LETTER
from cases.kinds.release_payment_letter import RELEASE_PAYMENT_LETTER
from cases.kinds.repayment_agreement import REPAYMENT_AGREEMENT
from cases.kinds.resumption_notice import RESUMPTION_NOTICE
from cases.kinds.service_record import SERVICE_RECORD
from cases.kinds.stop_payment_letter import STOP_PAYMENT_LETTER
from cases.kinds.stop_withdrawal_letter import STOP_WITHDRAWAL_LETTER
from cases.kinds.suspension_notice import SUSPENSION_NOTICE
from schemas.documents import DocumentKind

#: every kind, by its code; a test fails where one is missing
KINDS: Mapping[DocumentKind, Kind] = {
    each.kind: each
    for each in (
        RECOVERY_NOTICE,
        AUDIT_OPINION,
        STOP_PAYMENT_LETTER,
        RELEASE_PAYMENT_LETTER,
        STOP_WITHDRAWAL_LETTER,
        SUSPENSION_NOTICE,
        RESUMPTION_NOTICE,
        DEDUCTION_AGREEMENT,
        REPAYMENT_AGREEMENT,
        ASSISTANCE_REPORT,
        REFERRAL_LETTER,
        SERVICE_RECORD,
    )
}

#: those with a number. ``Any``: each has a basis of its own
LETTERS: Mapping[DocumentKind, LetterKind[Any]] = {
    kind: each for kind, each in KINDS.items() if isinstance(each, LetterKind)
}

#: kinds that are served on somebody (送达) and therefore go out with a service record
SERVED = frozenset(kind for kind, letter in LETTERS.items() if letter.copies is not None)

#: what ends a stop letter
ENDS = frozenset(kind for kind, letter in LETTERS.items() if letter.ends is not None)

AGREEMENTS = frozenset({DEDUCTION_AGREEMENT.kind, REPAYMENT_AGREEMENT.kind})

_SHORT = frozenset(kind for kind, letter in LETTERS.items() if letter.short)


def made_together_with(kind: DocumentKind) -> frozenset[DocumentKind]:
    """The kinds that a batch with one of ``kind`` may hold."""
    return _SHORT if kind in _SHORT else frozenset({kind})


def read_basis(kind: DocumentKind, stored: Mapping[str, Any] | None) -> Basis | None:
    """What a document of ``kind`` was made from, as the ledger keeps it.

    None where it was made by a release that kept too little to make it anew.
    """
    return LETTERS[kind].read(stored or {})
