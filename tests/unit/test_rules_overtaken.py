"""What corrections and voids overtake: nothing leaves with old data, or names what is void."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from cases.case import CaseDocument
from cases.kinds.audit_opinion import AUDIT_OPINION
from cases.kinds.referral_letter import REFERRAL_LETTER
from schemas.documents import DocumentKind
from schemas.errors import Invalid
from tests.building.events import PASSBOOK, Story, benefit, card, example
from tests.building.paper import Paper

NOTICE = DocumentKind.RECOVERY_NOTICE
OPINION = DocumentKind.AUDIT_OPINION
STOP = DocumentKind.STOP_PAYMENT_LETTER
RELEASE = DocumentKind.RELEASE_PAYMENT_LETTER
WITHDRAWAL = DocumentKind.STOP_WITHDRAWAL_LETTER
SUSPENSION = DocumentKind.SUSPENSION_NOTICE
RESUMPTION = DocumentKind.RESUMPTION_NOTICE
REFERRAL = DocumentKind.REFERRAL_LETTER
DEDUCTION = DocumentKind.DEDUCTION_AGREEMENT
OTHER_NAME = {
    "benefit_cards": [card() | {"account_name": "刘德后"}, card(PASSBOOK, "403551000015")]
}


def opened(*benefits: Any, **changes: Any) -> tuple[Paper, Story]:
    paper, story = Paper(), Story()
    paper.apply(story.confirmed(*benefits, **changes))
    return paper, story


def running(paper: Paper) -> list[CaseDocument]:
    everything = paper.standing.documents
    return [s for s in paper.documents(STOP) if not s.void and s.ended_by(everything) is None]


def alarms(paper: Paper) -> list[str]:
    return [alarm.name for alarm in paper.decisions[-1].alarms]


def test_a_stop_that_waits_with_its_release_does_not_leave_with_an_old_name() -> None:
    paper, story = opened()
    paper.apply(story.repaid(), story.corrected(OTHER_NAME))
    assert [d.void for d in paper.documents() if d.kind in (STOP, RELEASE)] == [True, True]
    assert paper.documents(WITHDRAWAL) == []


def test_a_stop_corrected_while_nothing_was_owed_comes_into_force_with_the_new_name() -> None:
    paper, story = opened()
    paper.send(paper.only(STOP))
    paper.apply(story.repaid(receipt_no="R"), story.corrected(OTHER_NAME), story.reversed("R"))
    (stop,) = running(paper)
    assert paper.drafts[stop.document_id].data["account_name"] == "刘德后"
    assert stop.waits_for == paper.only(WITHDRAWAL).document_id


def test_a_stop_that_is_replaced_twice_still_waits_for_the_withdrawal() -> None:
    paper, story = opened()
    paper.send(paper.only(STOP))
    paper.apply(story.corrected(OTHER_NAME), story.voided({"kind": STOP.value}, replace=True))
    assert paper.only(STOP).waits_for == paper.only(WITHDRAWAL).document_id


def test_a_new_stop_waits_for_a_release_that_may_not_have_arrived() -> None:
    paper, story = opened()
    paper.send(paper.only(STOP))
    paper.apply(story.repaid(receipt_no="R"))
    paper.send(paper.only(RELEASE))
    paper.apply(story.reversed("R"))
    assert running(paper)[0].waits_for == paper.only(RELEASE).document_id


def test_the_stop_of_another_card_waits_for_nobody() -> None:
    paper, story = opened(benefit("1.00"), benefit("2.00", paid_to=PASSBOOK))
    paper.send(*paper.documents(STOP))
    paper.apply(story.corrected(OTHER_NAME))
    assert [d.waits_for for d in paper.documents(STOP) if d.account_number == PASSBOOK] == [None]


def test_a_referral_never_encloses_what_the_same_correction_made_void() -> None:
    paper, story = opened(benefit("1000.00"))
    paper.apply(story.agreed(), story.referred(attachments=[{"kind": DEDUCTION.value}]))
    paper.apply(story.corrected({"overpayments": [benefit("700.00")]}))
    assert [d.void for d in paper.documents(REFERRAL)] == [True]
    assert alarms(paper) == ["document_overtaken"] * 2


def test_an_unsealed_agreement_names_the_notice_that_stands_in_for_a_void_one() -> None:
    paper, story = opened()
    paper.apply(story.agreed(), story.voided({"kind": NOTICE.value}, replace=True))
    assert paper.only(DEDUCTION).numbers == {"notice_number": paper.only(NOTICE).document_id}


def test_an_unsealed_agreement_does_not_name_a_void_notice() -> None:
    paper, story = opened()
    paper.apply(story.agreed(), story.voided({"kind": NOTICE.value}))
    assert paper.only(DEDUCTION).numbers == {}
    assert paper.drafts[paper.only(DEDUCTION).document_id].data["notice_number"] == ""


def test_a_sealed_agreement_keeps_the_number_that_it_printed() -> None:
    paper, story = opened()
    paper.apply(story.agreed())
    paper.mark_sealed(paper.only(DEDUCTION))
    before = paper.only(DEDUCTION)
    paper.apply(story.voided({"kind": NOTICE.value}, replace=True))
    assert paper.only(DEDUCTION) == before


def test_a_resumption_by_a_void_agreement_is_void_and_somebody_must_look() -> None:
    paper, story = opened()
    paper.apply(story.agreed(signed_on="2026-03-05"))
    paper.apply(story.resumed(with_deduction=True, release_card=False))
    paper.apply(story.voided({"kind": DEDUCTION.value}))
    assert [d.void for d in paper.documents(RESUMPTION)] == [True]
    assert alarms(paper) == ["document_overtaken"]


@pytest.mark.parametrize("way", ["corrected", "voided"])
def test_nobody_who_has_repaid_gets_another_notice_of_recovery(way: str) -> None:
    paper, story = opened()
    paper.apply(story.repaid(receipt_no="R"))
    if way == "corrected":
        paper.apply(story.corrected({"facts": "另一种说法。"}))
        assert [d.void for d in paper.documents(NOTICE)] == [True]
        return
    with pytest.raises(Invalid) as caught:
        paper.apply(story.voided({"kind": NOTICE.value}, replace=True))
    assert [problem.code for problem in caught.value.problems] == ["not_called_for"]


def test_a_case_that_opens_again_has_a_notice_of_recovery_again() -> None:
    paper, story = opened()
    paper.apply(story.repaid(receipt_no="R"), story.corrected({"facts": "另一种说法。"}))
    paper.apply(story.reversed("R"), story.audited())
    assert paper.only(OPINION).waits_for == paper.only(NOTICE).document_id


def test_a_court_is_not_asked_to_enforce_what_is_repaid() -> None:
    paper, story = opened()
    paper.apply(story.referred("court"), story.repaid())
    paper.apply(story.corrected({"facts": "另一种说法。"}))
    assert [d.void for d in paper.documents(REFERRAL)] == [True]


def test_the_dead_are_asked_for_nothing_anew() -> None:
    paper, story = opened()
    paper.apply(story.audited(), story.agreed())
    party = example("01")["data"]["party"] | {"died_on": "2026-02-01", "groups": []}
    paper.apply(story.corrected({"party": party}))
    assert [d.void for d in paper.documents() if d.kind in (OPINION, DEDUCTION)] == [True, True]
    assert alarms(paper) == ["document_overtaken"] * 2


def test_an_opinion_to_an_heir_stays() -> None:
    paper, story = opened()
    heir = example("04")["data"]["addressee"]
    paper.apply(story.audited(addressee=heir))
    party = example("01")["data"]["party"] | {"died_on": "2026-02-01", "groups": []}
    paper.apply(story.corrected({"party": party}))
    assert paper.only(OPINION).recipient_name == heir["name"]


def test_one_who_is_told_in_the_place_of_another_has_a_notice_that_says_so() -> None:
    paper, story = opened()
    relative = next(d for d in paper.documents(SUSPENSION) if d.role == "relative")
    notify = example("01")["data"]["notify"]
    renamed = [p | {"name": "刘晓芸"} if p["kind"] == "relative" else p for p in notify]
    paper.apply(story.corrected({"notify": renamed}))
    (new,) = (d for d in paper.documents(SUSPENSION) if d.recipient_name == "刘晓芸")
    assert paper.drafts[new.document_id].replaces == relative.document_id


def test_a_correction_that_leaves_nobody_to_stop_raises_its_alarm_once() -> None:
    paper, story = opened()
    unknown = {"overpayments": [benefit("1000.00"), benefit("5.00", paid_to=None)]}
    paper.apply(story.corrected(unknown))
    assert alarms(paper) == ["nobody_to_stop"]
    paper.apply(story.corrected(unknown | {"facts": "另一种说法。"}))
    assert alarms(paper) == []


def test_a_correction_that_clears_doubts_that_a_dead_party_draws_benefits() -> None:
    paper, story = opened(party=example("01")["data"]["party"] | {"groups": []}, promisor=None)
    paper.apply(story.repaid("400.00", still_qualified=True))
    decision = paper.apply(story.corrected({"overpayments": [benefit("400.00")]}))
    assert "dead_party_qualified" in [problem.code for problem in decision.warnings]


def test_a_card_left_as_ordered_is_stopped_when_the_facts_ask_for_it_anew() -> None:
    paper, story = opened()
    paper.apply(story.voided({"kind": STOP.value}), story.corrected({"facts": "另一种说法。"}))
    assert running(paper) == []
    kept = benefit("1000.00", still_paid=False)
    paper.apply(story.corrected({"overpayments": [kept]}))
    paper.apply(story.corrected({"overpayments": [benefit("1000.00")]}))
    assert len(running(paper)) == 1


@pytest.mark.parametrize(
    ("step", "reason"), [("corrected", "案件信息更正"), ("voided", "经批准作废")]
)
def test_the_register_has_a_reason_where_the_event_says_none(step: str, reason: str) -> None:
    paper, story = opened()
    data: Any = {"facts": "另一种说法。"} if step == "corrected" else {"kind": NOTICE.value}
    decision = paper.apply(getattr(story, step)(data, reason=None))
    assert {c.void_reason for c in decision.changes if c.void_reason} == {reason}


NOON = datetime(2026, 4, 1, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("step", "kind"),
    [("agreed", DEDUCTION), ("assisted", DocumentKind.ASSISTANCE_REPORT)],
)
@pytest.mark.parametrize("sealed", [True, False])
@pytest.mark.parametrize("amount", ["400.00", "1000.00"])
def test_what_was_agreed_over_too_much_in_the_moment_of_a_repayment_is_void(
    step: str, kind: DocumentKind, amount: str, *, sealed: bool
) -> None:
    paper, story = opened(benefit("1000.00"))
    paper.apply(getattr(story, step)(time=NOON))
    if sealed:
        paper.mark_sealed(paper.only(kind))
    paper.apply(story.repaid(amount, time=NOON.astimezone(timezone(timedelta(hours=8)))))
    assert [document.void for document in paper.documents(kind)] == [True]
    assert "document_overtaken" in alarms(paper)


def test_what_rests_on_an_overtaken_agreement_is_void_with_it() -> None:
    paper, story = opened(benefit("1000.00"))
    paper.apply(story.agreed(time=NOON, signed_on="2026-03-05"))
    paper.apply(story.resumed(with_deduction=True, time=NOON))
    paper.apply(story.repaid("400.00", time=NOON))
    assert [d.void for d in paper.documents(RESUMPTION)] == [True]


def test_an_opinion_of_the_moment_of_a_repayment_is_made_anew_over_what_is_left() -> None:
    paper, story = opened(benefit("1000.00"))
    paper.apply(story.audited(time=NOON), story.repaid("400.00", time=NOON))
    old, new = paper.documents(OPINION)
    assert (old.void, new.void) == (True, False)
    assert AUDIT_OPINION.basis_of(new).recovered == 400
    assert alarms(paper) == []


def test_an_opinion_made_anew_is_of_no_moment_that_later_news_could_overtake() -> None:
    paper, story = opened(benefit("1000.00"))
    paper.apply(story.audited(time=NOON), story.voided({"kind": "audit_opinion"}, replace=True))
    anew = paper.only(OPINION)
    paper.apply(story.repaid("400.00", time=NOON))
    assert paper.only(OPINION) == anew


def test_a_referral_made_anew_tells_what_has_come_back_until_now() -> None:
    paper, story = opened(benefit("1000.00"))
    paper.apply(story.referred(attachments=[]), story.repaid("400.00"))
    paper.apply(story.voided({"kind": "referral_letter"}, replace=True))
    assert REFERRAL_LETTER.basis_of(paper.only(REFERRAL)).recovered == 400


def test_an_opinion_is_void_where_the_money_of_its_moment_clears_the_case() -> None:
    paper, story = opened(benefit("1000.00"))
    paper.apply(story.audited(time=NOON), story.repaid("1000.00", time=NOON))
    assert [document.void for document in paper.documents(OPINION)] == [True]
    assert "document_overtaken" in alarms(paper)


@pytest.mark.parametrize(("total", "amount"), [("600.00", "400.00"), ("1000.00", None)])
def test_what_is_not_over_too_much_stays(total: str, amount: str | None) -> None:
    paper, story = opened(benefit("1000.00"))
    paper.apply(story.agreed(total, per_month="300.00", to="2026-10", time=NOON))
    if amount:
        paper.apply(story.repaid(amount, time=NOON))
    assert paper.only(DEDUCTION)


def test_money_that_comes_later_overtakes_nothing() -> None:
    paper, story = opened(benefit("1000.00"))
    paper.apply(story.agreed(time=NOON), story.audited(time=NOON))
    paper.apply(story.repaid("400.00", time=NOON + timedelta(microseconds=1)))
    assert paper.only(DEDUCTION)
    assert AUDIT_OPINION.basis_of(paper.only(OPINION)).recovered == 0
    assert alarms(paper) == []
