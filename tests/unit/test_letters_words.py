"""Words that several letters share: one benefit or several, no number, and what can be done."""

from decimal import Decimal
from typing import Any

import pytest

from cases.letters import (
    Data,
    assistance_report,
    audit_opinion,
    deduction_agreement,
    release_payment_letter,
    repayment_agreement,
    resumption_notice,
    stop_payment_letter,
    stop_withdrawal_letter,
    suspension_notice,
)
from schemas.documents import DocumentKind
from schemas.events import (
    AgreementReached,
    AssistanceVerified,
    AuditOpened,
    Notified,
    OverpaymentConfirmed,
)
from tests.building.events import benefit, example, facts_of, from_example
from tests.building.paper import AGENCY
from tests.building.words import STOP, letter_text

FINISHED = {
    "number": "稽（告知）字〔2026〕第1号",
    "issued_on": "2026年7月3日",
    "replaces_number": "",
    "new_stop_number": "",
    "notice_number": "",
    "opinion_number": "",
    "agreement_number": "",
}
TOWN = AGENCY.model_copy(
    update={"reconsideration_body": "雨花区人民政府", "court": "长沙铁路运输法院"}
)
REMEDIES = (
    "可自收到之日起60日内向雨花区人民政府申请行政复议，"
    "或者自收到之日起6个月内依法向长沙铁路运输法院提起行政诉讼。"
)
TWO = [benefit("1.00", benefit="甲金"), benefit("2.00", benefit="乙金")]


def facts(**changes: Any) -> OverpaymentConfirmed:
    return facts_of(from_example("01", **changes))


def data_of_kind(kind: DocumentKind, of: OverpaymentConfirmed) -> Data:
    agreed, audited = from_example("31").data, from_example("04").data
    verified = from_example("61").data
    assert isinstance(agreed, AgreementReached)
    assert isinstance(audited, AuditOpened)
    assert isinstance(verified, AssistanceVerified)
    card, day = of.benefit_cards[0], of.stop_from
    assert day is not None
    none = Decimal("0.00")
    return {
        DocumentKind.SUSPENSION_NOTICE: lambda: suspension_notice(of, of.notify[0], TOWN),
        DocumentKind.STOP_PAYMENT_LETTER: lambda: stop_payment_letter(of, card, day, TOWN),
        DocumentKind.RELEASE_PAYMENT_LETTER: lambda: release_payment_letter(of, card, STOP, TOWN),
        DocumentKind.STOP_WITHDRAWAL_LETTER: lambda: stop_withdrawal_letter(
            of, card, STOP, None, TOWN
        ),
        DocumentKind.RESUMPTION_NOTICE: lambda: resumption_notice(of, Decimal("3.00"), TOWN),
        DocumentKind.DEDUCTION_AGREEMENT: lambda: deduction_agreement(of, agreed, TOWN),
        DocumentKind.REPAYMENT_AGREEMENT: lambda: repayment_agreement(of, agreed, TOWN),
        DocumentKind.AUDIT_OPINION: lambda: audit_opinion(of, audited, Decimal("3.00"), TOWN),
        DocumentKind.ASSISTANCE_REPORT: lambda: assistance_report(of, verified, none, TOWN),
    }[kind]()


def text(kind: DocumentKind, of: OverpaymentConfirmed) -> str:
    return letter_text(kind, data_of_kind(kind, of) | FINISHED)


@pytest.mark.parametrize(
    "kind",
    [
        DocumentKind.SUSPENSION_NOTICE,
        DocumentKind.STOP_PAYMENT_LETTER,
        DocumentKind.RESUMPTION_NOTICE,
    ],
)
def test_several_benefits_are_the_aforesaid_and_one_is_this(kind: DocumentKind) -> None:
    several, one = text(kind, facts(overpayments=TWO)), text(kind, facts())
    assert "甲金、乙金" in several
    assert "上述" in several
    assert "该项" not in several
    assert "该项" in one
    assert "上述待遇" not in one


