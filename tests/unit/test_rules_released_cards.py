"""A card that was let go: what is new stops it again, and so does the end of its release."""

from typing import Any

import pytest

from cases.case import CaseDocument
from cases.kinds import ENDS
from schemas.documents import DocumentKind
from schemas.errors import Invalid
from tests.building.events import CARD, PASSBOOK, Json, Story, benefit
from tests.building.paper import Paper

STOP = DocumentKind.STOP_PAYMENT_LETTER
RELEASE = DocumentKind.RELEASE_PAYMENT_LETTER
SPAN = {"from": "2024-12", "to": "2026-02"}
FIRST = benefit("1000.00", **SPAN)


def released(*, sent: bool = True) -> tuple[Paper, Story, CaseDocument]:
    """A case whose card was let go by an approved resumption."""
    paper, story = Paper(), Story()
    paper.apply(story.confirmed(FIRST))
    paper.send(paper.only(STOP))
    paper.apply(story.resumed())
    if sent:
        paper.send(paper.only(RELEASE))
    return paper, story, paper.only(RELEASE)


@pytest.mark.parametrize("sent", [True, False])
@pytest.mark.parametrize(
    "new",
    [
        benefit("500.00", insurance="work_injury", benefit="供养亲属抚恤金"),
        benefit("500.00", **{"from": "2026-03", "to": "2026-05"}),
    ],
)
def test_a_new_overpayment_on_a_released_card_stops_it_again(*, new: Json, sent: bool) -> None:
    paper, story, _release = released(sent=sent)
    decision = paper.apply(story.corrected({"overpayments": [FIRST, new]}))
    stop = next(d for d in reversed(paper.documents(STOP)) if not d.void)
    (end,) = (d for d in paper.documents() if d.kind in ENDS and not d.void)
    assert (stop.account_number, stop.waits_for) == (CARD, end.document_id)
    assert decision.news[0].data["measures"] == ["stop_payment"]


def test_the_same_benefit_that_went_on_longer_stops_the_card_again() -> None:
    paper, story, _release = released()
    paper.apply(story.corrected({"overpayments": [FIRST | {"to": "2026-04"}]}))
    assert len(paper.documents(STOP)) == 2


@pytest.mark.parametrize(
    "right", [{"amount": "900.00"}, {"benefit": "基础养老金"}, {"from": "2025-01"}]
)
def test_what_is_only_put_right_leaves_a_released_card_alone(right: dict[str, Any]) -> None:
    paper, story, _release = released()
    paper.apply(story.corrected({"overpayments": [FIRST | right]}))
    assert len(paper.documents(STOP)) == 1


def test_a_new_overpayment_on_another_card_leaves_the_released_one_alone() -> None:
    paper, story, _release = released()
    paper.apply(story.corrected({"overpayments": [FIRST, benefit(paid_to=PASSBOOK, **SPAN)]}))
    assert [d.account_number for d in paper.documents(STOP)] == [CARD, PASSBOOK]


def test_a_new_overpayment_stops_a_card_whose_stop_an_operator_had_made_void() -> None:
    paper, story = Paper(), Story()
    paper.apply(story.confirmed(FIRST), story.voided({"kind": STOP.value}))
    new = benefit("500.00", insurance="work_injury", benefit="供养亲属抚恤金")
    paper.apply(story.corrected({"overpayments": [FIRST, new]}))
    assert paper.only(STOP).account_number == CARD


def test_a_release_that_is_made_void_after_it_left_is_followed_by_a_stop() -> None:
    paper, story, release = released()
    decision = paper.apply(story.voided({"reference": release.document_id}))
    (letter,) = decision.drafts
    assert (letter.kind, letter.account_number) == (STOP, CARD)
    assert letter.data["stop_from"] == "2026年3月5日"
    assert decision.news[0].data["measures"] == ["stop_payment"]
    assert decision.case.resumptions[0].released is False


def test_a_release_that_is_made_void_before_it_left_leaves_its_stop_in_force() -> None:
    paper, story, release = released(sent=False)
    decision = paper.apply(story.voided({"reference": release.document_id}))
    assert decision.drafts == ()
    assert decision.news[0].data["measures"] == ["stop_payment"]


@pytest.mark.parametrize("again", [True, False])
def test_a_release_of_a_cleared_case_that_has_left_stays(*, again: bool) -> None:
    paper, story = Paper(), Story()
    paper.apply(story.confirmed(FIRST))
    paper.send(paper.only(STOP))
    paper.apply(story.repaid())
    paper.send(paper.only(RELEASE))
    with pytest.raises(Invalid) as caught:
        paper.apply(story.voided({"kind": RELEASE.value}, replace=again))
    assert [problem.code for problem in caught.value.problems] == ["letter_has_left"]


def test_a_release_that_has_left_is_not_written_twice() -> None:
    paper, story, release = released()
    with pytest.raises(Invalid) as caught:
        paper.apply(story.voided({"reference": release.document_id}, replace=True))
    assert [problem.code for problem in caught.value.problems] == ["letter_has_left"]
