"""case.corrected and document.void: what would print otherwise is void, and nothing is silent."""

from typing import Any

import pytest

from cases.case import CaseState
from schemas.documents import DocumentKind
from schemas.errors import Invalid
from tests.building.events import CARD, PASSBOOK, Story, benefit, card, example, from_example
from tests.building.paper import AGENCY, Paper

NOTICE = DocumentKind.RECOVERY_NOTICE
OPINION = DocumentKind.AUDIT_OPINION
STOP = DocumentKind.STOP_PAYMENT_LETTER
RELEASE = DocumentKind.RELEASE_PAYMENT_LETTER
WITHDRAWAL = DocumentKind.STOP_WITHDRAWAL_LETTER
SUSPENSION = DocumentKind.SUSPENSION_NOTICE
REFERRAL = DocumentKind.REFERRAL_LETTER
DEDUCTION = DocumentKind.DEDUCTION_AGREEMENT
OTHER_CARD = "6216605500000987655"


def opened(*benefits: Any, **changes: Any) -> tuple[Paper, Story]:
    paper, story = Paper(), Story()
    paper.apply(story.confirmed(*benefits, **changes))
    return paper, story


def refused(paper: Paper, *events: Any) -> list[tuple[str, str]]:
    with pytest.raises(Invalid) as caught:
        paper.apply(*events)
    return [(problem.pointer, problem.code) for problem in caught.value.problems]


def in_force(paper: Paper) -> list[DocumentKind]:
    return [d.kind for d in paper.documents() if not d.void]


def state(paper: Paper) -> CaseState:
    assert paper.standing.case is not None
    return paper.standing.case.state


def test_the_contracts_correction_issues_the_notice_anew_and_leaves_the_rest() -> None:
    paper = Paper()
    paper.apply(from_example("24"), from_example("42"))
    old, new = paper.documents(NOTICE)
    assert (old.void, new.void) == (True, False)
    assert paper.drafts[new.document_id].replaces == old.document_id
    assert paper.drafts[new.document_id].data["total"] == "6426.12元"
    assert [d.void for d in paper.documents(STOP)] == [False]
    assert [d.void for d in paper.documents(SUSPENSION)] == [False]


def test_a_correction_that_changes_nothing_printed_issues_nothing() -> None:
    paper, story = opened()
    party = example("01")["data"]["party"] | {"died_on": None, "groups": []}
    decision = paper.apply(story.corrected({"party": party}))
    assert (decision.drafts, decision.changes) == ((), ())
    assert decision.news[0].type == "case.changed"


def test_other_settings_of_the_agency_alone_issue_nothing() -> None:
    paper, story = opened()
    party = example("01")["data"]["party"] | {"died_on": None, "groups": []}
    moved = AGENCY.model_copy(
        update={"contact": AGENCY.contact.model_copy(update={"phone": "0731-1"})}
    )
    assert paper.apply(story.corrected({"party": party}), agency=moved).drafts == ()


def test_an_amount_corrected_after_the_opinion_makes_a_new_opinion_over_what_is_owed() -> None:
    paper, story = opened(benefit("1000.00"))
    paper.apply(story.audited(), story.repaid("100.00"))
    paper.apply(story.corrected({"overpayments": [benefit("700.00")]}))
    old, new = paper.documents(OPINION)
    draft = paper.drafts[new.document_id]
    assert (old.void, draft.replaces, draft.data["amount"]) == (True, old.document_id, "600.00")
    assert new.waits_for == paper.only(NOTICE).document_id


def test_an_opinion_that_still_waits_follows_the_notice_that_stands_in() -> None:
    paper, story = opened()
    paper.apply(story.audited(), story.corrected({"facts": "另一种说法。"}))
    assert not paper.only(OPINION).void
    assert paper.only(OPINION).waits_for == paper.only(NOTICE).document_id


def test_a_stop_that_has_not_left_is_void_without_a_word_to_the_bank() -> None:
    paper, story = opened()
    paper.apply(story.corrected({"benefit_cards": [card() | {"account_name": "刘德后"}, *PASS]}))
    assert paper.documents(WITHDRAWAL) == []
    assert [d.void for d in paper.documents(STOP)] == [True, False]


PASS = [card(PASSBOOK, "403551000015")]


