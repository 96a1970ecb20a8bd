"""audit.opened: an opinion follows a notice that was served and a promise that was broken, once."""

from datetime import datetime
from typing import Any

import pytest

from schemas.documents import DocumentKind
from schemas.errors import Invalid
from schemas.events import Event
from tests.building.events import START, Story, example, from_example
from tests.building.paper import Paper

NOTICE = {"kind": "recovery_notice"}
AGREEMENT = {"kind": "deduction_agreement"}
HEIR = example("04")["data"]["addressee"]


def codes(paper: Paper, *events: Event) -> list[tuple[str, str]]:
    with pytest.raises(Invalid) as caught:
        paper.apply(*events)
    return [(problem.pointer, problem.code) for problem in caught.value.problems]


def opened(**changes: Any) -> tuple[Paper, Story]:
    paper, story = Paper(), Story()
    paper.apply(story.confirmed(**changes))
    return paper, story


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}T09:00:00+08:00")


def test_the_contracts_audit_follows_a_notice_that_was_served() -> None:
    paper = Paper()
    paper.apply(*map(from_example, ("01", "02", "04")))
    assert paper.only(DocumentKind.AUDIT_OPINION)


def test_an_audit_waits_for_the_service_of_the_notice() -> None:
    paper, story = opened()
    found = codes(paper, story.audited(early=None))
    assert found == [("/data/early", "notice_not_served")]


def test_a_notice_that_was_issued_anew_is_to_be_served_anew() -> None:
    paper, story = opened()
    paper.apply(story.served(NOTICE), story.corrected({"facts": "另一种说法。"}))
    found = codes(paper, story.audited(early=None, time=at("2026-03-19")))
    assert found == [("/data/early", "notice_not_served")]


@pytest.mark.parametrize(
    ("repayment", "last"),
    [
        ({"method": "lump_sum", "amount": "1000.00", "by": "2026-05"}, "2026-05-31"),
        (
            {
                "method": "installments",
                "periods": 2,
                "per_period": "500.00",
                "from": "2026-06",
                "to": "2026-07",
            },
            "2026-07-31",
        ),
        (
            {
                "method": "monthly_deduction",
                "per_month": "500.00",
                "from": "2026-06",
                "to": "2026-07",
            },
            "2026-07-31",
        ),
    ],
)
def test_an_audit_waits_for_the_promised_term(repayment: Any, last: str) -> None:
    paper, story = opened(repayment=repayment)
    paper.apply(story.served(NOTICE))
    found = codes(paper, story.audited(early=None, time=at(last)))
    assert found == [("/data/early", "term_not_over")]
    day, month = "01", f"{int(last[5:7]) + 1:02}"
    paper.apply(story.audited(early=None, time=at(f"2026-{month}-{day}")))
    assert paper.only(DocumentKind.AUDIT_OPINION)


def test_where_nothing_was_promised_the_service_alone_is_waited_for() -> None:
    paper, story = opened()
    paper.apply(story.served(NOTICE), story.audited(early=None, time=at("2026-03-19")))
    assert paper.only(DocumentKind.AUDIT_OPINION)


def test_an_approver_may_open_an_audit_early() -> None:
    paper, story = opened(
        repayment={"method": "lump_sum", "amount": "1000.00", "by": "2026-05"},
    )
    (draft,) = paper.apply(story.audited()).drafts
    assert "拟出境" not in str(dict(draft.data))


def test_the_same_addressee_is_asked_once() -> None:
    paper, story = opened()
    paper.apply(story.audited(), story.audited(addressee=HEIR))
    assert codes(paper, story.audited()) == [("/data/addressee", "opinion_in_force")]
    himself = HEIR | {
        name: example("01")["data"]["party"][name] for name in ("id_type", "id_number")
    }
    again = story.audited(addressee=himself)
    assert codes(paper, again) == [("/data/addressee", "opinion_in_force")]


def test_after_an_opinion_is_void_another_may_follow() -> None:
    paper, story = opened()
    paper.apply(story.audited())
    paper.mark_void(paper.only(DocumentKind.AUDIT_OPINION))
    paper.apply(story.audited())
    assert paper.only(DocumentKind.AUDIT_OPINION)


def test_who_keeps_a_signed_agreement_is_not_audited() -> None:
    paper, story = opened()
    paper.apply(story.agreed(signed_on="2026-03-05"))
    assert codes(paper, story.audited()) == [("/data", "agreement_running")]
    paper.mark_void(paper.only(DocumentKind.DEDUCTION_AGREEMENT))
    paper.apply(story.audited())


def test_an_agreement_that_nobody_signed_or_whose_last_month_is_over_hinders_no_audit() -> None:
    paper, story = opened()
    paper.apply(story.agreed(), story.audited())
    later, tale = opened()
    later.apply(tale.agreed(signed_on="2026-03-05"))
    late = tale.audited(time=at("2026-10-31"))
    assert codes(later, late) == [("/data", "agreement_running")]
    later.apply(tale.audited(time=at("2026-11-01")))


def test_all_that_speaks_against_an_audit_is_said_at_once() -> None:
    paper, story = opened(
        repayment={"method": "lump_sum", "amount": "1000.00", "by": "2026-05"},
    )
    paper.apply(story.audited(), story.agreed(signed_on=START.date().isoformat()))
    found = codes(paper, story.audited(early=None))
    assert [code for _, code in found] == [
        "opinion_in_force",
        "agreement_running",
        "notice_not_served",
        "term_not_over",
    ]