WITH_NUMBER = [
    DocumentKind.SUSPENSION_NOTICE,
    DocumentKind.STOP_PAYMENT_LETTER,
    DocumentKind.RELEASE_PAYMENT_LETTER,
    DocumentKind.STOP_WITHDRAWAL_LETTER,
    DocumentKind.ASSISTANCE_REPORT,
    DocumentKind.DEDUCTION_AGREEMENT,
    DocumentKind.REPAYMENT_AGREEMENT,
]


@pytest.mark.parametrize("kind", WITH_NUMBER)
@pytest.mark.parametrize("nothing", ["无", "暂无", "不详", "—", " 无 "])
def test_who_has_no_number_has_no_brackets_for_one(kind: DocumentKind, nothing: str) -> None:
    party = {**example("01")["data"]["party"], "id_type": "other", "id_number": nothing}
    told = text(kind, facts(party=party))
    for wrong in (nothing.strip() + "）", "证号：", "其他证件", "********", "（）", "（：", "，，"):
        assert wrong not in told
    with_number = text(kind, facts())
    assert "居民身份证：4" in with_number or "证号：4" in with_number


@pytest.mark.parametrize(
    ("kind", "called"),
    [
        (DocumentKind.SUSPENSION_NOTICE, "告知书"),
        (DocumentKind.DEDUCTION_AGREEMENT, "协议"),
        (DocumentKind.REPAYMENT_AGREEMENT, "协议"),
        (DocumentKind.AUDIT_OPINION, "意见书"),
    ],
)
def test_who_is_concerned_reads_what_can_be_done_and_where(kind: DocumentKind, called: str) -> None:
    assert f"如不服本{called}，{REMEDIES}" in text(kind, facts())


def test_an_employer_reads_of_it_by_the_name_of_his_letter() -> None:
    employer = Notified.model_validate({"kind": "employer", "name": "某公司", "address": "某路1号"})
    data = suspension_notice(facts(), employer, TOWN) | FINISHED
    assert "如不服本告知函，" in letter_text(DocumentKind.SUSPENSION_NOTICE, data)


@pytest.mark.parametrize(
    "kind",
    [
        DocumentKind.STOP_PAYMENT_LETTER,
        DocumentKind.RELEASE_PAYMENT_LETTER,
        DocumentKind.STOP_WITHDRAWAL_LETTER,
    ],
)
def test_a_bank_reads_of_no_remedies(kind: DocumentKind) -> None:
    assert "行政复议" not in text(kind, facts())


def test_an_agency_may_leave_them_out_of_the_opinion_alone() -> None:
    plain = TOWN.model_copy(update={"remedies_in_opinion": False})
    audited = from_example("04").data
    assert isinstance(audited, AuditOpened)
    data = audit_opinion(facts(), audited, Decimal("3.00"), plain) | FINISHED
    assert "行政复议" not in letter_text(DocumentKind.AUDIT_OPINION, data)


def test_an_agency_that_names_no_bodies_says_what_the_law_says() -> None:
    data = suspension_notice(facts(), facts().notify[0], AGENCY)
    assert "向本级人民政府申请行政复议" in data["remedies"]
    assert "向有管辖权的人民法院提起" in data["remedies"]


@pytest.mark.parametrize(
    ("findings", "times"),
    [("经核实，申请人无其他收入来源，确无偿还能力。", 1), ("经核实，申请人无其他收入来源。", 1)],
)
def test_a_report_concludes_once_that_nothing_can_be_repaid(findings: str, times: int) -> None:
    verified = from_example("61", findings=findings).data
    assert isinstance(verified, AssistanceVerified)
    data = assistance_report(facts(), verified, Decimal("0.00"), TOWN) | FINISHED
    assert letter_text(DocumentKind.ASSISTANCE_REPORT, data).count("无偿还能力") == times
