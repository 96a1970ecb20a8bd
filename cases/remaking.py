"""A document made anew, from what it was made from and the facts as they now stand.

Two remakings compared tell whether a document would now print otherwise: the old facts and the
new ones, with everything else (the agency's settings, what came back meanwhile) the same.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from cases.case import CaseDocument
from cases.drafts import (
    MOMENT,
    agreement,
    approved_resumption,
    assistance_report,
    audit_opinion,
    card_of,
    recovery_notice,
    referral_letter,
    release,
    resumption_notice,
    stop_letter,
    suspension_notice,
    withdrawal,
)
from cases.service_dates import dates_of
from schemas.configuration import Agency
from schemas.documents import DocumentDraft, DocumentKind, Reference
from schemas.events import (
    AgreementReached,
    AssistanceVerified,
    AuditOpened,
    CaseReferred,
    Notified,
    OverpaymentConfirmed,
    PublicReason,
    ResumptionApproved,
)


@dataclass(frozen=True, kw_only=True)
class Remake:
    """With what a document is made anew."""

    facts: OverpaymentConfirmed
    agency: Agency
    documents: tuple[CaseDocument, ...]
    #: yuan that came back, as the new document tells it; None: as the old one did
    recovered: Decimal | None = None
    #: document id → place of the draft that stands in for it
    places: Mapping[str, int]

    def document(self, old: CaseDocument) -> DocumentDraft:
        """``old`` made anew; what it refers to is what now stands in for that."""
        return _REMAKERS[old.kind](self, old)

    def now(self, reference: str) -> Reference:
        """What stands in for the document ``reference`` from now on."""
        return self.places.get(reference, reference)

    def standing(self, references: Iterable[str]) -> tuple[Reference, ...]:
        """What now stands for ``references``; one that is void and has no stand-in is left out."""
        return tuple(
            self.now(reference)
            for reference in references
            if reference in self.places or not self.find(reference).void
        )

    def numbers(self, old: CaseDocument) -> dict[str, Reference]:
        """The documents whose numbers ``old`` prints, as they now stand; none that is void."""
        found = {name: self.standing([reference]) for name, reference in old.numbers.items()}
        return {name: kept[0] for name, kept in found.items() if kept}

    def money(self, old: CaseDocument) -> Decimal:
        """Yuan that came back, as the new document tells it."""
        return amount_of(old, "recovered") if self.recovered is None else self.recovered

    def find(self, reference: str) -> CaseDocument:
        """The document of that id."""
        return next(d for d in self.documents if d.document_id == reference)


def amount_of(document: CaseDocument, *path: str) -> Decimal:
    """The amount, yuan, that stands at ``path`` in the document's basis."""
    value: Any = document.basis
    for step in path:
        value = value[step]
    return Decimal(value)


def _notice(remake: Remake, _old: CaseDocument) -> DocumentDraft:
    return recovery_notice(remake.facts, remake.agency)


def _opinion(remake: Remake, old: CaseDocument) -> DocumentDraft:
    audit = AuditOpened.model_validate(old.basis["audit"])
    waited_for = () if old.waits_for is None else (old.waits_for,)
    notice = next(iter(remake.standing(waited_for)), None)
    return audit_opinion(remake.facts, audit, remake.money(old), notice, remake.agency)


def _stop(remake: Remake, old: CaseDocument) -> DocumentDraft:
    since = old.basis["since"]
    known = (c for c in remake.facts.benefit_cards if c.account_number == old.account_number)
    card = next(known, card_of(old))
    day = None if since is None else date.fromisoformat(since)
    return stop_letter(remake.facts, card, remake.agency, day)


def _release(remake: Remake, old: CaseDocument) -> DocumentDraft:
    stop = remake.find(old.about or "")
    return release(remake.facts, stop, remake.agency, _approval(old))


def _withdrawal(remake: Remake, old: CaseDocument) -> DocumentDraft:
    stop = remake.find(old.about or "")
    reason = old.basis.get("public_reason")
    return withdrawal(
        remake.facts,
        stop,
        None if reason is None else PublicReason(reason),
        remake.agency,
        resumption=_approval(old),
        numbers=remake.numbers(old),
    )


def _approval(old: CaseDocument) -> ResumptionApproved | None:
    approved = old.basis["resumption"]
    return None if approved is None else ResumptionApproved.model_validate(approved)


def _suspension(remake: Remake, old: CaseDocument) -> DocumentDraft:
    notified = Notified.model_validate(old.basis["notified"])
    return suspension_notice(remake.facts, notified, remake.agency)


def _resumption(remake: Remake, old: CaseDocument) -> DocumentDraft:
    if "approved" not in old.basis:
        return resumption_notice(remake.facts, remake.money(old), remake.agency)
    approved = ResumptionApproved.model_validate(old.basis["approved"])
    per_month = old.basis["per_month"]
    return approved_resumption(
        remake.facts,
        approved,
        None if per_month is None else Decimal(per_month),
        remake.numbers(old),
        remake.agency,
    )


def _agreement(remake: Remake, old: CaseDocument) -> DocumentDraft:
    agreed = AgreementReached.model_validate(old.basis["agreed"])
    draft = agreement(remake.facts, agreed, remake.money(old), remake.numbers(old), remake.agency)
    # what came back since it was first made counts as its own; that it was signed does not
    kept = {name: old.basis[name] for name in (MOMENT,) if name in old.basis}
    return replace(draft, basis={**draft.basis, **kept})


def _report(remake: Remake, old: CaseDocument) -> DocumentDraft:
    verified = AssistanceVerified.model_validate(old.basis["verified"])
    return assistance_report(
        remake.facts, verified, remake.money(old), remake.numbers(old), remake.agency
    )


def _referral(remake: Remake, old: CaseDocument) -> DocumentDraft:
    numbers = remake.numbers(old)
    return referral_letter(
        remake.facts,
        CaseReferred.model_validate(old.basis["referred"]),
        remake.money(old),
        remake.agency,
        numbers=numbers,
        dates=dates_of(numbers, remake.documents),
        encloses=remake.standing(old.encloses),
    )


#: kind → how it is made anew
_REMAKERS: dict[DocumentKind, Callable[[Remake, CaseDocument], DocumentDraft]] = {
    DocumentKind.RECOVERY_NOTICE: _notice,
    DocumentKind.AUDIT_OPINION: _opinion,
    DocumentKind.STOP_PAYMENT_LETTER: _stop,
    DocumentKind.RELEASE_PAYMENT_LETTER: _release,
    DocumentKind.STOP_WITHDRAWAL_LETTER: _withdrawal,
    DocumentKind.SUSPENSION_NOTICE: _suspension,
    DocumentKind.RESUMPTION_NOTICE: _resumption,
    DocumentKind.DEDUCTION_AGREEMENT: _agreement,
    DocumentKind.REPAYMENT_AGREEMENT: _agreement,
    DocumentKind.ASSISTANCE_REPORT: _report,
    DocumentKind.REFERRAL_LETTER: _referral,
}
