"""What a correction or a void does to the documents of a case, gathered step by step."""

from dataclasses import replace
from decimal import Decimal

from cases.case import Case, CaseDocument
from cases.decision import Alarm, Decision, DocumentChange, OutgoingNews
from cases.drafts import withdrawal
from cases.news import case_changed
from cases.order import Order
from cases.remaking import Remake
from cases.stops import measures, voided
from schemas.configuration import Agency
from schemas.documents import DocumentDraft, DocumentKind, Reference
from schemas.events import OverpaymentConfirmed

#: why a document that waits for a void one is void with it
_NOTHING_TO_FOLLOW = "所依据的文书已作废"


#: kinds that are issued anew over what has come back until now, not until they were made first
_OF_TODAY = frozenset(
    {
        DocumentKind.AUDIT_OPINION,
        DocumentKind.RESUMPTION_NOTICE,
        DocumentKind.REFERRAL_LETTER,
    }
)


class Rewriting:
    """Documents made void and others that stand in for them, in one decision."""

    def __init__(self, documents: tuple[CaseDocument, ...], order: Order, agency: Agency) -> None:
        self._before = documents
        self._order = order
        self._agency = agency
        self.changes: list[DocumentChange] = []
        self.drafts: list[DocumentDraft] = []
        self.alarms: list[Alarm] = []
        #: document id → place of the draft that stands in for it
        self.places: dict[str, int] = {}

    @property
    def documents(self) -> tuple[CaseDocument, ...]:
        """The documents as they stand after what was done so far."""
        return voided(self._before, self.changes)

    def remake(self, document: CaseDocument, facts: OverpaymentConfirmed) -> DocumentDraft:
        """``document`` made anew from ``facts``, referring to what stands in for others."""
        return self._remake(facts, None).document(document)

    def reissue(
        self, document: CaseDocument, case: Case, *, after: Reference | None = None
    ) -> None:
        """Another stands in for the void ``document``, as the facts of ``case`` now are.

        What asks for money, or says that it came, tells what has come back until now. ``after``
        is what has to be out before it, where the document's own kind asks for nothing.
        """
        recovered = case.recovered if document.kind in _OF_TODAY else None
        draft = self._remake(case.facts, recovered).document(document)
        first = draft.waits_for if after is None else after
        self.add(replace(draft, waits_for=first), document)

    def _remake(self, facts: OverpaymentConfirmed, recovered: Decimal | None) -> Remake:
        return Remake(
            facts=facts,
            agency=self._agency,
            documents=self._before,
            recovered=recovered,
            places=self.places,
        )

    def void(self, document: CaseDocument) -> None:
        """``document`` is void, and what only followed from it with it."""
        self.changes.append(self._order.void(document))
        if document.kind is DocumentKind.STOP_PAYMENT_LETTER:
            for end in self.documents:
                if end.about == document.document_id and not (end.void or end.sent):
                    self.changes.append(self._order.void(end))

    def add(self, draft: DocumentDraft, stands_for: CaseDocument | None = None) -> None:
        """``draft`` is planned; where it stands in for a void document, it says so."""
        if stands_for is not None:
            self.places[stands_for.document_id] = len(self.drafts)
            draft = replace(draft, replaces=stands_for.document_id)
        self.drafts.append(draft)

    def withdraw(self, stop: CaseDocument, facts: OverpaymentConfirmed) -> Reference | None:
        """``stop`` is void; a bank that has it, and nothing that ended it, is told.

        The place of the letter that tells it; None where none has to.
        """
        self.void(stop)
        over = any(d.about == stop.document_id and d.sent for d in self._before)
        if not stop.sent or over:
            return None
        self.add(withdrawal(facts, stop, self._order.reason, self._agency))
        return len(self.drafts) - 1

    def settle_followers(self, case: Case) -> None:
        """What was to be made after a void document, or to enclose it, is put right.

        It follows what stands in for that; where nothing does, it is void too, and somebody must
        look where it was to enclose the void one.
        """
        gone = {change.document_id for change in self.changes if change.void_reason is not None}
        for document in self.documents:
            if document.void or document.sealed:
                continue
            if gone & set(document.encloses):
                self._enclose_anew(document, gone, case)
            elif document.waits_for in gone:
                self._follow(document)

    def _enclose_anew(self, document: CaseDocument, gone: set[str], case: Case) -> None:
        self.void(document)
        if gone & set(document.encloses) <= set(self.places):
            self.reissue(document, case)
        else:
            self.alarm_overtaken(document)

    def _follow(self, document: CaseDocument) -> None:
        place = None if document.waits_for is None else self.places.get(document.waits_for)
        if place is not None:
            self.changes.append(DocumentChange(document_id=document.document_id, waits_for=place))
        else:
            self.changes.append(replace(self._order, reason=_NOTHING_TO_FOLLOW).void(document))

    def decision(self, case: Case, *others: OutgoingNews) -> Decision:
        """What was gathered; upstream is told how the case stands, then ``others``."""
        drafts = tuple(self.drafts)
        return Decision(
            case=case,
            drafts=drafts,
            changes=tuple(self.changes),
            news=(case_changed(case, measures(self.documents, drafts)), *others),
            alarms=tuple(self.alarms),
        )

    def alarm_overtaken(self, document: CaseDocument) -> None:
        """Somebody must look: ``document`` is void and cannot be made anew by itself."""
        details = {"document_id": document.document_id, "kind": document.kind.value}
        self.alarms.append(Alarm(name="document_overtaken", details=details))
