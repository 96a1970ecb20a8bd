"""Agreement, resumption, assistance, referral: what each asks of the case, and what it makes."""

from typing import Any

import pytest

from cases.agreements import agreement_basis
from schemas.documents import DocumentKind, Issuer, RecipientRole
from schemas.errors import Invalid
from tests.building.events import CARD, PASSBOOK, Story, benefit, from_example
from tests.building.paper import AGENCY, Paper

STOP = DocumentKind.STOP_PAYMENT_LETTER
RELEASE = DocumentKind.RELEASE_PAYMENT_LETTER
WITHDRAWAL = DocumentKind.STOP_WITHDRAWAL_LETTER
DEDUCTION = DocumentKind.DEDUCTION_AGREEMENT
RESUMPTION = DocumentKind.RESUMPTION_NOTICE
REFERRAL = DocumentKind.REFERRAL_LETTER


def opened(**changes: Any) -> tuple[Paper, Story]:
    paper, story = Paper(), Story()
    paper.apply(story.confirmed(**changes))
    return paper, story


def refused(paper: Paper, *events: Any, **surroundings: Any) -> list[tuple[str, str]]:
    with pytest.raises(Invalid) as caught:
        paper.apply(*events, **surroundings)
    return [(problem.pointer, problem.code) for problem in caught.value.problems]


def test_the_contracts_agreement_and_resumption_follow_one_another() -> None:
    paper = Paper()
    paper.apply(*map(from_example, ("11", "31", "32", "52")))
    agreement, notice = paper.only(DEDUCTION), paper.only(RESUMPTION)
    assert notice.numbers == {"agreement_number": agreement.document_id}
    assert paper.only(RELEASE).account_number == PASSBOOK
    assert paper.drafts[notice.document_id].data["agreement_number"] == ""


def test_an_agreement_names_the_notice_in_force() -> None:
    paper, story = opened()
    paper.apply(story.agreed())
    notice = paper.only(DocumentKind.RECOVERY_NOTICE)
    assert paper.only(DEDUCTION).numbers == {"notice_number": notice.document_id}


def test_an_agreement_over_more_than_is_owed_is_rejected() -> None:
    paper, story = opened()
    paper.apply(story.repaid("0.01"))
    assert refused(paper, story.agreed()) == [("/data/total", "owes_less")]


def test_an_agreement_with_nothing_owed_is_rejected() -> None:
    paper, story = opened()
    paper.apply(story.repaid())
    assert refused(paper, story.agreed()) == [("/data", "nothing_outstanding")]


def test_a_dead_party_signs_nothing() -> None:
    party = from_example("01").data.party  # type: ignore[union-attr]
    paper, story = opened(party=party.model_dump(mode="json"))
    assert refused(paper, story.agreed()) == [("/data/debtor/relation", "debtor_dead")]


@pytest.mark.parametrize(
    "debtor",
    [
        {"name": "刘晓云", "relation": "本人"},
        {
            "name": "刘德厚",
            "relation": "本人",
            "id_type": "resident_id",
            "id_number": "430111197206150028",
        },
    ],
)
def test_who_is_said_to_be_the_party_bears_his_name_and_number(debtor: dict[str, str]) -> None:
    paper, story = opened()
    assert refused(paper, story.agreed(debtor=debtor)) == [("/data/debtor", "debtor_not_party")]


def test_another_debtor_gets_the_agreement_himself() -> None:
    paper, story = opened()
    debtor = {
        "name": "刘晓云",
        "relation": "女儿",
        "id_type": "resident_id",
        "id_number": "430111197206150028",
        "phone": "13900000017",
        "address": "某某路2号",
    }
    paper.apply(story.agreed(debtor=debtor, kind="repayment_agreement"))
    agreement = paper.only(DocumentKind.REPAYMENT_AGREEMENT)
    assert (agreement.role, agreement.recipient_name) == (RecipientRole.DEBTOR, "刘晓云")


@pytest.mark.parametrize("step", ["agreed", "assisted", "referred"])
def test_the_same_step_under_a_new_id_is_rejected(step: str) -> None:
    paper, story = opened()
    paper.apply(getattr(story, step)())
    assert refused(paper, getattr(story, step)()) == [("/data", "already_recorded")]


def test_the_same_resumption_under_a_new_id_is_rejected() -> None:
    paper, story = opened()
    paper.apply(story.resumed(release_card=False))
    found = refused(paper, story.resumed(release_card=False))
    assert found == [("/data", "already_recorded")]


def test_an_approved_resumption_releases_the_card_and_says_why() -> None:
    paper, story = opened()
    paper.send(paper.only(STOP))
    decision = paper.apply(story.resumed())
    release = paper.only(RELEASE)
    data = paper.drafts[release.document_id].data
    assert (data["resumed"], data["by_deduction"]) == (True, False)
    assert release.waits_for == paper.only(STOP).document_id
    assert decision.news[0].data["measures"] == []


def test_a_card_let_go_is_not_stopped_again_when_a_cleared_case_reopens() -> None:
    paper, story = opened()
    paper.send(paper.only(STOP))
    paper.apply(story.resumed())
    paper.send(paper.only(RELEASE))
    decision = paper.apply(story.repaid(receipt_no="R"), story.reversed("R"))
    assert [draft.kind for draft in decision.drafts] == []


