"""The agreements of a case: which are signed, which run, what they are still to bring."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from cases.case import Case, CaseDocument
from cases.draft import DocumentDraft
from cases.kinds import AGREEMENTS, LETTERS
from cases.kinds.agreement import AgreementBasis
from cases.money import ZERO
from schemas.documents import DocumentKind
from schemas.events import Channel, Month

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


def in_force(documents: Iterable[CaseDocument]) -> list[CaseDocument]:
    """The agreements that are not void, in the order of their making."""
    return [d for d in documents if d.kind in AGREEMENTS and not d.void]


def signed_on(agreement: CaseDocument, case: Case) -> date | None:
    """The day on which both sides have signed ``agreement``; None while they have not."""
    said = agreement_basis(agreement).signed_on
    if said is not None:
        return said
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
        if signed_on(document, case) is not None and month <= agreement_basis(document).agreed.to
    ]


def promised(case: Case, agreements: Iterable[CaseDocument | DocumentDraft]) -> Decimal:
    """Yuan that ``agreements`` are still to bring, signed or not.

    What came back by their channels since the first of them counts as theirs.
    """
    bases = [agreement_basis(agreement) for agreement in agreements]
    total = sum((basis.fixed for basis in bases), ZERO)
    begins = min((basis.moment for basis in bases if basis.moment is not None), default=None)
    brought = (
        entry.amount
        for entry in case.repayments
        if begins is not None
        and entry.time > begins
        and entry.channel in _UNDER_AGREEMENT
        and not entry.reversed
    )
    return max(ZERO, total - sum(brought, ZERO))


def agreement_basis(agreement: CaseDocument | DocumentDraft) -> AgreementBasis:
    """From what ``agreement`` was made; ValueError where nobody knows."""
    basis: AgreementBasis = LETTERS[agreement.kind].basis_of(agreement)
    return basis
