"""letter.receipted: what a bank answers, and what follows when it refuses."""

from dataclasses import replace
from datetime import timedelta

import pytest

from cases.case import CaseState
from cases.stops import letter_state
from schemas.documents import DocumentKind, LetterState
from schemas.errors import Invalid
from tests.building.events import (
    BANK_CODE,
    CARD,
    PASSBOOK,
    PASSBOOK_BANK_CODE,
    START,
    Story,
    benefit,
    from_example,
)
from tests.building.paper import Paper

STOP = DocumentKind.STOP_PAYMENT_LETTER
RELEASE = DocumentKind.RELEASE_PAYMENT_LETTER
WITHDRAWAL = DocumentKind.STOP_WITHDRAWAL_LETTER
STOP_OF_CARD = {"kind": "stop_payment_letter", "account_number": CARD}
BANKS = {BANK_CODE: "abc", PASSBOOK_BANK_CODE: "psbc"}


def opened() -> tuple[Paper, Story]:
    paper, story = Paper(), Story()
    paper.apply(story.confirmed(benefit("1.00"), benefit("2.00", paid_to=PASSBOOK)))
    return paper, story


def stop_of(paper: Paper, account_number: str) -> str:
    return next(d.document_id for d in paper.documents(STOP) if d.account_number == account_number)


def state(paper: Paper) -> LetterState:
    return letter_state(paper.documents(STOP)[0], paper.standing.documents)


def codes(caught: pytest.ExceptionInfo[Invalid]) -> list[tuple[str, str]]:
    return [(problem.pointer, problem.code) for problem in caught.value.problems]


def test_an_executed_stop_is_recorded_and_nobody_is_alarmed() -> None:
    paper = Paper()
    decision = paper.apply(from_example("01"), from_example("03"))
    assert (decision.news, decision.alarms, decision.drafts) == ((), (), ())
    assert state(paper) is LetterState.EXECUTED


def test_a_receipt_may_come_before_our_own_record_that_the_letter_left() -> None:
    paper, story = opened()
    paper.apply(story.receipted(STOP_OF_CARD))
    paper.send(paper.documents(STOP)[0])
    assert state(paper) is LetterState.EXECUTED


def test_a_refusal_raises_an_alarm_and_is_told_as_the_contract_says() -> None:
    paper = Paper()
    refusal = {"result": "refused", "executed_at": None, "reason": "账户已销户"}
    decision = paper.apply(from_example("01"), from_example("03", **refusal))
    (news,), (alarm,) = decision.news, decision.alarms
    assert news.type == "letter.refused"
    assert dict(news.data) == {
        "document_id": paper.only(STOP).document_id,
        "number": "稽（止付）字〔2026〕第1号",
        "case_no": "430111-2026-000017",
        "agency": "430111",
        "bank_code": BANK_CODE,
        "reason": "账户已销户",
        "received_at": "2026-03-06T09:30:00+08:00",
    }
    assert alarm.name == "letter_refused"
    assert state(paper) is LetterState.REFUSED


def test_a_refused_stop_stays_open_as_a_measure() -> None:
    paper, story = opened()
    paper.apply(story.receipted(STOP_OF_CARD, executed=False))
    decision = paper.apply(story.repaid("1.00"))
    assert decision.news[0].data["measures"] == ["stop_payment"]


def test_the_same_answer_under_a_new_id_is_rejected() -> None:
    paper, story = opened()
    paper.apply(story.receipted(STOP_OF_CARD))
    with pytest.raises(Invalid) as caught:
        paper.apply(story.receipted(STOP_OF_CARD, clerk="0318", balance="1.00"))
    assert codes(caught) == [("/data", "receipt_repeated")]


def test_a_bank_may_do_later_what_it_refused() -> None:
    paper, story = opened()
    paper.apply(story.receipted(STOP_OF_CARD, executed=False), story.receipted(STOP_OF_CARD))
    assert state(paper) is LetterState.EXECUTED


def test_an_older_refusal_that_comes_late_is_kept_and_changes_nothing() -> None:
    paper, story = opened()
    paper.apply(story.receipted(STOP_OF_CARD, time=START + timedelta(days=2)))
    older = story.receipted(STOP_OF_CARD, executed=False, time=START + timedelta(days=1))
    decision = paper.apply(older)
    assert (decision.news, decision.alarms) == ((), ())
    assert len(paper.documents(STOP)[0].receipts) == 2
    assert state(paper) is LetterState.EXECUTED


def test_a_receipt_of_another_bank_is_rejected() -> None:
    paper, story = opened()
    with pytest.raises(Invalid) as caught:
        paper.apply(story.receipted(STOP_OF_CARD, bank_code=PASSBOOK_BANK_CODE))
    assert codes(caught) == [("/data/bank_code", "bank_mismatch")]


def test_only_letters_to_banks_have_receipts() -> None:
    paper, story = opened()
    with pytest.raises(Invalid) as caught:
        paper.apply(story.receipted({"kind": "recovery_notice"}))
    assert codes(caught) == [("/data/document", "not_a_bank_letter")]


