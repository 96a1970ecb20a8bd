"""Suspension and resumption notices, and the audit opinion."""

from decimal import Decimal

import pytest

from cases.letters import (
    Data,
    approved_resumption,
    audit_opinion,
    resumption_notice,
    suspension_notice,
)
from schemas.documents import DocumentKind
from schemas.events import AuditOpened
from schemas.steps import ResumptionApproved
from tests.building.events import Story, benefit, facts_of, from_example
from tests.building.paper import AGENCY
from tests.building.words import letter_text

FACTS = facts_of(from_example("01"))
FINISHED = {
    "number": "稽（告知）字〔2026〕第1号",
    "issued_on": "2026年3月5日",
    "replaces_number": "",
}
RELATIVE, COMMUNITY = FACTS.notify


def suspension_text(who: int) -> str:
    data = suspension_notice(FACTS, FACTS.notify[who], AGENCY)
    return letter_text(DocumentKind.SUSPENSION_NOTICE, data | FINISHED)


def test_a_relative_is_told_that_the_overpayment_is_to_be_returned() -> None:
    text = suspension_text(0)
    assert text.startswith("停发待遇告知书\n")
    assert "责令退回，具体以《多领社会保险待遇追缴告知书》为准" in text
    assert "保密" not in text


def test_a_community_is_asked_to_pass_it_on_and_keep_it_to_itself() -> None:
    text = suspension_text(1)
    assert text.startswith("停发待遇告知函\n")
    assert "请协助转告其近亲属与我单位联系，并对所涉个人信息保密。" in text
    assert "责令退回" not in text


@pytest.mark.parametrize("who", [0, 1])
def test_nobody_around_the_party_reads_amount_group_or_whole_number(who: int) -> None:
    text = suspension_text(who)
    assert "430111********2712" in text
    assert not any(w in text for w in ("430111194512032712", "3465.30", "低保", "死亡"))


def test_a_suspension_notice_names_lost_benefits_only() -> None:
    facts = facts_of(
        Story().confirmed(benefit(benefit="甲"), benefit(benefit="乙", entitlement_lost=False))
    )
    assert suspension_notice(facts, RELATIVE, AGENCY)["benefits"] == "甲"


def test_a_suspension_notice_without_a_date_is_a_defect_of_the_caller() -> None:
    with pytest.raises(ValueError, match="stop_from"):
        suspension_notice(FACTS.model_copy(update={"stop_from": None}), COMMUNITY, AGENCY)


def test_a_resumption_resumes_that_benefit_or_names_those_that_were_stopped() -> None:
    assert resumption_notice(FACTS, Decimal("3465.30"), AGENCY)["resumed"] == "该项待遇"
    facts = facts_of(
        Story().confirmed(benefit(benefit="甲"), benefit(benefit="乙", entitlement_lost=False))
    )
    data = resumption_notice(facts, Decimal("2000.00"), AGENCY)
    assert (data["benefits"], data["amount"], data["resumed"]) == ("甲、乙", "2000.00", "甲")


def approval_text(per_month: str | None, agreement_number: str = "") -> str:
    event = from_example("52")
    assert isinstance(event.data, ResumptionApproved)
    data = approved_resumption(FACTS, event.data, Decimal(per_month) if per_month else None, AGENCY)
    data |= {"agreement_number": agreement_number}
    return letter_text(DocumentKind.RESUMPTION_NOTICE, data | FINISHED)


def test_an_approved_resumption_says_from_when_how_much_and_to_which_account() -> None:
    text = approval_text(None)
    assert (
        "经核实，您具备供养亲属抚恤金继续领取资格，自2026年9月起恢复发放，"
        "月标准1823.22元，发放账户尾号5678。" in text
    )
    assert "抵扣" not in text
    assert "605510012200345678" not in text


def test_an_approved_resumption_with_deduction_names_the_agreement() -> None:
    text = approval_text("900.00", "稽（协议）字〔2026〕第1号")
    assert (
        "自2026年9月起恢复发放，并按稽（协议）字〔2026〕第1号《抵扣协议》每月抵扣900.00元。" in text
    )
    assert "月标准1823.22元，发放账户尾号5678。" in text


def test_a_deduction_without_an_agreement_is_said_without_a_number() -> None:
    assert "自2026年9月起恢复发放，并每月抵扣900.00元。" in approval_text("900.00")


def test_a_resumption_at_clearing_says_that_all_came_back_and_nothing_of_an_approval() -> None:
    data = resumption_notice(FACTS, Decimal("3465.30"), AGENCY)
    text = letter_text(DocumentKind.RESUMPTION_NOTICE, data | FINISHED)
    assert (
        "您多领的城乡居民基本养老金3465.30元已全部退回，经核实具备继续领取资格，"
        "我单位恢复发放该项待遇，恢复时间和标准以待遇发放通知为准。" in text
    )
    assert not any(word in text for word in ("抵扣", "月标准", "尾号"))


def audit(*, addressee: bool) -> Data:
    event = from_example("04") if addressee else from_example("04", addressee=None)
    assert isinstance(event.data, AuditOpened)
    return audit_opinion(FACTS, event.data, Decimal("3465.30"), AGENCY)


def test_an_opinion_to_another_says_whose_benefits_they_were() -> None:
    data = audit(addressee=True)
    assert (data["addressee_name"], data["of_party"]) == ("刘晓云", "刘德厚的")
    assert data["addressee_address"] == "湖南省长沙市雨花区井湾子街道某某小区3栋2单元501室"
    assert (data["amount_words"], data["deadline_day"]) == ("叁仟肆佰陆拾伍元叁角", "15")


def test_an_opinion_to_the_party_leaves_out_his_name_and_what_is_not_known() -> None:
    data = audit(addressee=False)
    assert (data["addressee_name"], data["of_party"]) == ("刘德厚", "")
    assert data["addressee_phone"].strip() == data["addressee_address"].strip() == ""
    assert data["addressee_phone"] != ""
