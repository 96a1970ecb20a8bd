"""An application to a court tells when notice and opinion were issued and served, as is known."""

from typing import Any

from schemas.documents import DocumentKind
from tests.building.events import Story, benefit
from tests.building.paper import TODAY, Paper

NOTICE, REFERRAL = DocumentKind.RECOVERY_NOTICE, DocumentKind.REFERRAL_LETTER
ISSUED = f"{TODAY.year}年{TODAY.month}月{TODAY.day}日"


def printed(paper: Paper) -> dict[str, Any]:
    data = paper.drafts[paper.only(REFERRAL).document_id].data
    return {name: data[name] for name in data if name.endswith(("_issued_on", "_served_on"))}


def test_what_was_served_is_told_with_its_day_in_china() -> None:
    paper, story = Paper(), Story()
    paper.apply(story.confirmed(benefit("1000.00")))
    paper.apply(story.served({"kind": NOTICE.value}, served_at="2026-03-09T23:30:00Z"))
    paper.apply(story.referred(to="court", to_name="雨花区人民法院"))
    assert printed(paper) == {
        "notice_issued_on": ISSUED,
        "notice_served_on": "2026年3月10日",
        "opinion_issued_on": "",
        "opinion_served_on": "",
    }


def test_what_was_not_served_is_left_blank_and_told_when_made_anew() -> None:
    paper, story = Paper(), Story()
    paper.apply(story.confirmed(benefit("1000.00")), story.referred(to="court"))
    assert printed(paper)["notice_served_on"] == ""
    paper.apply(story.served({"kind": NOTICE.value}, served_at="2026-03-09T09:00:00+08:00"))
    paper.apply(story.voided({"kind": REFERRAL.value}, replace=True))
    assert printed(paper)["notice_served_on"] == "2026年3月9日"


def test_a_notice_issued_with_the_letter_has_no_day_yet() -> None:
    paper, story = Paper(), Story()
    paper.apply(story.confirmed(benefit("1000.00")), story.referred(to="court", attachments=[]))
    paper.apply(story.corrected({"facts": "另一种说法。"}))
    assert printed(paper)["notice_issued_on"] == ""
