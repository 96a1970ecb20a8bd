"""What goes out: shape, bytes and routes."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from schemas.documents import DocumentKind
from schemas.message_models import MESSAGE_MODELS
from schemas.messages import (
    body,
    envelope,
    recipient,
    route_document,
    route_letter,
    route_rejection,
)
from tests.building.events import EXAMPLES

OUT = EXAMPLES.parent / "out"
FILES = sorted(OUT.glob("*.json"))


def short(message: dict[str, Any]) -> str:
    return str(message["type"]).removeprefix("hanyin.").removesuffix(".v1")


def test_every_message_of_the_contract_has_its_model_and_its_example() -> None:
    assert [file.stem for file in FILES] == sorted(MESSAGE_MODELS)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_example_is_what_its_model_says_and_back(file: Path) -> None:
    message = json.loads(file.read_text(encoding="utf-8"))
    data = MESSAGE_MODELS[short(message)].model_validate(message["data"])
    assert data.model_dump(mode="json", exclude_unset=True) == message["data"]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_envelope_is_that_of_the_example_member_by_member_in_order(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    message = json.loads(text)
    made = envelope(
        type=short(message),
        id=message["id"],
        source=message["source"],
        time=datetime.fromisoformat(message["time"]),
        subject=message["subject"],
        data=message["data"],
    )
    assert json.dumps(made, ensure_ascii=False, indent=2) == text.strip()
    assert json.loads(body(made)) == message


def test_the_bytes_are_utf_8_with_characters_as_themselves() -> None:
    assert body({"number": "稽（待遇）字〔2026〕第1号"}).decode("utf-8") == (
        '{"number": "稽（待遇）字〔2026〕第1号"}'
    )


def test_a_type_that_the_contract_does_not_have_is_not_made() -> None:
    with pytest.raises(ValueError, match="no message of the contract"):
        envelope(
            type="letter.lost",
            id="1",
            source="/hanyin",
            time=datetime.fromisoformat("2026-03-05T09:21:31+08:00"),
            subject="s",
            data={},
        )


def test_a_time_without_offset_does_not_leave() -> None:
    with pytest.raises(ValueError, match="offset"):
        envelope(
            type="case.changed",
            id="1",
            source="/hanyin",
            time=datetime(2026, 3, 5),  # noqa: DTZ001
            subject="s",
            data={},
        )


def test_letters_go_to_their_bank_and_to_the_unassigned_where_none_matches() -> None:
    kind = DocumentKind.STOP_PAYMENT_LETTER
    assert route_letter("abc", kind) == ("hanyin.letters", "bank.abc.stop_payment_letter")
    assert route_letter(None, kind) == ("hanyin.letters", "bank.unassigned.stop_payment_letter")


def test_news_go_by_agency_and_kind_or_case() -> None:
    assert route_document("430111", "audit_opinion") == (
        "hanyin.documents",
        "430111.audit_opinion",
    )
    assert route_document("430111", None) == ("hanyin.documents", "430111.case")


def test_rejections_go_to_their_source_or_to_unknown() -> None:
    assert route_rejection("county") == ("hanyin.rejections", "county")
    assert route_rejection(None) == ("hanyin.rejections", "unknown")


def test_a_recipient_is_told_without_a_name() -> None:
    assert recipient("party", None) == {"role": "party"}
    assert recipient("bank", "103551000017") == {"role": "bank", "bank_code": "103551000017"}
    with pytest.raises(ValueError, match="neighbour"):
        recipient("neighbour", None)
