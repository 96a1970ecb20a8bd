"""The proof of service: blank but for what it is about, without number and seal of its own."""

import pytest

from cases.letters import TITLES, service_record
from schemas.documents import NUMBERED, SERVED, DocumentKind
from templates.catalogue import load
from templates.manifest import misfits
from tests.building.paper import AGENCY
from tests.building.words import letter_text

KIND = DocumentKind.SERVICE_RECORD
NUMBER = "稽（待遇）字〔2026〕第2号"
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


def text_for(kind: DocumentKind) -> str:
    data = service_record(
        kind=kind, number=NUMBER, case_no="430111-1", recipient_name="刘晓云", agency=AGENCY
    )
    assert list(misfits(load(KIND).manifest, data)) == []
    return letter_text(KIND, data)


@pytest.mark.parametrize("kind", sorted(SERVED))
def test_it_says_which_letter_goes_to_whom_in_which_case(kind: DocumentKind) -> None:
    text = text_for(kind)
    for said in (TITLES[kind], f"{NUMBER}，1份", "430111-1", "刘晓云", AGENCY.name):
        assert said in text


def test_everything_else_is_left_to_be_written_by_hand() -> None:
    text = text_for(DocumentKind.RECOVERY_NOTICE)
    assert [word for word in BLANKS if word not in text] == []
    # received, signed, taken by another: each to the minute
    assert text.count("时　　分") == 3
    assert text.count("1.") == text.count("2.") == 1


@pytest.mark.parametrize("kind", sorted(NUMBERED - SERVED))
def test_a_letter_that_is_not_served_has_none(kind: DocumentKind) -> None:
    with pytest.raises(KeyError):
        text_for(kind)


def test_it_has_no_number_of_its_own_and_no_seal() -> None:
    manifest = load(KIND).manifest
    assert (manifest.series, manifest.seal) == (None, None)


@pytest.mark.parametrize("kind", DocumentKind)
def test_a_document_is_called_as_its_manifest_says(kind: DocumentKind) -> None:
    assert load(kind).manifest.name == TITLES[kind]
