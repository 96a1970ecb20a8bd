"""The assistance report and the referral letter: to whom, on what ground, how much is left."""

from decimal import Decimal
from typing import Any

import pytest

from cases.letters import Data, assistance_report, referral_letter
from schemas.configuration import Agency
from schemas.documents import DocumentKind, Issuer
from schemas.referrals import ReferralTarget
from schemas.steps import AssistanceVerified, CaseReferred
from tests.building.events import Json, benefit, facts_of, from_example
from tests.building.paper import AGENCY
from tests.building.words import letter_text

FACTS = facts_of(from_example("24"))
NOTICE, OPINION = "稽（待遇）字〔2026〕第3号", "稽（待遇）字〔2026〕第5号"
FINISHED = {
    "number": "稽（移送）字〔2026〕第1号",
    "issued_on": "2026年9月10日",
    "replaces_number": "",
    "notice_number": NOTICE,
    "opinion_number": OPINION,
}
#: an agency with the bodies beside it
COUNTY = Agency.model_validate(
    AGENCY.model_dump()
    | {
        "signatory": "王主任",
        "hr_department": {
            "name": "雨花区人社局",
            "series": "人社（移送）字",
            "contact": {"person": "李科", "phone": "0731-1", "address": "某某路3号"},
        },
        "labour_inspection": {"name": "雨花区劳动监察大队", "series": "监（移送）字"},
    }
)
DIGEST = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
ROW = {
    "place": "1",
    "name": "多领社会保险待遇追缴告知书",
    "number": NOTICE,
    "pages": "3",
    "form": "电子件",
    "digest": DIGEST,
}


def report(agency: Agency = COUNTY, recovered: str = "0.00", **changes: Any) -> Data:
    event = from_example("61", **changes).data
    assert isinstance(event, AssistanceVerified)
    return assistance_report(FACTS, event, Decimal(recovered), agency)


def report_text(finished: Json = FINISHED, **changes: Any) -> str:
    return letter_text(DocumentKind.ASSISTANCE_REPORT, report(**changes) | finished)


def referral(
    to: ReferralTarget = ReferralTarget.LABOUR_INSPECTION,
    issuer: Issuer = Issuer.AGENCY,
    recovered: str = "0.00",
    **changes: Any,
) -> Data:
    event = from_example("51", to=to.value, **changes).data
    assert isinstance(event, CaseReferred)
    return referral_letter(FACTS, event, Decimal(recovered), COUNTY, issuer)


def referral_text(data: Data, finished: Json = FINISHED) -> str:
    return letter_text(DocumentKind.REFERRAL_LETTER, data | finished)


def test_a_report_goes_to_the_superior_with_its_signatory_and_five_sections() -> None:
    lines = report_text().splitlines()
    assert lines[0] == f"{FINISHED['number']}\t签发人：王主任"
    assert lines[1:3] == ["关于陈建国多领社会保险待遇", "救助帮扶情况的报告"]
    assert "雨花区人社局：" in lines
    assert [line for line in lines if line[1:2] == "、"] == [
        "一、基本情况",
        "二、追缴经过及尚未退还金额",
        "三、申请与认定材料",
        "四、核实结论",
        "五、建议资金来源",
    ]
    assert "特此报告。" in lines
    assert "附件：1.救助帮扶申请" in lines


def test_a_report_says_who_applied_with_what_and_what_is_proposed() -> None:
    text = report_text()
    for said in (
        "申请人：𠅤㛃䶮（与当事人关系：本人）。认定材料共1件：",
        "1.长沙市雨花区民政局《最低生活保障证》（编号：MZ-2026-0091，2026年12月10日）",
        "经核实，申请人无劳动能力、无其他收入来源，确无偿还能力。",
        "建议以临时救助资金退还6007.14元（大写陆仟零柒元壹角肆分）。",
    ):
        assert said in text


def test_a_report_without_signatory_or_department_can_still_be_written() -> None:
    data = report(AGENCY.model_copy(update={"hr_department": None}))
    assert not data["signatory"].strip()
    assert data["addressee_name"] == "本级人力资源和社会保障行政部门"


