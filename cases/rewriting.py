"""What a correction or a void does to the documents of a case, gathered step by step."""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from cases.case import Case, CaseDocument
from cases.decision import Alarm, Decision, DocumentChange, OutgoingNews
from cases.draft import DocumentDraft
from cases.kinds import ENDS, LETTERS
from cases.news import case_changed
from cases.order import Order
from cases.purpose import is_called_for, named_in, rests_on
from cases.references import NEW_STOP_NUMBER
from cases.remaking import Remake
from cases.stops import measures, voided, withdrawal
from schemas.configuration import Agency
from schemas.documents import DocumentKind, Reference
from schemas.events import OverpaymentConfirmed

#: why a document that waits for a void one is void with it
_NOTHING_TO_FOLLOW = "所依据的文书已作废"


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

    @property
    def gone(self) -> set[str]:
        """The ids of the documents that this decision makes void."""
        return {change.document_id for change in self.changes if change.void_reason is not None}

    @property
    def lost(self) -> set[str]:
        """Those of them that nothing stands in for."""
        return self.gone - set(self.places)

    def reissue(self, document: CaseDocument, case: Case) -> None:
        """Another stands in for the void ``document``, as the facts of ``case`` now are.

        What asks for money, or says that it came, tells what has come back until now.
        """
        recovered = case.recovered if LETTERS[document.kind].of_today else None
        self.add(self._remake(case.facts, recovered).document(document), document)

    def _remake(self, facts: OverpaymentConfirmed, recovered: Decimal | None) -> Remake:
        return Remake(
            facts=facts,
            agency=self._agency,
            documents=self.documents,
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
        """``draft`` is planned; where it stands in for a void document, it says so.

        A stop letter leaves only after the letter that ended payment's last stop for its card:
        a bank that read them the other way round would let the money go.
        """
        if stands_for is not None:
            self.places[stands_for.document_id] = len(self.drafts)
            draft = replace(draft, replaces=stands_for.document_id)
        if draft.kind is DocumentKind.STOP_PAYMENT_LETTER:
            draft = replace(draft, waits_for=self._last_end(draft.account_number))
        self.drafts.append(draft)

    def _last_end(self, account_number: str | None) -> Reference | None:
        """The latest release or withdrawal for the card that is not void; None without one."""
        for place, draft in reversed(list(enumerate(self.drafts))):
            if draft.kind in ENDS and draft.account_number == account_number:
                return place
        ends = (d for d in reversed(self.documents) if d.kind in ENDS and not d.void)
        found = (d.document_id for d in ends if d.account_number == account_number)
        return next(found, None)

    def withdraw(self, stop: CaseDocument, facts: OverpaymentConfirmed) -> None:
        """``stop`` is void; a bank that knows of it, and of nothing that ended it, is told."""
        self.void(stop)
        if self._is_known(stop):
            self.add(self._withdrawal(stop, facts))

    def exchange(self, stop: CaseDocument, facts: OverpaymentConfirmed, case: Case) -> None:
        """Another stop letter, as the facts of ``case`` now are, stands in for the void ``stop``.

        A bank that has ``stop`` gets its withdrawal first, by ``facts``.
        """
        self.void(stop)
        successor = self._remake(case.facts, None).document(stop)
        told = stop.sent or not _is_for_the_same_account(successor, stop)
        first = [self._withdrawal(stop, facts)] if told and self._is_known(stop) else []
        self.stop(successor, case, stop, after=first)

    def stop(
        self,
        letter: DocumentDraft,
        case: Case,
        stands_for: CaseDocument | None = None,
        *,
        after: Iterable[DocumentDraft] = (),
    ) -> None:
        """The stop ``letter`` is planned behind ``after``, the withdrawals that leave before it.

        Every withdrawal for its account that is still to be made names it, so that the bank does
        not pay between the two.
        """
        stale = self._still_to_be_made(letter, stands_for)
        for old in stale:
            self.void(old)
        ends: list[tuple[DocumentDraft, CaseDocument | None]] = [
            *((self.remake(old, case.facts), old) for old in stale),
            *((draft, None) for draft in after),
        ]
        place = len(self.drafts) + len(ends)
        for draft, replaced in ends:
            goes_on = _is_for_the_same_account(letter, draft)
            self.add(replace(draft, numbers={NEW_STOP_NUMBER: place} if goes_on else {}), replaced)
        self.add(letter, stands_for)

    def _still_to_be_made(
        self, letter: DocumentDraft, stands_for: CaseDocument | None
    ) -> list[CaseDocument]:
        """The withdrawals, not sealed yet, for the same account, or naming the void one."""
        named = None if stands_for is None else stands_for.document_id
        return [
            document
            for document in self.documents
            if document.kind is DocumentKind.STOP_WITHDRAWAL_LETTER
            and not (document.void or document.sealed)
            and (
                _is_for_the_same_account(letter, document)
                or document.numbers.get(NEW_STOP_NUMBER, "") == named
            )
        ]

    def _withdrawal(self, stop: CaseDocument, facts: OverpaymentConfirmed) -> DocumentDraft:
        draft = withdrawal(facts, stop, self._order.public_reason, self._agency)
        # one that never leaves itself is withdrawn after the letter that told of it
        return draft if stop.sent else replace(draft, waits_for=self._announcement(stop))

    def _is_known(self, stop: CaseDocument) -> bool:
        """Whether the bank has ``stop``, or a letter that names it, and none that ended it."""
        over = any(d.about == stop.document_id and d.sent for d in self._before)
        return not over and (stop.sent or self._announcement(stop) is not None)

    def _announcement(self, stop: CaseDocument) -> str | None:
        """The withdrawal, sealed already, that tells the bank that ``stop`` follows."""
        naming = (d for d in self.documents if not d.void and d.sealed)
        named = stop.document_id
        found = (d.document_id for d in naming if d.numbers.get(NEW_STOP_NUMBER) == named)
        return next(found, None)

    def settle_followers(self, case: Case) -> None:
        """What is still to be made after a void document, or to name or enclose it, is put right.

        It follows what stands in for that; where nothing does, it is void too, and somebody must
        look.
        """
        settled: set[str] = set()
        while followers := self._followers(settled):
            for document in followers:
                settled.add(document.document_id)
                if named_in(document) & self.gone:
                    self._name_anew(document, case)
                else:
                    self._follow(document)

    def _followers(self, settled: set[str]) -> list[CaseDocument]:
        """What is still to be made after a void document or to name or enclose one.

        A follower that is void has followers of its own, so this is asked until there is none.
        """
        return [
            document
            for document in self.documents
            if not (document.void or document.sealed or document.document_id in settled)
            and ({*named_in(document), document.waits_for} & self.gone)
        ]

    def _name_anew(self, document: CaseDocument, case: Case) -> None:
        self.void(document)
        if rests_on(document) & self.lost or not is_called_for(document, case, self.documents):
            self.alarm_overtaken(document)
        else:
            self.reissue(document, case)

    def _follow(self, document: CaseDocument) -> None:
        place = None if document.waits_for is None else self.places.get(document.waits_for)
        if place is not None:
            self.changes.append(DocumentChange(document_id=document.document_id, waits_for=place))
        else:
            self.changes.append(replace(self._order, reason=_NOTHING_TO_FOLLOW).void(document))
            self.alarm_overtaken(document)

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


def _is_for_the_same_account(letter: DocumentDraft, other: DocumentDraft | CaseDocument) -> bool:
    """Whether the bank that gets ``other`` gets ``letter`` too, about the same account."""
    bank = other.bank_code if isinstance(other, CaseDocument) else other.recipient.bank_code
    return (letter.account_number, letter.recipient.bank_code) == (other.account_number, bank)
