"""The agreements of a case: which are signed, which run, what they are still to bring."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from cases.case import Case, CaseDocument
from cases.drafts import MOMENT
from cases.money import ZERO
from schemas.documents import AGREEMENTS, DocumentKind
from schemas.events import AgreementReached, Channel, Month

#: by which money comes back under an agreement; what others give, or a court takes, is beside it
_UNDER_AGREEMENT = frozenset(
    channel.value
    for channel in (
        Channel.BANK_TRANSFER,
        Channel.DEDUCTION,
        Channel.PERSONAL_ACCOUNT,
        Channel.FUNERAL_BENEFIT,
    )
)
#: in a document's basis: the day on which it was signed, where its own event said so
SIGNED_ON = "signed_on"


def in_force(documents: Iterable[CaseDocument]) -> list[CaseDocument]:
    """The agreements that are not void, in the order of their making."""
    return [d for d in documents if d.kind in AGREEMENTS and not d.void]


def signed_on(agreement: CaseDocument, case: Case) -> date | None:
    """The day on which both sides have signed ``agreement``; None while they have not."""
    said = agreement.basis.get(SIGNED_ON)
    if said is not None:
        return date.fromisoformat(said)
    found = (s.signed_on for s in case.signatures if s.document_id == agreement.document_id)
    return next(found, None)


def latest_signed(
    kind: DocumentKind, case: Case, documents: tuple[CaseDocument, ...]
) -> CaseDocument | None:
    """The latest agreement of ``kind`` in force that is signed; None where there is none."""
    signed = (d for d in in_force(documents) if signed_on(d, case) is not None)
    return next((d for d in reversed(list(signed)) if d.kind is kind), None)


def running(case: Case, documents: tuple[CaseDocument, ...], month: Month) -> list[CaseDocument]:
    """The signed agreements whose last instalment is not due before ``month``."""
    return [
        document
        for document in in_force(documents)
        if signed_on(document, case) is not None and month <= _agreed(document).to
    ]


def promised(case: Case, bases: Iterable[Mapping[str, Any]]) -> Decimal:
    """Yuan that the agreements made from ``bases`` are still to bring, signed or not.

    What came back by their channels since the first of them counts as theirs.
    """
    agreements = list(bases)
    total = sum((Decimal(basis["agreed"]["total"]) for basis in agreements), ZERO)
    begins = min((m for basis in agreements if (m := _moment(basis)) is not None), default=None)
    brought = (
        entry.amount
        for entry in case.repayments
        if begins is not None
        and entry.time > begins
        and entry.channel in _UNDER_AGREEMENT
        and not entry.reversed
    )
    return max(ZERO, total - sum(brought, ZERO))


def _agreed(document: CaseDocument) -> AgreementReached:
    return AgreementReached.model_validate(document.basis["agreed"])


def _moment(basis: Mapping[str, Any]) -> datetime | None:
    """The time of the event that called for the document; None for one of an old release."""
    moment = basis.get(MOMENT)
    return None if moment is None else datetime.fromisoformat(moment)
