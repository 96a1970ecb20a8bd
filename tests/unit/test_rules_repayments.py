"""repayment.recorded: what is outstanding, when a case is cleared, and what follows."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from cases.case import CaseState
from cases.stops import letter_state
from schemas.documents import DocumentKind, LetterState
from schemas.errors import Invalid
from tests.building.events import CARD, PASSBOOK, START, Story, benefit, from_example
from tests.building.paper import Paper

STOP = DocumentKind.STOP_PAYMENT_LETTER
RELEASE = DocumentKind.RELEASE_PAYMENT_LETTER
WITHDRAWAL = DocumentKind.STOP_WITHDRAWAL_LETTER
RESUMPTION = DocumentKind.RESUMPTION_NOTICE
STOP_OF_CARD = {"kind": "stop_payment_letter", "account_number": CARD}


def codes(caught: pytest.ExceptionInfo[Invalid]) -> list[tuple[str, str]]:
    return [(problem.pointer, problem.code) for problem in caught.value.problems]


def opened(*benefits: dict[str, object]) -> tuple[Paper, Story]:
    paper, story = Paper(), Story()
    paper.apply(story.confirmed(*benefits))
    return paper, story


def test_a_part_leaves_the_rest_outstanding_and_the_stop_in_force() -> None:
    paper = Paper()
    decision = paper.apply(from_example("01"), from_example("05"))
    (news,) = decision.news
    assert (news.type, news.data["state"]) == ("case.changed", "open")
    assert (news.data["recovered"], news.data["outstanding"]) == ("1465.30", "2000.00")
    assert news.data["measures"] == ["stop_payment"]
    assert decision.drafts == ()


def test_the_rest_clears_the_case_and_releases_the_stop_once() -> None:
    paper = Paper()
    decision = paper.apply(from_example("01"), from_example("05"), from_example("06"))
    assert decision.case.state is CaseState.CLEARED
    (release,) = decision.drafts
    stop = paper.only(STOP)
    assert (release.kind, release.about) == (RELEASE, stop.document_id)
    assert release.waits_for == stop.document_id
    assert not stop.void


def test_what_is_told_of_a_cleared_case_is_the_example_of_the_contract() -> None:
    decision = Paper().apply(from_example("01"), from_example("05"), from_example("06"))
    changed, cleared = decision.news
    assert (changed.type, changed.data["state"]) == ("case.changed", "cleared")
    assert changed.data["measures"] == []
    assert cleared.type == "case.cleared"
    assert dict(cleared.data) == {
        "case_no": "430111-2026-000017",
        "agency": "430111",
        "overpaid": "3465.30",
        "recovered": "3465.30",
        "outstanding": "0.00",
        "cleared_on": "2026-07-03",
        "still_qualified": False,
    }


def test_every_card_that_was_stopped_is_released() -> None:
    paper, story = opened(benefit("1.00"), benefit("2.00", paid_to=PASSBOOK))
    paper.apply(story.repaid("3.00"))
    released = [d.account_number for d in paper.documents(RELEASE)]
    assert released == [CARD, PASSBOOK]


def test_more_than_is_outstanding_is_rejected_as_the_contract_says() -> None:
    paper, story = opened(benefit("1.00"))
    with pytest.raises(Invalid) as caught:
        paper.apply(story.repaid("2.00"))
    (problem,) = caught.value.problems
    assert (problem.pointer, problem.code) == ("/data/amount", "exceeds_outstanding")
    assert problem.message == "还款金额 2.00 元大于未还余额 1.00 元"
    assert problem.message_en == "The repayment of 2.00 exceeds the outstanding 1.00."


def test_nothing_more_can_come_in_for_a_cleared_case() -> None:
    paper, story = opened()
    paper.apply(story.repaid())
    with pytest.raises(Invalid) as caught:
        paper.apply(story.repaid("0.01"))
    assert codes(caught) == [("/data/amount", "exceeds_outstanding")]


def test_a_receipt_number_counts_once() -> None:
    paper, story = opened()
    paper.apply(story.repaid("1.00", receipt_no="R"))
    with pytest.raises(Invalid) as caught:
        paper.apply(story.repaid("2.00", receipt_no="R"))
    assert codes(caught) == [("/data/receipt_no", "receipt_repeated")]


def test_all_that_is_wrong_with_a_repayment_is_told_at_once() -> None:
    paper, story = opened()
    paper.apply(story.repaid("1.00", receipt_no="R"))
    with pytest.raises(Invalid) as caught:
        paper.apply(story.repaid("1000.00", receipt_no="R"))
    assert codes(caught) == [
        ("/data/receipt_no", "receipt_repeated"),
        ("/data/amount", "exceeds_outstanding"),
    ]


def test_the_receipt_number_of_a_reversed_repayment_stays_taken() -> None:
    paper, story = opened()
    paper.apply(story.repaid("1.00", receipt_no="R"), story.reversed("R"))
    with pytest.raises(Invalid) as caught:
        paper.apply(story.repaid("1.00", receipt_no="R"))
    assert codes(caught) == [("/data/receipt_no", "receipt_repeated")]


def test_a_case_is_cleared_on_the_day_the_last_money_came_whatever_order_it_is_told_in() -> None:
    paper, story = opened()
    paper.apply(
        story.repaid("400.00", received_on="2026-07-03"),
        story.repaid("600.00", received_on="2026-06-19"),
    )
    assert paper.decisions[-1].news[1].data["cleared_on"] == "2026-07-03"


def test_money_that_bounced_does_not_tell_the_day_of_clearing() -> None:
    paper, story = opened()
    paper.apply(
        story.repaid("1.00", receipt_no="R", received_on="2026-08-01"),
        story.reversed("R"),
        story.repaid(received_on="2026-07-03"),
    )
    assert paper.decisions[-1].news[1].data["cleared_on"] == "2026-07-03"


def test_who_is_still_qualified_gets_a_resumption_notice() -> None:
    paper, story = opened()
    decision = paper.apply(story.repaid(still_qualified=True))
    assert [draft.kind for draft in decision.drafts] == [RELEASE, RESUMPTION]
    assert decision.alarms == ()


def test_who_is_not_qualified_gets_none_and_nobody_is_alarmed() -> None:
    paper, story = opened()
    decision = paper.apply(story.repaid(still_qualified=False))
    assert [draft.kind for draft in decision.drafts] == [RELEASE]
    assert decision.alarms == ()


def test_an_unknown_qualification_asks_for_a_decision() -> None:
    paper, story = opened()
    decision = paper.apply(story.repaid(still_qualified=None))
    assert [alarm.name for alarm in decision.alarms] == ["qualification_unknown"]
    assert decision.news[1].data["still_qualified"] is None


def test_the_latest_word_on_qualification_counts_by_time_and_silence_says_nothing() -> None:
    paper, story = opened()
    late = START + timedelta(days=9)
    paper.apply(
        story.repaid("1.00", still_qualified=True, time=late),
        story.repaid("2.00", still_qualified=False, time=START + timedelta(days=2)),
    )
    decision = paper.apply(story.repaid("997.00", time=late + timedelta(days=1)))
    assert decision.news[1].data["still_qualified"] is True


def test_the_word_of_a_reversed_repayment_does_not_count() -> None:
    paper, story = opened()
    paper.apply(story.repaid("1.00", receipt_no="R", still_qualified=True), story.reversed("R"))
    decision = paper.apply(story.repaid("1000.00"))
    assert [alarm.name for alarm in decision.alarms] == ["qualification_unknown"]


def test_that_a_dead_party_is_qualified_is_a_warning() -> None:
    paper = Paper()
    rest = from_example("06", still_qualified=True)
    decision = paper.apply(from_example("01"), from_example("05"), rest)
    assert [(w.pointer, w.code) for w in decision.warnings] == [
        ("/data/still_qualified", "dead_party_qualified")
    ]
    assert decision.drafts[-1].kind is RESUMPTION


def test_a_stop_that_the_bank_refused_is_withdrawn_instead_of_released() -> None:
    paper, story = opened()
    paper.apply(story.receipted(STOP_OF_CARD, executed=False), story.repaid())
    withdrawal, stop = paper.only(WITHDRAWAL), paper.only(STOP)
    assert withdrawal.about == stop.document_id
    assert paper.drafts[withdrawal.document_id].waits_for == stop.document_id
    assert paper.documents(RELEASE) == []
    assert letter_state(stop, paper.standing.documents) is LetterState.WITHDRAWN


def test_a_void_stop_is_not_released() -> None:
    paper, story = opened()
    paper.mark_void(paper.only(STOP))
    decision = paper.apply(story.repaid())
    assert decision.drafts == ()


def test_sums_keep_every_fen() -> None:
    paper, story = opened(benefit("0.10"), benefit("0.20"))
    paper.apply(story.repaid("0.10"), story.repaid("0.19"))
    case = paper.standing.case
    assert case is not None
    assert case.outstanding == Decimal("0.01")


def test_an_event_of_a_case_that_is_not_open_is_no_business_of_the_rules() -> None:
    with pytest.raises(ValueError, match="parked"):
        Paper().apply(Story().repaid())


def test_days_are_those_of_china() -> None:
    paper, story = opened()
    paper.apply(story.repaid(receipt_no="R"))
    paper.send(paper.only(STOP), paper.only(RELEASE))
    late_in_utc = datetime(2026, 7, 6, 17, 0, tzinfo=UTC)
    decision = paper.apply(story.reversed("R", time=late_in_utc))
    assert "2026年7月7日" in str(dict(decision.drafts[0].data))


def test_the_day_of_deposit_is_told_later_once() -> None:
    paper, story = opened()
    paper.apply(story.repaid("1.00", receipt_no="R", deposited_on=None))
    paper.apply(story.deposited("R", "2026-06-20"))
    assert [r.deposited_on for r in paper.standing.opened.repayments] == [date(2026, 6, 20)]
    with pytest.raises(Invalid) as caught:
        paper.apply(story.deposited("R", "2026-06-21"))
    assert codes(caught) == [("/data/receipt_no", "already_deposited")]


@pytest.mark.parametrize(
    ("receipt_no", "day", "found"),
    [
        ("unknown", "2026-06-20", ("/data/receipt_no", "no_such_repayment")),
        ("gone", "2026-06-20", ("/data/receipt_no", "already_reversed")),
        ("R", "2026-06-18", ("/data/deposited_on", "deposited_before_received")),
    ],
)
def test_a_deposit_is_of_money_that_came_in_and_not_before_it(
    receipt_no: str, day: str, found: tuple[str, str]
) -> None:
    paper, story = opened()
    paper.apply(story.repaid("1.00", receipt_no="R", deposited_on=None))
    paper.apply(story.repaid("1.00", receipt_no="gone", deposited_on=None), story.reversed("gone"))
    with pytest.raises(Invalid) as caught:
        paper.apply(story.deposited(receipt_no, day))
    assert codes(caught) == [found]