def test_a_stop_that_was_sent_is_withdrawn_before_the_new_one_is_made() -> None:
    paper, story = opened()
    paper.send(paper.only(STOP))
    paper.apply(story.corrected({"benefit_cards": [card() | {"account_name": "刘德后"}, *PASS]}))
    old, new = paper.documents(STOP)
    withdrawal = paper.only(WITHDRAWAL)
    assert (old.void, withdrawal.about, withdrawal.waits_for) == (True, *[old.document_id] * 2)
    assert new.waits_for == withdrawal.document_id
    assert paper.drafts[new.document_id].replaces == old.document_id


def test_another_card_in_the_place_of_the_wrong_one_is_stopped_and_that_one_withdrawn() -> None:
    paper, story = opened()
    paper.send(paper.only(STOP))
    changes = {
        "overpayments": [benefit(paid_to=OTHER_CARD)],
        "benefit_cards": [card(OTHER_CARD), *PASS],
    }
    paper.apply(story.corrected(changes))
    old, new = paper.documents(STOP)
    assert (old.void, new.account_number) == (True, OTHER_CARD)
    assert paper.drafts[new.document_id].replaces == old.document_id
    # the bank knows the card that the letter printed
    assert paper.drafts[paper.only(WITHDRAWAL).document_id].data["account_number"] == CARD


def test_a_benefit_that_was_not_lost_after_all_lets_its_card_go() -> None:
    paper, story = opened(benefit("1.00"), benefit("2.00", paid_to=PASSBOOK))
    paper.send(*paper.documents(STOP))
    kept = benefit("2.00", paid_to=PASSBOOK, entitlement_lost=False)
    decision = paper.apply(story.corrected({"overpayments": [benefit("1.00"), kept]}))
    assert paper.only(WITHDRAWAL).account_number == PASSBOOK
    assert [d.account_number for d in paper.documents(STOP) if not d.void] == [CARD]
    assert decision.news[0].data["measures"] == ["stop_payment"]


def test_who_is_no_longer_to_be_told_has_his_notice_void_and_who_is_new_is_told() -> None:
    paper, story = opened()
    relative, community = paper.documents(SUSPENSION)
    employer = {"kind": "employer", "name": "某某厂", "address": "某某路"}
    notify = [example("01")["data"]["notify"][0], employer]
    paper.apply(story.corrected({"notify": notify}))
    standing = {d.recipient_name: d.void for d in paper.documents(SUSPENSION)}
    assert standing == {
        relative.recipient_name: False,
        community.recipient_name: True,
        "某某厂": False,
    }


def test_a_correction_to_exactly_what_came_in_clears_the_case() -> None:
    paper, story = opened(benefit("1000.00"))
    paper.send(paper.only(STOP))
    paper.apply(story.audited(), story.repaid("400.00"))
    decision = paper.apply(story.corrected({"overpayments": [benefit("400.00")]}))
    assert state(paper) is CaseState.CLEARED
    assert [n.type for n in decision.news] == ["case.changed", "case.cleared"]
    assert paper.only(RELEASE).about == paper.only(STOP).document_id
    assert [d.void for d in paper.documents(OPINION)] == [True]


def test_a_correction_upwards_opens_a_cleared_case_again_and_stops_its_card() -> None:
    paper, story = opened(benefit("1000.00"))
    paper.send(paper.only(STOP))
    paper.apply(story.repaid())
    paper.send(paper.only(RELEASE))
    paper.apply(story.corrected({"overpayments": [benefit("1000.01")]}))
    assert state(paper) is CaseState.OPEN
    assert [d.void for d in paper.documents(STOP)] == [False, False]
    assert [d.void for d in paper.documents(RELEASE)] == [False]


def test_a_correction_below_what_came_in_is_rejected() -> None:
    paper, story = opened(benefit("1000.00"))
    paper.apply(story.repaid("400.00"))
    found = refused(paper, story.corrected({"overpayments": [benefit("399.99")]}))
    assert found == [("/data/changes/overpayments", "corrected_below_recovered")]


def test_a_correction_that_does_not_fit_what_stays_is_rejected_as_a_whole() -> None:
    paper = Paper()
    paper.apply(from_example("01"))
    found = refused(paper, Story().corrected({"overpayments": [benefit("1.00")]}))
    assert found == [("/data/changes", "lump_sum_mismatch")]


def test_an_agreement_over_more_than_is_owed_now_is_void_and_somebody_must_look() -> None:
    paper, story = opened(benefit("1000.00"))
    paper.apply(story.agreed())
    decision = paper.apply(story.corrected({"overpayments": [benefit("700.00")]}))
    assert [d.void for d in paper.documents(DEDUCTION)] == [True]
    assert [alarm.name for alarm in decision.alarms] == ["document_overtaken"]


