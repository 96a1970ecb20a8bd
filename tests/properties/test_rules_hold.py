"""Whatever happens to a case, in whatever order, the guarantees about it hold (G5)."""

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import hypothesis.strategies as st
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from cases.agreements import in_force, promised, signed_on
from cases.case import Case, CaseDocument, CaseState
from cases.kinds import ENDS
from cases.kinds.bank_letter import approval
from cases.kinds.resumption_notice import RESUMPTION_NOTICE
from cases.remaking import Remake
from cases.states import CASES, STOP_LETTERS
from cases.stops import letter_state
from schemas.documents import BANK_LETTERS, DocumentKind, LetterState
from schemas.errors import Invalid
from schemas.events import Event
from tests.building.events import (
    BANK_CODE,
    CARD,
    PASSBOOK,
    PASSBOOK_BANK_CODE,
    Json,
    Story,
    benefit,
    example,
)
from tests.building.paper import AGENCY, Paper

NOTICE = DocumentKind.RECOVERY_NOTICE
OPINION = DocumentKind.AUDIT_OPINION
STOP = DocumentKind.STOP_PAYMENT_LETTER
RELEASE = DocumentKind.RELEASE_PAYMENT_LETTER
RESUMPTION = DocumentKind.RESUMPTION_NOTICE
BANK_CODES = {CARD: BANK_CODE, PASSBOOK: PASSBOOK_BANK_CODE}

accounts = st.sampled_from([CARD, PASSBOOK, None])
benefits = st.builds(
    lambda fen, lost, paid, account: benefit(
        f"{fen / 100:.2f}", entitlement_lost=lost, still_paid=paid, paid_to=account
    ),
    st.integers(1, 500),
    st.booleans(),
    st.booleans(),
    accounts,
)


def asked(case: Case) -> set[str]:
    """The accounts to which a benefit is paid that must stop."""
    return {
        entry.paid_to
        for entry in case.facts.overpayments
        if entry.entitlement_lost and entry.still_paid and entry.paid_to is not None
    }


def undated(data: Mapping[str, Any]) -> Json:
    """``data`` without the days of other documents, which one issued with them does not know."""
    return {n: v for n, v in data.items() if not n.endswith(("_issued_on", "_served_on"))}


