"""Agreements: what they add up to, and what a signature allows."""

from typing import Any

import pytest

from cases.agreements import agreement_basis, promised, signed_on
from schemas.documents import DocumentKind
from schemas.errors import Invalid
from schemas.events import Event
from tests.building.events import CARD, Story, benefit
from tests.building.paper import Paper

DEDUCTION = DocumentKind.DEDUCTION_AGREEMENT
ONE = {"kind": "deduction_agreement"}


def opened(**changes: Any) -> tuple[Paper, Story]:
    paper, story = Paper(), Story()
    paper.apply(story.confirmed(**changes))
    return paper, story


def codes(paper: Paper, *events: Event) -> list[tuple[str, str]]:
    before = paper.standing
    with pytest.raises(Invalid) as caught:
        paper.apply(*events)
    assert paper.standing == before
    return [(problem.pointer, problem.code) for problem in caught.value.problems]


def part(story: Story, total: str, rate: str, **changes: Any) -> Event:
    return story.agreed(total, **{"per_month": rate, "to": "2026-10", **changes})


def test_a_second_agreement_over_the_whole_debt_is_refused() -> None:
    paper, story = opened()
    paper.apply(story.agreed())
    again = story.agreed(**{"from": "2026-10", "to": "2026-11"})
    assert codes(paper, again) == [("/data/total", "agreed_already")]
    other = story.agreed(kind="repayment_agreement")
    assert codes(paper, other) == [("/data/total", "agreed_already")]


def test_agreements_over_parts_go_to_the_last_fen_and_no_further() -> None:
    paper, story = opened()
    paper.apply(part(story, "600.00", "300.00"))
    assert codes(paper, part(story, "400.01", "300.00")) == [("/data/total", "agreed_already")]
    paper.apply(part(story, "400.00", "200.00"))


def test_what_came_back_under_an_agreement_makes_no_room_for_another_over_the_same() -> None:
    paper, story = opened()
    paper.apply(part(story, "600.00", "300.00"), story.repaid("300.00", channel="deduction"))
    assert codes(paper, part(story, "400.01", "300.00")) == [("/data/total", "agreed_already")]
    paper.apply(part(story, "400.00", "200.00"))


def test_what_others_gave_is_no_instalment() -> None:
    paper, story = opened()
    paper.apply(part(story, "600.00", "300.00"), story.repaid("300.00", channel="donation"))
    assert codes(paper, part(story, "100.01", "100.00")) == [("/data/total", "agreed_already")]
    paper.apply(part(story, "100.00", "50.00"))


def test_money_of_before_an_agreement_is_not_its_own() -> None:
    paper, story = opened()
    paper.apply(story.repaid("300.00"), part(story, "600.00", "300.00"))
    assert codes(paper, part(story, "100.01", "100.00")) == [("/data/total", "agreed_already")]


def test_a_void_agreement_makes_room() -> None:
    paper, story = opened()
    paper.apply(story.agreed())
    paper.apply(story.voided(ONE), story.agreed(kind="repayment_agreement"))


def test_agreements_that_a_correction_leaves_beyond_the_debt_are_void_the_last_first() -> None:
    paper, story = opened()
    paper.apply(part(story, "600.00", "300.00"), part(story, "400.00", "200.00"))
    paper.apply(story.corrected({"overpayments": [benefit("700.00")]}))
    kept = [d for d in paper.documents(DEDUCTION) if not d.void]
    assert [agreement_basis(d).fixed for d in kept] == [600]
    assert "document_overtaken" in [alarm.name for alarm in paper.decisions[-1].alarms]


def test_an_agreement_made_anew_keeps_what_came_back_under_it_and_not_its_signature() -> None:
    paper, story = opened()
    paper.apply(part(story, "600.00", "300.00", signed_on="2026-03-05"))
    paper.apply(story.repaid("300.00", channel="deduction"))
    paper.apply(story.corrected({"facts": "另一种说法。"}))
    case, anew = paper.standing.opened, paper.only(DEDUCTION)
    assert promised(case, [anew]) == 300
    assert signed_on(anew, case) is None


@pytest.mark.parametrize("release", [True, False])
def test_an_agreement_that_nobody_signed_resumes_no_benefit_and_releases_no_card(
    *, release: bool
) -> None:
    paper, story = opened()
    paper.apply(story.agreed())
    found = codes(paper, story.resumed(with_deduction=True, release_card=release))
    assert found == [("/data/with_deduction", "agreement_not_signed")]


@pytest.mark.parametrize("way", ["at once", "later"])
def test_a_signed_agreement_resumes_benefits_and_releases_the_card(way: str) -> None:
    paper, story = opened()
    if way == "at once":
        paper.apply(story.agreed(signed_on="2026-03-05"))
    else:
        paper.apply(story.agreed(), story.signed(ONE))
    paper.apply(story.resumed(with_deduction=True))
    assert paper.only(DocumentKind.RELEASE_PAYMENT_LETTER).account_number == CARD


def test_the_signed_one_of_two_agreements_is_carried_out() -> None:
    paper, story = opened()
    paper.apply(part(story, "600.00", "300.00", signed_on="2026-03-05"))
    signed = paper.only(DEDUCTION)
    paper.apply(part(story, "400.00", "200.00"))
    paper.apply(story.resumed(with_deduction=True, release_card=False))
    notice = paper.only(DocumentKind.RESUMPTION_NOTICE)
    assert notice.numbers == {"agreement_number": signed.document_id}


def test_the_signature_of_a_void_agreement_counts_for_nothing() -> None:
    paper, story = opened()
    paper.apply(story.agreed(), story.signed(ONE), story.voided(ONE))
    found = codes(paper, story.resumed(with_deduction=True))
    assert found == [("/data/with_deduction", "no_agreement_in_force")]


def test_an_agreement_is_signed_once() -> None:
    paper, story = opened()
    paper.apply(story.agreed(signed_on="2026-03-05"))
    assert codes(paper, story.signed(ONE)) == [("/data/document", "already_signed")]


def test_nothing_but_an_agreement_is_signed() -> None:
    paper, story = opened()
    found = codes(paper, story.signed({"kind": "recovery_notice"}))
    assert found == [("/data/document", "not_an_agreement")]


def test_the_same_agreement_told_again_as_signed_is_not_a_second_one() -> None:
    paper, story = opened()
    paper.apply(story.agreed())
    again = story.agreed(signed_on="2026-03-05")
    assert codes(paper, again) == [("/data", "already_recorded")]