def test_an_agreement_and_a_referral_name_the_notice_that_stands_in() -> None:
    paper, story = opened()
    paper.apply(story.agreed(), story.referred(), story.corrected({"facts": "另一种说法。"}))
    notice = paper.only(NOTICE).document_id
    assert paper.only(DEDUCTION).numbers == {"notice_number": notice}
    assert paper.only(REFERRAL).encloses == (notice,)


def test_a_void_document_stays_with_its_reason_and_approver() -> None:
    paper = Paper()
    decision = paper.apply(from_example("24"), from_example("41"))
    (change,) = decision.changes
    assert change.void_reason == "主送单位有误，当事人退休前单位已注销"
    assert change.approved_by == {"name": "李科长", "post": "稽核科科长"}
    assert (decision.drafts, decision.news) == ((), ())


def test_a_replaced_document_is_as_the_facts_now_are() -> None:
    paper, story = opened(benefit("1000.00"))
    paper.apply(story.audited(), story.repaid("100.00"))
    paper.apply(story.voided({"kind": "audit_opinion"}, replace=True))
    assert paper.drafts[paper.only(OPINION).document_id].data["amount"] == "900.00"


def test_a_void_stop_that_the_bank_has_is_withdrawn() -> None:
    paper, story = opened()
    paper.send(paper.only(STOP))
    decision = paper.apply(story.voided({"kind": "stop_payment_letter"}))
    assert [draft.kind for draft in decision.drafts] == [WITHDRAWAL]
    assert decision.news[0].data["measures"] == []


def test_a_void_stop_that_is_replaced_stops_the_card_after_the_withdrawal() -> None:
    paper, story = opened()
    paper.send(paper.only(STOP))
    paper.apply(story.voided({"kind": "stop_payment_letter"}, replace=True))
    assert paper.only(STOP).waits_for == paper.only(WITHDRAWAL).document_id


def test_a_void_stop_takes_a_release_that_has_not_left_with_it() -> None:
    paper, story = opened()
    paper.apply(story.repaid(), story.voided({"kind": "stop_payment_letter"}))
    assert [d.void for d in paper.documents(RELEASE)] == [True]
    assert paper.documents(WITHDRAWAL) == []


@pytest.mark.parametrize("replace", [True, False])
def test_a_release_that_the_bank_has_cannot_be_void(*, replace: bool) -> None:
    paper, story = opened()
    paper.send(paper.only(STOP))
    paper.apply(story.repaid())
    paper.send(paper.only(RELEASE))
    found = refused(paper, story.voided({"kind": "release_payment_letter"}, replace=replace))
    assert found == [("/data/document", "letter_has_left")]


def test_nothing_is_asked_for_anew_where_nothing_is_owed() -> None:
    paper, story = opened()
    paper.apply(story.audited(), story.repaid())
    found = refused(paper, story.voided({"kind": "audit_opinion"}, replace=True))
    assert found == [("/data/replace", "not_called_for")]


def test_a_withdrawal_of_a_void_stop_is_never_just_dropped() -> None:
    paper, story = opened()
    paper.send(paper.only(STOP))
    paper.apply(story.voided({"kind": "stop_payment_letter"}, replace=True))
    found = refused(paper, story.voided({"kind": "stop_withdrawal_letter"}))
    assert found == [("/data/replace", "must_be_replaced")]
    paper.apply(story.voided({"kind": "stop_withdrawal_letter"}, replace=True))
    assert paper.only(STOP).waits_for == paper.only(WITHDRAWAL).document_id


def test_an_opinion_that_waits_for_a_void_notice_is_void_with_it() -> None:
    paper, story = opened()
    paper.apply(story.audited(), story.voided({"kind": "recovery_notice"}))
    assert in_force(paper) == [STOP, SUSPENSION, SUSPENSION]


def test_a_bank_may_answer_a_letter_that_was_void_after_it_had_left() -> None:
    paper, story = opened()
    stop = paper.only(STOP)
    paper.send(stop)
    paper.apply(story.voided({"kind": "stop_payment_letter"}))
    decision = paper.apply(story.receipted({"reference": stop.document_id}))
    assert decision.drafts == ()
    assert len(paper.documents(STOP)[0].receipts) == 1
