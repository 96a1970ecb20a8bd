"""A stop letter in the place of another: the bank never reads that it may pay in between."""

from typing import Any

import pytest

from cases.case import CaseDocument
from schemas.documents import DocumentKind
from tests.building.events import CARD, PASSBOOK, PASSBOOK_BANK_CODE, Story, benefit, card
from tests.building.paper import Paper

STOP = DocumentKind.STOP_PAYMENT_LETTER
WITHDRAWAL = DocumentKind.STOP_WITHDRAWAL_LETTER
SECRET = "当事人系在押服刑人员，多领3213.06元"
NEW = "new_stop_number"


def name(account_name: str, bank_code: str | None = None) -> dict[str, Any]:
    changed = card(CARD, bank_code) if bank_code else card(CARD)
    return {"benefit_cards": [changed | {"account_name": account_name}, card(PASSBOOK)]}


def stopped() -> tuple[Paper, Story, CaseDocument]:
    """A case whose stop letter the bank has."""
    paper, story = Paper(), Story()
    paper.apply(story.confirmed())
    stop = paper.only(STOP)
    paper.send(stop)
    return paper, story, stop


def data(paper: Paper, document: CaseDocument) -> Any:
    return paper.drafts[document.document_id].data


@pytest.mark.parametrize("way", ["corrected", "voided"])
def test_the_withdrawal_of_a_replaced_stop_names_the_new_one_which_leaves_after_it(
    way: str,
) -> None:
    paper, story, stop = stopped()
    if way == "corrected":
        paper.apply(story.corrected(name("刘德后")))
    else:
        paper.apply(story.voided({"reference": stop.document_id}, replace=True))
    end, new = paper.only(WITHDRAWAL), paper.only(STOP)
    assert end.numbers == {NEW: new.document_id}
    assert (end.about, new.waits_for) == (stop.document_id, end.document_id)
    assert paper.drafts[new.document_id].replaces == stop.document_id


def test_a_stop_that_nothing_stands_in_for_is_withdrawn_without_another() -> None:
    paper, story, stop = stopped()
    paper.apply(story.voided({"reference": stop.document_id}))
    assert paper.only(WITHDRAWAL).numbers == {}


def test_a_bank_that_does_not_get_the_new_stop_is_not_told_to_wait_for_it() -> None:
    paper, story, _stop = stopped()
    paper.apply(story.corrected(name("刘德厚", PASSBOOK_BANK_CODE)))
    assert paper.only(WITHDRAWAL).numbers == {}
    assert paper.only(STOP).bank_code == PASSBOOK_BANK_CODE


def test_a_stop_for_another_account_is_not_named() -> None:
    paper, story, _stop = stopped()
    other = {
        "benefit_cards": [card(CARD), card(PASSBOOK)],
        "overpayments": [benefit("3465.30", paid_to=PASSBOOK)],
    }
    paper.apply(story.corrected(other))
    assert paper.only(STOP).account_number == PASSBOOK
    assert paper.only(WITHDRAWAL).numbers == {}


def test_a_withdrawal_still_to_be_made_names_the_last_of_two_new_stops() -> None:
    paper, story, _stop = stopped()
    paper.apply(story.corrected(name("刘德后")), story.corrected(name("刘德侯")))
    end, new = paper.only(WITHDRAWAL), paper.only(STOP)
    assert end.numbers == {NEW: new.document_id}
    assert new.waits_for == end.document_id
    assert data(paper, new)["account_name"] == "刘德侯"


def test_where_the_new_stop_is_dropped_the_withdrawal_names_none() -> None:
    paper, story, _stop = stopped()
    paper.apply(story.corrected(name("刘德后")), story.voided({"kind": STOP.value}))
    assert paper.only(WITHDRAWAL).numbers == {}
    assert data(paper, paper.only(WITHDRAWAL))[NEW] == ""


def test_a_bank_that_was_told_of_a_stop_that_never_comes_hears_that_it_does_not() -> None:
    paper, story, _stop = stopped()
    paper.apply(story.corrected(name("刘德后")))
    first, new = paper.only(WITHDRAWAL), paper.only(STOP)
    paper.send(first)
    paper.apply(story.voided({"kind": STOP.value}))
    second = paper.only_unsent(WITHDRAWAL)
    assert (second.about, second.waits_for) == (new.document_id, first.document_id)
    assert second.numbers == {}
    assert paper.can_leave(second)


def test_a_bank_that_was_told_of_a_stop_is_told_by_the_next_one_that_it_stands_in() -> None:
    paper, story, _stop = stopped()
    paper.apply(story.corrected(name("刘德后")))
    announced = paper.only(STOP)
    paper.send(paper.only(WITHDRAWAL))
    paper.apply(story.corrected(name("刘德侯")))
    assert paper.drafts[paper.only(STOP).document_id].replaces == announced.document_id
    assert len(paper.documents(WITHDRAWAL)) == 1
    assert paper.can_leave(paper.only(STOP))


def test_a_card_that_is_stopped_again_before_the_withdrawal_was_made_is_never_paid() -> None:
    paper, story, _stop = stopped()
    paper.apply(story.repaid(receipt_no="R"), story.corrected(name("刘德后")), story.reversed("R"))
    end, new = paper.only(WITHDRAWAL), paper.only(STOP)
    assert end.numbers == {NEW: new.document_id}
    assert new.waits_for == end.document_id


@pytest.mark.parametrize("said", [None, "wrong_account", "wrong_facts", "wrong_text", "resolved"])
@pytest.mark.parametrize("way", ["corrected", "voided"])
def test_no_letter_prints_the_reason_of_a_correction_or_a_void(way: str, said: str | None) -> None:
    paper, story, stop = stopped()
    if way == "corrected":
        paper.apply(story.corrected(name("刘德后"), reason=SECRET, public_reason=said))
    else:
        one = {"reference": stop.document_id}
        paper.apply(story.voided(one, replace=True, reason=SECRET, public_reason=said))
    assert [draft for draft in paper.decisions[-1].drafts if SECRET[:5] in str(draft)] == []
    (voided, *_) = [c for c in paper.decisions[-1].changes if c.void_reason is not None]
    assert voided.void_reason == SECRET


def test_a_withdrawal_made_anew_says_the_same_phrase() -> None:
    paper, story, stop = stopped()
    one = {"reference": stop.document_id}
    paper.apply(story.voided(one, public_reason="wrong_account"))
    before = data(paper, paper.only(WITHDRAWAL))["reason"]
    paper.apply(story.voided({"kind": WITHDRAWAL.value}, replace=True, reason=SECRET))
    assert data(paper, paper.only(WITHDRAWAL))["reason"] == before == "账户信息有误"
