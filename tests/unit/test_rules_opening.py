"""overpayment.confirmed: what it opens, and which letters it calls for."""

import pytest

from schemas.documents import DocumentKind
from schemas.errors import Invalid
from tests.building.events import BANK_CODE, CARD, PASSBOOK, Story, benefit, from_example
from tests.building.paper import Paper

NOTICE = DocumentKind.RECOVERY_NOTICE
STOP = DocumentKind.STOP_PAYMENT_LETTER
SUSPENSION = DocumentKind.SUSPENSION_NOTICE


def kinds(paper: Paper) -> list[DocumentKind]:
    return [document.kind for document in paper.documents()]


def test_the_example_calls_for_the_notice_the_stop_and_two_suspension_notices_in_this_order() -> (
    None
):
    paper = Paper()
    paper.apply(from_example("01"))
    assert kinds(paper) == [NOTICE, STOP, SUSPENSION, SUSPENSION]
    stop = paper.only(STOP)
    assert (stop.account_number, stop.bank_code) == (CARD, BANK_CODE)
    told = [paper.drafts[d.document_id].recipient.name for d in paper.documents(SUSPENSION)]
    assert told == ["刘晓云", "井湾子街道某某社区居民委员会"]


def test_what_is_told_is_the_example_of_the_contract() -> None:
    decision = Paper().apply(from_example("01"))
    (news,) = decision.news
    assert news.type == "case.changed"
    assert dict(news.data) == {
        "case_no": "430111-2026-000017",
        "agency": "430111",
        "state": "open",
        "overpaid": "3465.30",
        "recovered": "0.00",
        "outstanding": "3465.30",
        "measures": ["stop_payment"],
    }


def test_two_benefits_on_two_cards_stop_both_banks() -> None:
    paper = Paper()
    paper.apply(from_example("11"))
    banks = [stop.bank_code for stop in paper.documents(STOP)]
    assert banks == ["102551000029", "403551000015"]


def test_two_benefits_on_one_card_stop_it_once() -> None:
    paper = Paper()
    paper.apply(Story().confirmed(benefit("1.00"), benefit("2.00")))
    assert len(paper.documents(STOP)) == 1


def test_a_lost_benefit_that_is_no_longer_paid_stops_no_card() -> None:
    paper = Paper()
    decision = paper.apply(from_example("21"))
    assert kinds(paper) == [NOTICE]
    assert decision.news[0].data["measures"] == []


def test_who_merely_draws_two_benefits_keeps_the_card_and_nobody_is_told() -> None:
    paper = Paper()
    paper.apply(Story().confirmed(benefit(entitlement_lost=False)))
    assert kinds(paper) == [NOTICE]


def test_relatives_are_told_of_a_lost_benefit_that_is_no_longer_paid() -> None:
    paper = Paper()
    paper.apply(Story().confirmed(benefit(still_paid=False)))
    assert kinds(paper) == [NOTICE, SUSPENSION, SUSPENSION]


def test_only_the_card_of_the_benefit_that_must_stop_is_stopped() -> None:
    paper = Paper()
    kept = benefit(entitlement_lost=False, paid_to=CARD)
    paper.apply(Story().confirmed(kept, benefit(paid_to=PASSBOOK)))
    assert paper.only(STOP).account_number == PASSBOOK


def test_an_unknown_card_raises_an_alarm_and_stops_the_others() -> None:
    paper = Paper()
    decision = paper.apply(Story().confirmed(benefit(), benefit(paid_to=None)))
    (alarm,) = decision.alarms
    assert alarm.name == "nobody_to_stop"
    assert alarm.details == {"pointer": "/data/overpayments/1/paid_to"}
    assert len(paper.documents(STOP)) == 1


def test_a_case_is_opened_once() -> None:
    paper, story = Paper(), Story()
    paper.apply(story.confirmed())
    with pytest.raises(Invalid) as caught:
        paper.apply(story.confirmed())
    (problem,) = caught.value.problems
    assert (problem.pointer, problem.code) == ("/data/case_no", "case_exists")


@pytest.mark.parametrize("still_paid", [True, False])
def test_letters_about_stopping_need_the_day_from_which(*, still_paid: bool) -> None:
    event = Story().confirmed(benefit(still_paid=still_paid), stop_from=None)
    with pytest.raises(Invalid) as caught:
        Paper().apply(event)
    assert [p.code for p in caught.value.problems] == ["stop_from_required"]


def test_without_a_letter_about_stopping_no_such_day_is_needed() -> None:
    paper = Paper()
    paper.apply(Story().confirmed(benefit(still_paid=False), stop_from=None, notify=[]))
    assert kinds(paper) == [NOTICE]
