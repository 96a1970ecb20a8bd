"""The agreements: who promises what, first from which account, month by month to the fen."""

from decimal import Decimal
from typing import Any

import pytest

from cases.letters import Data, deduction_agreement, repayment_agreement
from cases.letters.agreements import share
from schemas.documents import DocumentKind
from schemas.steps import AgreementReached
from tests.building.events import Json, facts_of, from_example
from tests.building.paper import AGENCY
from tests.building.words import letter_text

FACTS = facts_of(from_example("11"))
NOTICE = "稽（待遇）字〔2026〕第2号"
FINISHED = {
    "number": "稽（协议）字〔2026〕第1号",
    "issued_on": "2026年4月10日",
    "replaces_number": "",
    "notice_number": NOTICE,
}
DEDUCTION, REPAYMENT = DocumentKind.DEDUCTION_AGREEMENT, DocumentKind.REPAYMENT_AGREEMENT
DAUGHTER: Json = {
    "name": "刘晓云",
    "relation": "女儿",
    "id_type": "passport",
    "id_number": "E12345678",
    "phone": "13900000017",
    "address": "长沙市某某路2号",
}


def agreed(**changes: Any) -> AgreementReached:
    data = from_example("31", **changes).data
    assert isinstance(data, AgreementReached)
    return data


def deduction(**changes: Any) -> Data:
    return deduction_agreement(FACTS, agreed(**changes), AGENCY)


def deduction_text(finished: Json = FINISHED, **changes: Any) -> str:
    return letter_text(DEDUCTION, deduction(**changes) | finished)


def repayment_text(**changes: Any) -> str:
    event = agreed(kind="repayment_agreement", benefit=None, monthly_benefit=None, **changes)
    return letter_text(REPAYMENT, repayment_agreement(FACTS, event, AGENCY) | FINISHED)


def test_a_deduction_says_from_which_benefit_how_much_and_from_when() -> None:
    text = deduction_text()
    assert "乙方同意自2026年9月起，由甲方从其供养亲属抚恤金中每月抵扣900.00元" in text
    assert "（大写玖佰元整），直至全部退还。" in text
    assert "供养亲属抚恤金现每月1823.22元，每月抵扣金额约占其49.36%。" in text


def test_a_repayment_says_into_which_account() -> None:
    text = repayment_text()
    assert "乙方同意自2026年9月起，每月向甲方退还900.00元" in text
    for said in (AGENCY.account.bank_full_name, AGENCY.account.holder, AGENCY.account.number):
        assert said in text
    assert "抵扣后余额" not in text


@pytest.mark.parametrize("text", [deduction_text(), repayment_text()])
def test_both_say_notice_facts_total_what_may_happen_and_who_signs(text: str) -> None:
    for said in (
        f"甲方已以{NOTICE}《多领社会保险待遇追缴告知书》告知",
        FACTS.facts,
        "共计18488.20元（大写壹万捌仟肆佰捌拾捌元贰角）",
        "四、待遇变化",
        "五、提前退还",
        "间死亡",
        "七、违约责任",
        "一式三份",
        "附件：1.乙方身份证件复印件",
        "授权委托书",
        "亲属关系证明",
        "甲方（盖章）：",
        "乙方（签名、捺印）：",
        "国务院令第765号）第四十六条",
    ):
        assert said in text
    # each side writes the day of its signature by hand
    assert text.count("年　　　月　　　日") == 2
    assert "冻结" not in text


def test_without_a_notice_the_sentence_reads_without_one() -> None:
    text = deduction_text(FINISHED | {"notice_number": ""})
    assert "乙方多领城乡居民基本养老金、供养亲属抚恤金。由乙方按本协议退还" in text


def test_the_schedule_runs_from_month_to_month_and_the_last_takes_the_rest() -> None:
    rows = deduction()["rows"]
    assert len(rows) == 21
    assert rows[0] == {"no": "1", "month": "2026年9月", "amount": "900.00", "remaining": "17588.20"}
    assert rows[-1] == {"no": "21", "month": "2028年5月", "amount": "488.20", "remaining": "0.00"}


def test_what_comes_from_the_personal_account_comes_first() -> None:
    changes: Json = {"from_personal_account": "488.20", "to": "2028-04"}
    rows = deduction(**changes)["rows"]
    assert [row["no"] for row in rows[:2]] == ["个人账户", "1"]
    assert (rows[0]["amount"], rows[0]["remaining"]) == ("488.20", "18000.00")
    assert "个人账户余额扣除政府补贴）中抵扣488.20元" in deduction_text(**changes)
    assert "扣除政府补贴" not in deduction_text()


def test_the_party_himself_signs_with_his_own_number_and_address() -> None:
    text = deduction_text()
    party = FACTS.party
    assert f"乙方：{party.name}（居民身份证：{party.id_number}）" in text
    assert "的关系" not in text
    assert deduction()["debtor_address"].startswith("湖南省长沙市")


def test_another_signs_with_hers_and_says_how_she_is_related() -> None:
    text = deduction_text(debtor=DAUGHTER)
    assert "乙方：刘晓云（护照：E12345678）" in text
    party = FACTS.party
    assert f"与当事人{party.name}（居民身份证：{party.id_number}）的关系：女儿" in text
    assert f"当事人{party.name}多领" in text
    assert "住址：长沙市某某路2号" in text


def test_what_nobody_knows_of_the_debtor_is_left_to_be_written() -> None:
    facts = FACTS.model_copy(update={"party": FACTS.party.model_copy(update={"phone": None})})
    data = deduction_agreement(facts, agreed(), AGENCY)
    assert data["debtor_phone"] != ""
    assert not data["debtor_phone"].strip()


def test_only_an_agreement_by_the_notice_promises_a_fifth() -> None:
    assert "20%" not in deduction_text()
    by_notice = deduction_text(basis="notice")
    assert "不低于继续领取待遇的20%" in by_notice
    assert "告知事项" in by_notice


@pytest.mark.parametrize(
    ("amount", "percent"),
    [("900.00", "49.36"), ("364.64", "19.99"), ("1823.22", "100.00"), ("0.01", "0.00")],
)
def test_a_share_is_never_rounded_up(amount: str, percent: str) -> None:
    assert share(Decimal(amount), Decimal("1823.22")) == percent


def test_a_deduction_from_nothing_is_a_defect_of_the_caller() -> None:
    with pytest.raises(ValueError, match="needs benefit"):
        deduction(benefit=None)


FUNERAL = {"benefit": "丧葬补助金", "monthly_benefit": "6000.00", "total": "3000.00"}
ONCE = {"per_month": "3000.00", "from": "2026-09", "to": "2026-09"}


@pytest.mark.parametrize("basis", ["agreed", "notice"])
def test_a_benefit_that_is_paid_once_is_deducted_from_once(basis: str) -> None:
    agreed = from_example("31", **FUNERAL, **ONCE, basis=basis).data
    assert isinstance(agreed, AgreementReached)
    data = deduction_agreement(FACTS, agreed, AGENCY)
    finished = {"number": "稽（协议）字〔2026〕第1号", "issued_on": "2026年4月10日"}
    finished |= {"replaces_number": "", "notice_number": ""}
    text = letter_text(DocumentKind.DEDUCTION_AGREEMENT, data | finished)
    assert "于2026年9月从应发的丧葬补助金中一次性抵扣3000.00元（大写叁仟元整）。" in text
    assert [word for word in ("每月", "标准调整", "20%", "自次月起", "20 %") if word in text] == []