def test_figures_of_report_and_referral_agree_with_the_case() -> None:
    for data in (report(recovered="39.18"), referral(recovered="39.18")):
        assert (data["overpaid"], data["recovered"]) == ("9639.18", "39.18")
        assert (data["outstanding"], data["outstanding_words"]) == ("9600.00", "玖仟陆佰元整")
    assert "已追回39.18元，尚未退还9600.00元（大写玖仟陆佰元整）" in report_text(recovered="39.18")
    assert "未追回款项，尚未退还9639.18元" in report_text()


def test_each_overpayment_is_named_with_its_period() -> None:
    rows = [
        benefit("1.00", benefit="甲", paid_to=None),
        benefit("2.00", benefit="乙", paid_to=None),
    ]
    facts = facts_of(from_example("24", overpayments=rows))
    event = from_example("51").data
    assert isinstance(event, CaseReferred)
    data = referral_letter(facts, event, Decimal("0.00"), COUNTY, Issuer.AGENCY)
    text = referral_text(data)
    assert "甲：2024年12月至2026年2月，1.00元；\n乙：2024年12月至2026年2月，2.00元；" in text
    assert "合计3.00元（大写叁元整）。" in text


def test_a_referral_says_whom_for_what_and_on_what_ground() -> None:
    lines = referral_text(referral()).splitlines()
    assert lines[:2] == ["关于移送陈建国", "涉嫌隐瞒死亡事实冒领社会保险待遇一案的函"]
    assert "长沙市雨花区人力资源和社会保障局劳动保障监察大队：" in lines
    (opening,) = (line for line in lines if line.startswith("我单位在工作中发现，陈建国（"))
    assert opening.endswith(
        "涉嫌隐瞒死亡事实冒领社会保险待遇，根据《社会保险经办条例》第四十四条，"
        "现移送你单位，请将受理情况函复。"
    )
    assert "2026年1月至2月由他人持卡在柜面支取，经多次告知拒不说明、拒不退还。" in lines


@pytest.mark.parametrize("to", ReferralTarget)
def test_each_receiver_has_its_own_ground(to: ReferralTarget) -> None:
    assert COUNTY.referral_basis(to) in referral_text(referral(to))


CRIMES = "《行政执法机关移送涉嫌犯罪案件的规定》（国务院令第310号，第730号修订）"


@pytest.mark.parametrize("to", ReferralTarget)
def test_the_police_alone_read_of_the_rules_for_crimes(to: ReferralTarget) -> None:
    assert (CRIMES in referral_text(referral(to))) == (to is ReferralTarget.POLICE)


def test_an_agency_that_names_these_rules_itself_says_them_once() -> None:
    own = COUNTY.model_copy(update={"referral_bases": {ReferralTarget.POLICE: CRIMES}})
    event = from_example("51", to="police").data
    assert isinstance(event, CaseReferred)
    data = referral_letter(FACTS, event, Decimal("0.00"), own, Issuer.LABOUR_INSPECTION)
    assert data["basis"] == CRIMES


ASKED = {ReferralTarget.COURT, ReferralTarget.BLACKLIST_AUTHORITY}


@pytest.mark.parametrize("to", ReferralTarget)
def test_nobody_is_suspected_before_a_court_or_where_a_list_is_proposed(to: ReferralTarget) -> None:
    text = referral_text(referral(to))
    assert ("涉嫌" not in text) == ("一案" not in text) == (to in ASKED)
    assert ("移送函及所列附件已收到" not in text) == (to in ASKED)


DATES = {
    "notice_issued_on": "2026年3月5日",
    "notice_served_on": "2026年3月9日",
    "opinion_issued_on": "2026年6月2日",
    "opinion_served_on": "",
}


