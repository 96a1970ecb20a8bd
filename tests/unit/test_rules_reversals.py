"""repayment.reversed: what is outstanding grows again, and a cleared case reopens."""

import pytest

from cases.case import CaseState
from cases.stops import letter_state
from schemas.documents import DocumentKind, LetterState
from schemas.errors import Invalid
from tests.building.events import CARD, PASSBOOK, Story, benefit, from_example
from tests.building.paper import Paper

STOP = DocumentKind.STOP_PAYMENT_LETTER
RELEASE = DocumentKind.RELEASE_PAYMENT_LETTER
WITHDRAWAL = DocumentKind.STOP_WITHDRAWAL_LETTER
RESUMPTION = DocumentKind.RESUMPTION_NOTICE
STOP_OF_CARD = {"kind": "stop_payment_letter", "account_number": CARD}


def cleared(*, still_qualified: bool | None = None) -> tuple[Paper, Story]:
    """A case that the repayment R has cleared."""
    paper, story = Paper(), Story()
    repaid = story.repaid(receipt_no="R", still_qualified=still_qualified)
    paper.apply(story.confirmed(), repaid)
    return paper, story


def test_a_reversal_in_an_open_case_adds_to_what_is_outstanding() -> None:
    paper = Paper()
    paper.apply(from_example("01"), from_example("05"))
    decision = paper.apply(from_example("43", receipt_no="CZZH-20260619-0031"))
    (news,) = decision.news
    assert (news.data["recovered"], news.data["outstanding"]) == ("0.00", "3465.30")
    assert (decision.drafts, decision.changes) == ((), ())


def test_a_release_that_has_not_left_is_void_and_its_stop_stays_in_force() -> None:
    paper, story = cleared()
    release = paper.only(RELEASE)
    decision = paper.apply(story.reversed("R"))
    (change,) = decision.changes
    assert change.document_id == release.document_id
    assert change.void_reason is not None
    assert "到账户名不符，银行退汇" in change.void_reason
    assert change.approved_by == {"name": "李科长", "post": "稽核科科长"}
    assert decision.drafts == ()
    assert letter_state(paper.only(STOP), paper.standing.documents) is LetterState.PLANNED


def test_a_release_that_has_left_is_followed_by_a_new_stop_of_that_card() -> None:
    paper, story = cleared()
    paper.send(paper.only(STOP), paper.only(RELEASE))
    decision = paper.apply(story.reversed("R"))
    assert decision.changes == ()
    (stop,) = decision.drafts
    assert (stop.kind, stop.account_number) == (STOP, CARD)
    assert not paper.only(RELEASE).void


def test_what_is_told_of_a_reopened_case() -> None:
    paper, story = cleared()
    decision = paper.apply(story.reversed("R"))
    (news,) = decision.news
    assert (news.type, news.data["state"]) == ("case.changed", "open")
    assert news.data["outstanding"] == "1000.00"
    assert news.data["measures"] == ["stop_payment"]
    assert decision.case.state is CaseState.OPEN
    assert decision.case.cleared_on is None


def test_of_two_cards_only_the_released_one_is_stopped_again() -> None:
    paper, story = Paper(), Story()
    paper.apply(
        story.confirmed(benefit("1.00"), benefit("2.00", paid_to=PASSBOOK)),
        story.repaid("3.00", receipt_no="R"),
    )
    first_stop, first_release = paper.documents(STOP)[0], paper.documents(RELEASE)[0]
    paper.send(first_stop, first_release)
    decision = paper.apply(story.reversed("R"))
    assert [draft.account_number for draft in decision.drafts] == [CARD]
    assert [c.document_id for c in decision.changes] == [paper.documents(RELEASE)[1].document_id]


def test_a_resumption_notice_is_void_for_it_is_no_longer_true() -> None:
    paper, story = cleared(still_qualified=True)
    resumption = paper.only(RESUMPTION)
    decision = paper.apply(story.reversed("R"))
    assert resumption.document_id in {change.document_id for change in decision.changes}