def test_a_bank_answers_for_its_own_letter() -> None:
    paper, story = opened()
    receipt = story.receipted({"reference": stop_of(paper, CARD)})
    paper.apply(receipt, answering_bank="abc", bank_names=BANKS)
    assert state(paper) is LetterState.EXECUTED


@pytest.mark.parametrize(
    "document",
    [
        {"reference": "document-3"},
        {"reference": "nothing at all"},
        {"kind": "recovery_notice"},
        {"kind": "stop_payment_letter", "account_number": PASSBOOK},
    ],
    ids=["another bank's", "unknown", "not for banks", "another bank's, by account"],
)
def test_a_bank_cannot_tell_what_is_not_its_own_from_what_is_not_there(
    document: dict[str, str],
) -> None:
    paper, story = opened()
    assert stop_of(paper, PASSBOOK) == "document-3"
    with pytest.raises(Invalid) as caught:
        paper.apply(story.receipted(document), answering_bank="abc", bank_names=BANKS)
    assert codes(caught) == [("/data/document", "not_found")]


def test_a_bank_without_letters_finds_nothing() -> None:
    paper, story = opened()
    receipt = story.receipted({"reference": stop_of(paper, CARD)})
    with pytest.raises(Invalid) as caught:
        paper.apply(receipt, answering_bank="ccb", bank_names=None)
    assert codes(caught) == [("/data/document", "not_found")]


def test_a_bank_is_told_that_its_own_letter_is_void() -> None:
    paper, story = opened()
    stop = paper.documents(STOP)[0]
    paper.mark_void(stop)
    receipt = story.receipted({"reference": stop.document_id})
    with pytest.raises(Invalid) as caught:
        paper.apply(receipt, answering_bank="abc", bank_names=BANKS)
    assert codes(caught) == [("/data/document/reference", "document_void")]


def test_a_refusal_before_the_release_left_turns_it_into_a_withdrawal() -> None:
    paper, story = opened()
    paper.apply(story.repaid("3.00"))
    release = paper.documents(RELEASE)[0]
    decision = paper.apply(story.receipted(STOP_OF_CARD, executed=False))
    receipt, void = decision.changes
    assert receipt.receipt is not None
    assert void.document_id == release.document_id
    assert void.void_reason is not None
    (draft,) = decision.drafts
    assert (draft.kind, draft.about) == (WITHDRAWAL, stop_of(paper, CARD))
    assert draft.waits_for == stop_of(paper, CARD)


def test_a_refusal_after_the_release_left_only_raises_the_alarm() -> None:
    paper, story = opened()
    paper.apply(story.repaid("3.00"))
    paper.send(paper.documents(STOP)[0], paper.documents(RELEASE)[0])
    decision = paper.apply(story.receipted(STOP_OF_CARD, executed=False))
    assert decision.drafts == ()
    assert len(decision.changes) == 1
    assert [alarm.name for alarm in decision.alarms] == ["letter_refused"]


def test_an_execution_leaves_a_release_that_waits_as_it_is() -> None:
    paper, story = opened()
    paper.apply(story.repaid("3.00"))
    decision = paper.apply(story.receipted(STOP_OF_CARD))
    assert (decision.drafts, len(decision.changes)) == ((), 1)


def test_while_money_is_outstanding_no_receipt_makes_a_release() -> None:
    paper, story = opened()
    paper.apply(story.receipted(STOP_OF_CARD, executed=False), story.repaid("3.00"))
    assert paper.standing.case is not None
    still_open = paper.standing.case.model_copy(update={"state": CaseState.OPEN})
    paper.standing = replace(paper.standing, case=still_open)
    decision = paper.apply(story.receipted(STOP_OF_CARD))
    assert decision.drafts == ()


def test_an_execution_before_the_withdrawal_left_turns_it_into_a_release() -> None:
    paper, story = opened()
    paper.apply(story.receipted(STOP_OF_CARD, executed=False), story.repaid("3.00"))
    paper.apply(story.receipted(STOP_OF_CARD))
    assert state(paper) is LetterState.RELEASED
    assert paper.documents(WITHDRAWAL)[0].void


def test_a_refused_release_raises_an_alarm_and_stays_open() -> None:
    paper, story = opened()
    paper.apply(story.repaid("3.00"))
    document = {"kind": "release_payment_letter", "account_number": CARD}
    decision = paper.apply(story.receipted(document, executed=False))
    assert [alarm.details["kind"] for alarm in decision.alarms] == ["release_payment_letter"]
    assert (decision.drafts, len(decision.changes)) == ((), 1)
    assert decision.news[0].data["number"] == "稽（解付）字〔2026〕第1号"


def test_a_receipt_for_a_withdrawal_is_recorded() -> None:
    paper, story = opened()
    paper.apply(story.receipted(STOP_OF_CARD, executed=False), story.repaid("3.00"))
    paper.apply(story.receipted({"kind": "stop_withdrawal_letter"}))
    assert len(paper.only(WITHDRAWAL).receipts) == 1