def test_a_release_by_approval_stays_when_a_cleared_case_reopens() -> None:
    paper, story = opened()
    paper.apply(story.resumed(), story.repaid(receipt_no="R"), story.reversed("R"))
    assert not paper.only(RELEASE).void
    assert not paper.only(RESUMPTION).void


def test_a_refused_stop_is_withdrawn_when_benefits_resume() -> None:
    paper, story = opened()
    paper.apply(story.receipted({"kind": "stop_payment_letter"}, executed=False), story.resumed())
    assert paper.documents(RELEASE) == []
    assert paper.only(WITHDRAWAL).about == paper.only(STOP).document_id


def test_a_refusal_turns_an_approved_release_that_has_not_left_into_a_withdrawal() -> None:
    paper, story = opened()
    paper.apply(story.resumed())
    paper.apply(story.receipted({"kind": "stop_payment_letter"}, executed=False))
    assert [d.void for d in paper.documents(RELEASE)] == [True]
    reason = paper.drafts[paper.only(WITHDRAWAL).document_id].data["reason"]
    assert reason == "有关事项已另行处理"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"paid_to": "6222021901000123453"}, ("/data/paid_to", "not_a_card_of_the_case")),
        ({"paid_to": PASSBOOK}, ("/data/release_card", "no_stop_in_force")),
        ({"with_deduction": True}, ("/data/with_deduction", "no_agreement_in_force")),
    ],
)
def test_a_resumption_that_the_case_does_not_allow_is_rejected(
    changes: dict[str, Any], expected: tuple[str, str]
) -> None:
    paper, story = opened()
    assert refused(paper, story.resumed(**changes)) == [expected]
    assert paper.documents(RELEASE) == []


def test_an_assistance_report_goes_to_the_hr_department() -> None:
    paper, story = opened()
    paper.apply(story.audited(), story.assisted())
    report = paper.only(DocumentKind.ASSISTANCE_REPORT)
    assert report.recipient_name == "长沙市雨花区人力资源和社会保障局"
    assert set(report.numbers) == {"notice_number", "opinion_number"}


def test_assistance_over_more_than_is_owed_is_rejected() -> None:
    paper, story = opened()
    assert refused(paper, story.assisted("1000.01")) == [("/data/amount", "owes_less")]


def test_without_an_hr_department_nobody_can_be_reported_to() -> None:
    paper, story = opened()
    alone = AGENCY.model_copy(update={"hr_department": None})
    found = refused(paper, story.assisted(), agency=alone)
    assert found == [("/data", "issuer_not_configured")]


@pytest.mark.parametrize(
    ("to", "issuer"),
    [
        ("labour_inspection", Issuer.AGENCY),
        ("hr_department", Issuer.AGENCY),
        ("discipline_inspection", Issuer.AGENCY),
        ("police", Issuer.LABOUR_INSPECTION),
        ("court", Issuer.HR_DEPARTMENT),
        ("blacklist_authority", Issuer.HR_DEPARTMENT),
    ],
)
def test_a_referral_is_written_by_the_body_whose_business_it_is(to: str, issuer: Issuer) -> None:
    paper, story = opened()
    paper.apply(story.referred(to))
    referral = paper.only(REFERRAL)
    assert paper.drafts[referral.document_id].issuer is issuer
    assert referral.role.value == to
    assert referral.number.startswith(AGENCY.series_of(REFERRAL, issuer))


def test_a_referral_encloses_each_document_once() -> None:
    paper, story = opened()
    notice = paper.only(DocumentKind.RECOVERY_NOTICE)
    attachments = [{"kind": "recovery_notice"}, {"number": notice.number}]
    paper.apply(story.referred(attachments=attachments))
    assert paper.only(REFERRAL).encloses == (notice.document_id,)


def test_every_attachment_that_is_not_there_is_named() -> None:
    paper, story = opened()
    attachments = [{"kind": "audit_opinion"}, {"kind": "recovery_notice"}, {"reference": "x"}]
    assert refused(paper, story.referred(attachments=attachments)) == [
        ("/data/attachments/0", "no_such_document"),
        ("/data/attachments/2/reference", "no_such_document"),
    ]


def test_a_body_that_is_not_configured_writes_no_letter() -> None:
    paper, story = opened()
    alone = AGENCY.model_copy(update={"labour_inspection": None})
    found = refused(paper, story.referred("police"), agency=alone)
    assert found == [("/data/to", "issuer_not_configured")]


def test_a_court_is_not_asked_to_enforce_nothing() -> None:
    paper, story = opened()
    paper.apply(story.repaid())
    assert refused(paper, story.referred("court")) == [("/data", "nothing_outstanding")]


def test_the_agreed_money_of_two_benefits_is_one_total() -> None:
    paper, story = Paper(), Story()
    paper.apply(story.confirmed(benefit("400.00"), benefit("600.00", paid_to=CARD)))
    paper.apply(story.agreed("1000.00"))
    assert agreement_basis(paper.only(DEDUCTION)).fixed == 1000


def test_nobody_who_owes_nothing_is_promised_a_deduction() -> None:
    paper, story = opened()
    paper.apply(story.agreed(), story.signed({"kind": DEDUCTION.value}), story.repaid())
    found = refused(paper, story.resumed(with_deduction=True, release_card=False))
    assert found == [("/data", "nothing_outstanding")]