def test_a_case_that_clears_again_releases_again_and_only_what_is_in_force() -> None:
    paper, story = cleared()
    paper.send(paper.only(STOP), paper.only(RELEASE))
    paper.apply(story.reversed("R"))
    new_stop = paper.documents(STOP)[1]
    decision = paper.apply(story.repaid(receipt_no="S"))
    assert [draft.about for draft in decision.drafts] == [new_stop.document_id]


def test_a_second_reversal_stops_again_only_what_the_second_release_let_go() -> None:
    paper, story = cleared()
    paper.send(paper.only(STOP), paper.only(RELEASE))
    paper.apply(story.reversed("R"), story.repaid(receipt_no="S"))
    decision = paper.apply(story.reversed("S"))
    assert decision.drafts == ()
    assert [c.document_id for c in decision.changes] == [paper.documents(RELEASE)[1].document_id]


def test_a_stop_that_an_operator_made_void_is_not_renewed() -> None:
    paper, story = Paper(), Story()
    paper.apply(story.confirmed(), story.voided({"kind": "stop_payment_letter"}))
    paper.apply(story.repaid(receipt_no="R"))
    decision = paper.apply(story.reversed("R"))
    assert decision.drafts == ()
    assert decision.news[0].data["measures"] == []


def test_a_withdrawal_that_has_not_left_is_void_too() -> None:
    paper, story = Paper(), Story()
    paper.apply(story.confirmed(), story.receipted(STOP_OF_CARD, executed=False))
    paper.apply(story.repaid(receipt_no="R"), story.reversed("R"))
    (withdrawal,) = paper.documents(WITHDRAWAL)
    assert withdrawal.void
    assert letter_state(paper.only(STOP), paper.standing.documents) is LetterState.REFUSED


@pytest.mark.parametrize(
    ("receipt_no", "code"), [("unknown", "no_such_repayment"), ("R", "already_reversed")]
)
def test_only_a_repayment_that_counts_is_reversed(receipt_no: str, code: str) -> None:
    paper, story = cleared()
    paper.apply(story.reversed("R"))
    with pytest.raises(Invalid) as caught:
        paper.apply(story.reversed(receipt_no))
    (problem,) = caught.value.problems
    assert (problem.pointer, problem.code) == ("/data/receipt_no", code)


def test_the_example_reopens_the_case_and_stops_the_card_again() -> None:
    paper = Paper()
    paper.apply(*(from_example(name) for name in ("01", "05", "06")))
    paper.send(paper.only(STOP), paper.only(RELEASE))
    decision = paper.apply(from_example("43"))
    assert [draft.kind for draft in decision.drafts] == [STOP]
    assert decision.news[0].data["outstanding"] == "2000.00"


def test_a_release_that_left_ends_its_stop_for_good_even_where_an_operator_made_it_void() -> None:
    paper, story = cleared()
    paper.send(paper.only(STOP), paper.only(RELEASE))
    paper.mark_void(paper.only(RELEASE))
    decision = paper.apply(story.reversed("R"))
    assert [draft.kind for draft in decision.drafts] == [STOP]


def test_the_withdrawal_of_a_void_stop_is_not_lost_and_names_the_stop_that_follows() -> None:
    paper, story = Paper(), Story()
    paper.apply(story.confirmed(), story.receipted(STOP_OF_CARD, executed=False))
    paper.apply(story.repaid(receipt_no="R"))
    paper.mark_void(paper.only(STOP))
    stop = paper.documents(STOP)[0].document_id
    decision = paper.apply(story.reversed("R"))
    assert [draft.kind for draft in decision.drafts] == [WITHDRAWAL, STOP]
    assert paper.only(WITHDRAWAL).about == stop
    new = next(d for d in paper.documents(STOP) if not d.void)
    assert paper.only(WITHDRAWAL).numbers == {"new_stop_number": new.document_id}
