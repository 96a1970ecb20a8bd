"""document.served and audit.opened, and how an event names a document."""

from decimal import Decimal

import pytest

from schemas.documents import DocumentKind, RecipientRole
from schemas.errors import Invalid
from tests.building.events import CARD, PASSBOOK, Story, benefit, example, from_example
from tests.building.paper import Paper

NOTICE = DocumentKind.RECOVERY_NOTICE
STOP = DocumentKind.STOP_PAYMENT_LETTER
RELEASE = DocumentKind.RELEASE_PAYMENT_LETTER
SUSPENSION = DocumentKind.SUSPENSION_NOTICE


def opened(**changes: object) -> tuple[Paper, Story]:
    paper, story = Paper(), Story()
    paper.apply(story.confirmed(benefit("1.00"), benefit("2.00", paid_to=PASSBOOK), **changes))
    return paper, story


def codes(caught: pytest.ExceptionInfo[Invalid]) -> list[tuple[str, str]]:
    return [(problem.pointer, problem.code) for problem in caught.value.problems]


def test_a_service_is_recorded_on_its_document_and_on_no_other() -> None:
    paper = Paper()
    decision = paper.apply(from_example("01"), from_example("02"))
    (service,) = paper.only(NOTICE).services
    assert (service.method, service.received_by) == ("in_person", "刘晓云")
    assert service.servers == ("周敏", "陈立")
    assert [c.document_id for c in decision.changes] == [paper.only(NOTICE).document_id]
    assert (decision.drafts, decision.news, decision.alarms) == ((), (), ())


def test_the_same_service_under_a_new_id_is_rejected() -> None:
    paper, story = opened()
    document = {"kind": "recovery_notice"}
    paper.apply(story.served(document))
    with pytest.raises(Invalid) as caught:
        paper.apply(story.served(document))
    assert codes(caught) == [("/data", "service_repeated")]


def test_a_document_may_be_served_twice() -> None:
    paper, story = opened()
    document = {"kind": "recovery_notice"}
    paper.apply(story.served(document), story.served(document, method="mail"))
    assert [s.method for s in paper.only(NOTICE).services] == ["in_person", "mail"]


def test_left_out_servers_are_none() -> None:
    paper, story = opened()
    paper.apply(story.served({"kind": "recovery_notice"}, servers=None, witnesses=None))
    assert paper.only(NOTICE).services[0].servers == ()


@pytest.mark.parametrize("member", ["number", "reference"])
def test_a_document_is_named_outright(member: str) -> None:
    paper, story = opened()
    stop = paper.documents(STOP)[1]
    name = {"number": stop.number, "reference": stop.document_id}[member]
    paper.apply(story.served({member: name}))
    assert len(paper.documents(STOP)[1].services) == 1


def test_a_document_is_named_by_kind_and_account() -> None:
    paper, story = opened()
    paper.apply(story.served({"kind": "stop_payment_letter", "account_number": PASSBOOK}))
    assert [len(stop.services) for stop in paper.documents(STOP)] == [0, 1]


def test_a_document_is_named_by_kind_and_recipient() -> None:
    paper, story = opened()
    paper.apply(story.served({"kind": "suspension_notice", "recipient": "刘晓云"}))
    assert [len(notice.services) for notice in paper.documents(SUSPENSION)] == [1, 0]


def test_a_kind_that_several_have_is_ambiguous() -> None:
    paper, story = opened()
    with pytest.raises(Invalid) as caught:
        paper.apply(story.served({"kind": "suspension_notice"}))
    assert codes(caught) == [("/data/document", "ambiguous")]


@pytest.mark.parametrize(
    ("document", "pointer"),
    [
        ({"number": "稽（待遇）字〔2026〕第9号"}, "/data/document/number"),
        ({"reference": "document-99"}, "/data/document/reference"),
        ({"kind": "audit_opinion"}, "/data/document"),
    ],
)
def test_what_is_not_there_is_no_such_document(document: dict[str, str], pointer: str) -> None:
    paper, story = opened()
    with pytest.raises(Invalid) as caught:
        paper.apply(story.served(document))
    assert codes(caught) == [(pointer, "no_such_document")]


