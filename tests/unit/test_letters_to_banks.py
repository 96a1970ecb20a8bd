"""The letters to a bank: the benefits of its card, the whole number, the stop they are about."""

from datetime import date

import pytest

from cases.letters import (
    Data,
    release_payment_letter,
    stop_payment_letter,
    stop_withdrawal_letter,
)
from schemas.documents import DocumentKind
from schemas.events import PublicReason
from tests.building.events import CARD, PASSBOOK, benefit, card, facts_of, from_example
from tests.building.paper import AGENCY
from tests.building.words import STOP, letter_text

DAY = date(2026, 3, 5)
FINISHED = {
    "number": "稽（解付）字〔2026〕第1号",
    "issued_on": "2026年7月3日",
    "replaces_number": "",
}
FACTS = facts_of(from_example("01"))


def stop_over(*benefits: dict[str, object]) -> Data:
    facts = facts_of(
        from_example("01", overpayments=list(benefits), benefit_cards=[card(), card(PASSBOOK)])
    )
    return stop_payment_letter(facts, facts.benefit_cards[0], DAY, AGENCY)


def release(*, resumed: bool = False, by_deduction: bool = False) -> Data:
    return release_payment_letter(
        FACTS,
        FACTS.benefit_cards[0],
        STOP,
        AGENCY,
        resumed=resumed,
        by_deduction=by_deduction,
    )


def test_a_stop_names_the_lost_benefits_that_are_still_paid_to_this_card_each_once() -> None:
    data = stop_over(
        benefit(benefit="甲"),
        benefit(benefit="乙"),
        benefit(benefit="甲"),
        benefit(benefit="别的卡", paid_to=PASSBOOK),
        benefit(benefit="未丧失", entitlement_lost=False),
        benefit(benefit="已停", still_paid=False),
    )
    assert data["benefits"] == "甲、乙"


def test_a_stop_shows_account_and_identity_whole_and_when_it_begins() -> None:
    data = stop_over(benefit())
    assert (data["party_id_type"], data["party_id_number"]) == ("居民身份证", "430111194512032712")
    assert (data["account_number"], data["account_type"]) == (CARD, "卡")
    assert (data["stop_from"], data["receipt_days"]) == ("2026年3月5日", "3")


def test_a_passbook_is_called_so() -> None:
    facts = facts_of(from_example("11"))
    data = stop_payment_letter(facts, facts.benefit_cards[1], DAY, AGENCY)
    assert (data["account_type"], data["benefits"]) == ("折", "供养亲属抚恤金")


def test_a_release_names_the_stop_that_it_ends() -> None:
    text = letter_text(DocumentKind.RELEASE_PAYMENT_LETTER, release() | FINISHED)
    assert "我单位于2026年3月5日以稽（止付）字〔2026〕第7号《停止支付通知书》，通知贵行" in text
    assert "应退回的多领待遇，现已全部追回。" in text


def test_a_release_before_all_is_repaid_says_that_recovery_goes_on() -> None:
    text = letter_text(DocumentKind.RELEASE_PAYMENT_LETTER, release(resumed=True) | FINISHED)
    assert "尚未追回的部分由我单位继续追回" in text
    assert "全部追回" not in text
    assert "抵扣" not in text


def test_a_release_by_deduction_does_not_say_that_everything_came_back() -> None:
    text = letter_text(DocumentKind.RELEASE_PAYMENT_LETTER, release(by_deduction=True) | FINISHED)
    assert "继续抵扣" in text
    assert "全部追回" not in text


def withdrawal(reason: PublicReason | None, new_stop_number: str = "") -> str:
    data = stop_withdrawal_letter(FACTS, FACTS.benefit_cards[0], STOP, reason, AGENCY)
    data |= FINISHED | {"new_stop_number": new_stop_number}
    return letter_text(DocumentKind.STOP_WITHDRAWAL_LETTER, data)


@pytest.mark.parametrize(
    ("reason", "phrase"),
    [
        (PublicReason.WRONG_ACCOUNT, "账户信息有误"),
        (PublicReason.WRONG_FACTS, "有关情况经复核有变化"),
        (PublicReason.WRONG_TEXT, "原件文字有误"),
        (PublicReason.RESOLVED, "有关事项已另行处理"),
        (None, "因工作需要"),
    ],
)
def test_a_withdrawal_says_why_in_one_of_a_few_phrases(
    reason: PublicReason | None, phrase: str
) -> None:
    assert f"{phrase}，现撤回该通知书。请贵行视同该通知书未发出" in withdrawal(reason)


def test_a_withdrawal_that_nothing_follows_tells_the_bank_to_pay_again() -> None:
    text = withdrawal(None)
    assert "请自收到本通知书时起恢复支付" in text
    assert "撤回停止支付\n" in text
    assert "继续停止支付" not in text


def test_a_withdrawal_that_another_stop_follows_names_it_and_never_says_to_pay() -> None:
    text = withdrawal(PublicReason.WRONG_TEXT, "稽（止付）字〔2026〕第8号")
    assert "该账户的停止支付以稽（止付）字〔2026〕第8号《停止支付通知书》为准" in text
    assert "请继续停止支付，勿因撤回而恢复。" in text
    assert "恢复支付" not in text
    assert "分撤回停止支付" not in text


@pytest.mark.parametrize("word", ["冻结", "困难", "低保", "死亡", "服刑"])
def test_a_bank_reads_neither_group_nor_cause_nor_of_freezing(word: str) -> None:
    texts = [
        letter_text(DocumentKind.STOP_PAYMENT_LETTER, stop_over(benefit()) | FINISHED),
        letter_text(DocumentKind.RELEASE_PAYMENT_LETTER, release() | FINISHED),
        withdrawal(PublicReason.WRONG_FACTS),
    ]
    assert not any(word in text for text in texts)