def test_a_court_gets_an_application_for_enforcement() -> None:
    data = referral(ReferralTarget.COURT, Issuer.HR_DEPARTMENT) | DATES
    lines = referral_text(data).splitlines()
    assert lines[0] == "强制执行申请书"
    heads = ["申请人", "被申请人", "请求事项", "事实和理由", "申请执行标的", "此致"]
    assert [line for line in lines if line in heads] == heads
    text = "\n".join(lines)
    assert f"于2026年3月5日作出{NOTICE}《多领社会保险待遇追缴告知书》" in text
    assert "责令退回，送达日期：2026年3月9日。" in text
    assert f"于2026年6月2日以{OPINION}《社会保险稽核意见书》限期退还，送达日期：　　年" in text
    for said in ("第五十三条、第五十四条、第五十五条", "催告书送达日期", "负责人（签名）："):
        assert said in text
    for enclosed in ("1.行政决定书", "2.催告书", "3.送达回证"):
        assert enclosed in text


def test_an_authority_that_lists_the_untrustworthy_gets_a_proposal() -> None:
    text = referral_text(referral(ReferralTarget.BLACKLIST_AUTHORITY, Issuer.HR_DEPARTMENT))
    assert text.startswith("关于建议将陈建国列入社会保险领域严重失信主体名单的函\n")
    assert "建议将其列入社会保险领域严重失信主体名单，请将认定情况函复。" in text
    assert "三、建议理由" in text


@pytest.mark.parametrize(
    ("suspected", "lines"),
    [
        ("冒领", ["关于移送陈建国涉嫌冒领一案的函"]),
        ("隐瞒死亡事实冒领待遇", ["关于移送陈建国", "涉嫌隐瞒死亡事实冒领待遇一案的函"]),
        (
            "隐瞒死亡事实冒领企业职工基本养老保险待遇",
            ["关于移送陈建国涉嫌隐瞒死亡事实冒领", "企业职工基本养老保险待遇一案的函"],
        ),
    ],
)
def test_a_title_longer_than_a_line_is_broken_before_what_is_suspected_or_evenly(
    suspected: str, lines: list[str]
) -> None:
    assert [line["text"] for line in referral(suspected=suspected)["title_lines"]] == lines


def test_a_body_refers_in_its_own_name_and_the_agency_did_what_was_done() -> None:
    data = referral(ReferralTarget.COURT, Issuer.HR_DEPARTMENT)
    assert (data["agency_name"], data["contact_person"]) == ("雨花区人社局", "李科")
    assert f"{COUNTY.name}作出{NOTICE}" in referral_text(data)
    data = referral(ReferralTarget.POLICE, Issuer.LABOUR_INSPECTION)
    assert f"{COUNTY.name}已以{NOTICE}" in referral_text(data)


def test_a_body_without_a_contact_is_asked_through_the_agency() -> None:
    data = referral(ReferralTarget.POLICE, Issuer.LABOUR_INSPECTION)
    assert (data["agency_name"], data["contact_person"]) == ("雨花区劳动监察大队", "周敏")


@pytest.mark.parametrize("text", [report_text(), referral_text(referral())])
def test_what_was_done_names_notice_and_opinion(text: str) -> None:
    assert f"我单位已以{NOTICE}《多领社会保险待遇追缴告知书》责令退还。" in text
    assert f"我单位已以{OPINION}《社会保险稽核意见书》限期退还。" in text


@pytest.mark.parametrize(
    "text",
    [
        report_text(FINISHED | {"notice_number": "", "opinion_number": ""}),
        referral_text(referral(), FINISHED | {"notice_number": "", "opinion_number": ""}),
    ],
)
def test_without_them_the_sentences_are_left_out(text: str) -> None:
    assert "已以" not in text
    assert "成文之日" in text


def test_a_referral_lists_what_goes_with_it_and_nothing_where_nothing_does() -> None:
    text = referral_text(referral() | {"attachments": [ROW, ROW | {"number": "", "place": "2"}]})
    assert f"1\n{NOTICE}　多领社会保险待遇追缴告知书\n{DIGEST}\n3\n电子件" in text
    assert f"2\n多领社会保险待遇追缴告知书\n{DIGEST}" in text
    assert "附件清单" not in referral_text(referral())


def test_a_referral_brings_its_receipt() -> None:
    receipt = referral_text(referral()).split("回　执")[1]
    for said in ("收到日期", "□已受理", "□不予受理，理由：", "签收人", "接收单位（盖章）"):
        assert said in receipt