@pytest.mark.parametrize("member", ["number", "reference"])
def test_a_void_document_named_outright_is_said_to_be_void(member: str) -> None:
    paper, story = opened()
    notice = paper.only(NOTICE)
    paper.mark_void(notice)
    name = {"number": notice.number, "reference": notice.document_id}[member]
    with pytest.raises(Invalid) as caught:
        paper.apply(story.served({member: name}))
    assert codes(caught) == [(f"/data/document/{member}", "document_void")]


def test_a_void_document_is_not_the_one_of_its_kind() -> None:
    paper, story = opened()
    paper.mark_void(paper.only(NOTICE))
    with pytest.raises(Invalid) as caught:
        paper.apply(story.served({"kind": "recovery_notice"}))
    assert codes(caught) == [("/data/document", "no_such_document")]


def test_a_released_stop_is_still_named_by_its_kind_while_it_is_the_only_one() -> None:
    paper, story = opened()
    paper.apply(story.repaid("3.00"))
    paper.apply(story.served({"kind": "stop_payment_letter", "account_number": CARD}))
    assert len(paper.documents(STOP)[0].services) == 1


def test_beside_a_new_stop_the_released_one_is_out_of_force() -> None:
    paper, story = opened()
    paper.apply(story.repaid("3.00", receipt_no="R"))
    paper.send(*paper.documents(STOP), *paper.documents(RELEASE))
    paper.apply(story.reversed("R"), story.repaid("3.00", receipt_no="S"))
    paper.apply(
        story.served({"kind": "release_payment_letter", "account_number": CARD}),
    )
    assert [len(d.services) for d in paper.documents(RELEASE)] == [0, 0, 1, 0]
    paper.apply(story.reversed("S"))
    paper.apply(story.served({"kind": "stop_payment_letter", "account_number": CARD}))
    assert [len(d.services) for d in paper.documents(STOP)] == [0, 0, 1, 0]


def test_an_audit_is_over_what_is_outstanding_at_that_moment_and_waits_for_the_notice() -> None:
    paper, story = opened()
    paper.apply(story.repaid("1.50"))
    (draft,) = paper.apply(story.audited()).drafts
    assert draft.kind is DocumentKind.AUDIT_OPINION
    assert draft.waits_for == paper.only(NOTICE).document_id
    assert paper.standing.case is not None
    assert paper.standing.case.outstanding == Decimal("1.50")
    assert "1.50" in str(dict(draft.data))


def test_the_examples_audit_is_over_the_whole_sum() -> None:
    paper = Paper()
    (draft,) = paper.apply(from_example("01"), from_example("02"), from_example("04")).drafts
    assert "3465.30" in str(dict(draft.data))
    assert draft.recipient.name == "刘晓云"


def test_an_addressee_with_the_partys_number_is_the_party() -> None:
    paper, story = opened()
    plain, party = example("04")["data"]["addressee"], example("01")["data"]["party"]
    himself = plain | {name: party[name] for name in ("name", "id_type", "id_number")}
    (draft,) = paper.apply(story.audited(addressee=himself)).drafts
    assert draft.recipient.role is RecipientRole.PARTY
    (other,) = paper.apply(story.audited(addressee=plain)).drafts
    assert other.recipient.role is RecipientRole.ADDRESSEE


def test_an_audit_needs_something_outstanding() -> None:
    paper, story = opened()
    paper.apply(story.repaid("3.00"))
    with pytest.raises(Invalid) as caught:
        paper.apply(story.audited())
    assert codes(caught) == [("/data", "nothing_outstanding")]


def test_an_audit_needs_a_notice_in_force() -> None:
    paper, story = opened()
    paper.mark_void(paper.only(NOTICE))
    with pytest.raises(Invalid) as caught:
        paper.apply(story.audited())
    assert codes(caught) == [("/data", "no_notice")]


def test_an_audit_of_a_dead_party_needs_an_addressee() -> None:
    paper = Paper()
    paper.apply(from_example("01"), from_example("02"))
    with pytest.raises(Invalid) as caught:
        paper.apply(from_example("04", addressee=None))
    assert codes(caught) == [("/data/addressee", "addressee_required")]


def test_all_that_is_wrong_with_an_audit_is_told_at_once() -> None:
    paper = Paper()
    paper.apply(from_example("01"), from_example("05"), from_example("06"))
    paper.mark_void(paper.only(NOTICE))
    with pytest.raises(Invalid) as caught:
        paper.apply(from_example("04", addressee=None))
    assert [code for _, code in codes(caught)] == [
        "nothing_outstanding",
        "no_notice",
        "addressee_required",
    ]