class CaseLife(RuleBasedStateMachine):
    """One case: repayments, reversals, receipts and letters that leave, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.paper, self.story = Paper(), Story()
        self.told: dict[str, LetterState] = {}
        #: accounts let go by an approved resumption
        self.let_go: set[str] = set()
        #: accounts whose stop an operator made void without another
        self.spared: set[str] = set()

    @property
    def case(self) -> Case:
        assert self.paper.standing.case is not None
        return self.paper.standing.case

    def tell(self, event: Event) -> bool:
        """Whether the case allowed the event; where it did not, nothing has changed."""
        before = self.paper.standing
        try:
            self.paper.apply(event)
        except Invalid:
            assert self.paper.standing == before
            return False
        if before.case is not None and before.case.state is not self.case.state:
            CASES.check(before.case.state, self.case.state)
        return True

    @precondition(lambda self: self.paper.standing.case is None)
    @rule(benefits=st.lists(benefits, min_size=1, max_size=4))
    def open_case(self, benefits: list[Json]) -> None:
        assert self.tell(self.story.confirmed(*benefits))

    @precondition(lambda self: self.paper.standing.case is not None)
    @rule(fen=st.integers(1, 600), qualified=st.sampled_from([True, False, None]))
    def repay(self, *, fen: int, qualified: bool | None) -> None:
        amount, owed = f"{fen / 100:.2f}", self.case.outstanding
        event = self.story.repaid(amount, still_qualified=qualified)
        assert self.tell(event) == (Decimal(amount) <= owed)

    @precondition(
        lambda self: (
            self.paper.standing.case is not None
            and self.paper.standing.case.state is CaseState.OPEN
        )
    )
    @rule(qualified=st.sampled_from([True, False, None]))
    def repay_the_rest(self, *, qualified: bool | None) -> None:
        assert self.tell(self.story.repaid(str(self.case.outstanding), still_qualified=qualified))

    @precondition(lambda self: self.paper.standing.case is not None)
    @rule(data=st.data())
    def reverse(self, data: st.DataObject) -> None:
        known = [r.receipt_no for r in self.case.repayments]
        counting = {r.receipt_no for r in self.case.repayments if not r.reversed}
        receipt_no = data.draw(st.sampled_from([*known, "unknown"]))
        assert self.tell(self.story.reversed(receipt_no)) == (receipt_no in counting)

    @precondition(lambda self: self.bank_letters())
    @rule(data=st.data(), executed=st.booleans())
    def answer(self, *, data: st.DataObject, executed: bool) -> None:
        letter = data.draw(st.sampled_from(self.bank_letters()))
        assert letter.account_number is not None
        self.tell(
            self.story.receipted(
                {"reference": letter.document_id},
                executed=executed,
                bank_code=BANK_CODES[letter.account_number],
            )
        )

    @precondition(lambda self: any(self.paper.can_leave(d) for d in self.bank_letters()))
    @rule(data=st.data())
    def send(self, data: st.DataObject) -> None:
        ready = [d for d in self.bank_letters() if self.paper.can_leave(d)]
        self.paper.send(data.draw(st.sampled_from(ready)))

    @precondition(lambda self: self.paper.standing.case is not None)
    @rule()
    def audit(self) -> None:
        notice = any(not d.void for d in self.paper.documents(NOTICE))
        opinion = any(not d.void for d in self.paper.documents(OPINION))
        runs = any(signed_on(d, self.case) for d in self.agreements())
        owed = self.case.outstanding > 0
        told = self.tell(self.story.audited())
        assert told == (owed and notice and not opinion and not runs)

    @precondition(lambda self: self.paper.standing.case is not None)
    @rule(step=st.sampled_from(["agreed", "assisted"]), fen=st.integers(1, 600))
    def settle_otherwise(self, *, step: str, fen: int) -> None:
        amount = f"{fen / 100:.2f}"
        shape = {"per_month": amount, "to": "2026-09"} if step == "agreed" else {}
        told = self.tell(getattr(self.story, step)(amount, **shape))
        assert not told or Decimal(amount) <= self.case.outstanding
        if told and step == "agreed":
            assert promised(self.case, self.agreements()) <= (self.case.outstanding)

    @precondition(lambda self: self.agreements())
    @rule(data=st.data())
    def sign(self, data: st.DataObject) -> None:
        agreement = data.draw(st.sampled_from(self.agreements()))
        signed = signed_on(agreement, self.case) is not None
        assert self.tell(self.story.signed({"reference": agreement.document_id})) != signed

    @precondition(lambda self: self.paper.standing.case is not None)
    @rule(
        account=st.sampled_from([CARD, PASSBOOK]),
        release=st.booleans(),
        deduct=st.booleans(),
        month=st.integers(1, 9),
    )
    def resume(self, *, account: str, release: bool, deduct: bool, month: int) -> None:
        running = {d.account_number for d in self.running()}
        signed = any(signed_on(d, self.case) for d in self.agreements())
        event = self.story.resumed(
            paid_to=account,
            release_card=release,
            with_deduction=deduct,
            **{"from": f"2027-0{month}"},
        )
        told = self.tell(event)
        assert not told or not release or account in running
        assert not told or not deduct or signed
        if told and release:
            self.let_go.add(account)

    @precondition(lambda self: self.paper.standing.case is not None)
    @rule(to=st.sampled_from(["labour_inspection", "court"]))
    def refer(self, to: str) -> None:
        self.tell(self.story.referred(to))

    @precondition(lambda self: self.paper.standing.case is not None)
    @rule(benefits=st.lists(benefits, min_size=1, max_size=4), name=st.sampled_from("甲乙"))
    def correct(self, *, benefits: list[Json], name: str) -> None:
        overpaid = sum((Decimal(entry["amount"]) for entry in benefits), Decimal(0))
        changes = {"overpayments": benefits, "facts": f"事实{name}。"}
        before = asked(self.case)
        told = self.tell(self.story.corrected(changes))
        assert told == (overpaid >= self.case.recovered)
        self.forget(before)

    @precondition(lambda self: self.paper.standing.case is not None and self.case.recovered > 0)
    @rule(account=accounts)
    def correct_to_exactly_recovered(self, account: str | None) -> None:
        entry = benefit(f"{self.case.recovered:.2f}", paid_to=account)
        before = asked(self.case)
        assert self.tell(self.story.corrected({"overpayments": [entry]}))
        self.forget(before)

    def forget(self, before: set[str]) -> None:
        """What was ordered for a card ends where it was asked for no longer, or is asked anew."""
        self.spared &= asked(self.case) & before
        self.let_go -= asked(self.case) - before

    @precondition(lambda self: self.paper.standing.case is not None)
    @rule(name=st.sampled_from(["刘德厚", "刘德后"]))
    def correct_the_name(self, name: str) -> None:
        party = example("01")["data"]["party"] | {"died_on": None, "groups": [], "name": name}
        assert self.tell(self.story.corrected({"party": party}))

    @precondition(lambda self: any(not d.void for d in self.paper.documents()))
    @rule(data=st.data(), again=st.booleans())
    def make_void(self, *, data: st.DataObject, again: bool) -> None:
        alive = [d for d in self.paper.documents() if not d.void]
        document = data.draw(st.sampled_from(alive))
        over = any(d.about == document.document_id and d.sent for d in self.bank_letters())
        told = self.tell(self.story.voided({"reference": document.document_id}, replace=again))
        if told and not again and document.kind in ENDS:
            self.let_go.discard(document.account_number or "")
        if told and not again and document.kind is STOP and not over:
            self.spared.add(document.account_number or "")

    @precondition(lambda self: any(self.can_be_sealed(d) for d in self.paper.documents()))
    @rule(data=st.data())
    def seal(self, data: st.DataObject) -> None:
        ready = [d for d in self.paper.documents() if self.can_be_sealed(d)]
        self.paper.mark_sealed(data.draw(st.sampled_from(ready)))

    def can_be_sealed(self, document: CaseDocument) -> bool:
        return not (document.void or document.sealed or document.kind in BANK_LETTERS)

    def bank_letters(self) -> list[CaseDocument]:
        return [d for d in self.paper.documents() if d.kind in BANK_LETTERS]

    def is_over(self, document: CaseDocument) -> bool:
        """What a bank has, and no longer matters; a withdrawal prints what its stop printed."""
        if document.kind is STOP:
            return any(d.about == document.document_id and d.sent for d in self.bank_letters())
        return document.kind in ENDS and (document.sent or document.kind is not RELEASE)

    def agreements(self) -> list[CaseDocument]:
        return in_force(self.paper.documents())

    def running(self) -> list[CaseDocument]:
        everything = self.paper.standing.documents
        return [
            d for d in self.paper.documents(STOP) if not d.void and d.ended_by(everything) is None
        ]

    @invariant()
    def outstanding_is_what_was_overpaid_less_what_came_in(self) -> None:
        if self.paper.standing.case is None:
            return
        case = self.case
        assert case.outstanding == case.overpaid - case.recovered >= 0
        assert (case.outstanding == 0) == (case.state is CaseState.CLEARED)
        assert (case.cleared_on is not None) == (case.state is CaseState.CLEARED)

    @invariant()
    def a_card_has_one_stop_in_force_at_most(self) -> None:
        assert max(Counter(d.account_number for d in self.running()).values(), default=0) <= 1

    @invariant()
    def an_open_case_stops_exactly_the_cards_that_a_lost_benefit_is_paid_to(self) -> None:
        if self.paper.standing.case is None:
            return
        due = asked(self.case) - self.let_go - self.spared
        stopped = {d.account_number for d in self.running()}
        assert stopped == (due if self.case.state is CaseState.OPEN else set())

    @invariant()
    def a_stop_has_one_release_or_withdrawal_at_most(self) -> None:
        ends = [d for d in self.paper.documents() if d.kind in ENDS and not d.void]
        assert max(Counter(d.about for d in ends).values(), default=0) <= 1

    @invariant()
    def a_void_stop_that_a_bank_has_is_told_to_it(self) -> None:
        for stop in self.paper.documents(STOP):
            if stop.void and stop.sent:
                assert stop.ended_by(self.paper.standing.documents) is not None

    @invariant()
    def a_release_or_withdrawal_that_a_bank_has_is_void_only_where_a_stop_follows(self) -> None:
        for place, end in enumerate(self.paper.documents()):
            if end.kind in ENDS and end.void and end.sent:
                later = self.paper.documents()[place:]
                assert approval(end) is not None
                assert any(d.kind is STOP and d.account_number == end.account_number for d in later)

    @invariant()
    def nobody_who_owes_is_told_that_all_is_repaid(self) -> None:
        if self.paper.standing.case is None or self.case.state is not CaseState.OPEN:
            return
        for document in self.paper.documents(RELEASE):
            if not (document.void or document.sent):
                assert approval(document) is not None
        for document in self.paper.documents(RESUMPTION):
            assert document.void or RESUMPTION_NOTICE.basis_of(document).approved

    @invariant()
    def every_document_in_force_agrees_with_the_case_as_it_stands(self) -> None:
        if self.paper.standing.case is None:
            return
        documents = self.paper.standing.documents
        remake = Remake(facts=self.case.facts, agency=AGENCY, documents=documents, places={})
        for document in documents:
            if not (document.void or self.is_over(document)):
                printed = self.paper.drafts[document.document_id].data
                assert undated(remake.document(document).data) == undated(printed)

    @invariant()
    def what_a_document_waits_for_or_encloses_is_in_force_or_done(self) -> None:
        alive = {d.document_id for d in self.paper.documents() if not d.void or d.sent}
        for document in self.paper.documents():
            if not (document.void or document.sealed or document.sent):
                named = {*document.encloses, *document.numbers.values(), document.waits_for}
                assert named - {None} <= alive

    @invariant()
    def a_new_stop_leaves_after_whatever_ended_the_one_before(self) -> None:
        for place, stop in enumerate(self.paper.documents(STOP)):
            if stop.void or stop.sealed:
                continue
            before = {d.document_id for d in self.paper.documents(STOP)[:place]}
            ended = [d for d in self.bank_letters() if d.about in before and not d.void]
            mine = [d.document_id for d in ended if d.account_number == stop.account_number]
            assert stop.waits_for == (mine[-1] if mine else None)

    @invariant()
    def no_withdrawal_lets_a_bank_pay_while_a_new_stop_follows_it(self) -> None:
        for stop in self.paper.documents(STOP):
            first = next((d for d in self.bank_letters() if d.document_id == stop.waits_for), None)
            if stop.void or first is None or first.sealed or first.kind is RELEASE:
                continue
            if first.bank_code == stop.bank_code:
                assert first.numbers == {"new_stop_number": stop.document_id}

    @invariant()
    def the_measures_told_are_those_in_force(self) -> None:
        told = [n for d in self.paper.decisions for n in d.news if n.type == "case.changed"]
        if told:
            assert told[-1].data["measures"] == (["stop_payment"] if self.running() else [])

    @invariant()
    def stop_letters_take_the_steps_of_their_table(self) -> None:
        for stop in self.paper.documents(STOP):
            if stop.void:
                continue
            state = letter_state(stop, self.paper.standing.documents)
            before = self.told.get(stop.document_id, LetterState.PLANNED)
            if state is not before:
                STOP_LETTERS.check(before, state)
            self.told[stop.document_id] = state


CaseLife.TestCase.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
TestCaseLife = CaseLife.TestCase
