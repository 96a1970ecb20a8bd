"""The proof of service: blank but for what it is about, without number and seal of its own."""

from typing import Any

import pytest

from cases.kinds import KINDS, LETTERS, SERVED
from cases.kinds.service_record import served_on, service_record
from cases.letters.parts import BLANK
from schemas.documents import NUMBERED, DocumentKind, Recipient, RecipientRole
from templates.catalogue import load
from templates.manifest import misfits
from tests.building.events import example, facts_of, from_example
from tests.building.paper import AGENCY
from tests.building.words import letter_text

KIND = DocumentKind.SERVICE_RECORD
NUMBER = "稽（待遇）字〔2026〕第2号"
RELATIVE = Recipient(role=RecipientRole.RELATIVE, name="刘晓云")
PARTY = Recipient(role=RecipientRole.PARTY, name="陈建国")
#: the blanks of domain/LETTERS.md
BLANKS = (
    "受送达人",
    "送达地点",
    "送达方式",
    "送达时间",
    "代收人签名",
    "与受送达人",
    "代收理由",
    "拒收理由",
    "见证人签名",
    "邮 件 号",
    "备　　注",
)


def text_for(kind: DocumentKind, recipient: Recipient = RELATIVE) -> str:
    data = service_record(
        letter=LETTERS[kind],
        number=NUMBER,
        case_no="430111-1",
        recipient=recipient,
        agency=AGENCY,
    )
    assert list(misfits(load(KIND).manifest, data)) == []
    return letter_text(KIND, data)


@pytest.mark.parametrize("kind", sorted(SERVED))
def test_it_says_which_letter_goes_to_whom_in_which_case(kind: DocumentKind) -> None:
    text = text_for(kind)
    for said in (
        LETTERS[kind].titled(RELATIVE.role),
        f"{NUMBER}，1份",
        "430111-1",
        "刘晓云",
        AGENCY.name,
    ):
        assert said in text


def test_everything_else_is_left_to_be_written_by_hand() -> None:
    text = text_for(DocumentKind.RECOVERY_NOTICE)
    assert [word for word in BLANKS if word not in text] == []
    # received, signed, taken by another: each to the minute
    assert text.count("时　　分") == 3
    assert text.count("1.") == text.count("2.") == 1


@pytest.mark.parametrize("kind", sorted(NUMBERED - SERVED))
def test_a_letter_that_is_not_served_has_none(kind: DocumentKind) -> None:
    with pytest.raises(ValueError, match="is not served"):
        text_for(kind)


@pytest.mark.parametrize(
    ("role", "called"),
    [
        (RecipientRole.RELATIVE, "停发待遇告知书"),
        (RecipientRole.EMPLOYER, "停发待遇告知函"),
        (RecipientRole.COMMUNITY, "停发待遇告知函"),
    ],
)
def test_a_suspension_notice_is_called_as_its_own_heading_says(
    role: RecipientRole, called: str
) -> None:
    text = text_for(DocumentKind.SUSPENSION_NOTICE, Recipient(role=role, name="某某"))
    assert f"{called}\n" in text
    assert "（函）" not in text


DEAD = {**example("01")["data"]["party"], "name": "陈建国", "died_on": "2025-12-03"}
PROMISOR = example("01")["data"]["promisor"] | {"name": "刘晓云"}
OTHERS = [
    {"kind": "employer", "name": "某公司", "address": "某路1号"},
    {"kind": "relative", "name": "刘晓雨", "address": "某路2号"},
]


@pytest.mark.parametrize(
    ("changes", "served"),
    [
        ({"party": {**DEAD, "died_on": None}}, "陈建国"),
        ({"promisor": PROMISOR}, "刘晓云"),
        ({"promisor": None}, "刘晓雨"),
        ({"promisor": None, "notify": OTHERS[:1]}, None),
    ],
)
def test_nobody_serves_the_dead(changes: dict[str, Any], served: str | None) -> None:
    facts = facts_of(from_example("01", **{"party": DEAD, "notify": OTHERS, **changes}))
    recipient = served_on(PARTY, facts)
    assert recipient.name == served
    text = text_for(DocumentKind.RECOVERY_NOTICE, recipient)
    assert (served or BLANK) in text
    assert ("陈建国" in text) == (served == "陈建国")
    assert served_on(RELATIVE, facts) == RELATIVE


def test_it_has_no_number_of_its_own_and_no_seal() -> None:
    manifest = load(KIND).manifest
    assert (manifest.series, manifest.seal) == (None, None)


@pytest.mark.parametrize("kind", DocumentKind)
def test_a_document_is_called_as_its_manifest_says(kind: DocumentKind) -> None:
    assert load(kind).manifest.name == KINDS[kind].title
