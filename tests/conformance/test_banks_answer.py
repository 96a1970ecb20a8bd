"""A bank answers from what it gets: the letter's reference or number, and no case."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import select

from ledger.tables import documents, outbox
from schemas.configuration import Directory
from schemas.parsing import parse
from tests.building.events import BANK_CODE, example
from tests.building.office import Office, examples
from workers.directory import load_directory

STOP = "stop_payment_letter"


def with_users() -> Directory:
    """The demo's directory, in which every bank has a user of its own name."""
    directory = load_directory(None)
    banks = tuple(bank.model_copy(update={"user": bank.name}) for bank in directory.banks)
    return directory.model_copy(update={"banks": banks})


@pytest.fixture
def office(ledger_url: str) -> Iterator[Office]:
    made = Office(ledger_url, directory=with_users())
    made.take(*examples("01", "11"))
    made.work()
    yield made
    made.close()


def stops(office: Office) -> list[Any]:
    with office.database.reading() as connection:
        query = select(documents).where(documents.c.kind == STOP).order_by(documents.c.seq)
        return list(connection.execute(query))


def answer(document: dict[str, str], **changes: Any) -> dict[str, Any]:
    """What a bank sends: no case, no agency, no subject."""
    event = example("07")
    event["data"] |= {"document": document} | changes
    return event


def sent(office: Office, event: dict[str, Any], bank: str) -> list[str]:
    office.take(event, exchange="hanyin.receipts", user_id=bank)
    office.work()
    return office.states()[event["id"]]


def bank_of(office: Office, letter: Any) -> str:
    bank = office.directory.bank_of(letter.bank_code)
    assert bank is not None
    return bank.name


def rejections(office: Office) -> list[Any]:
    with office.database.reading() as connection:
        query = select(outbox).where(outbox.c.exchange == "hanyin.rejections")
        return list(connection.execute(query))


@pytest.mark.parametrize("way", ["reference", "number"])
def test_the_letter_alone_is_enough(office: Office, way: str) -> None:
    letter = stops(office)[0]
    named = {"reference": letter.document_id, "number": letter.number}[way]
    event = answer({way: named}, bank_code=letter.bank_code)
    assert sent(office, event, bank_of(office, letter)) == ["applied"]
    assert len(stops(office)[0].receipts or ()) == 1
    assert sent(office, event, bank_of(office, letter)) == ["applied", "repeated"]


def test_who_names_the_case_too_is_understood_as_before(office: Office) -> None:
    letter = stops(office)[0]
    event = answer({"reference": letter.document_id}, bank_code=letter.bank_code)
    event["subject"] = event["data"]["case_no"] = letter.case_no
    event["data"]["agency"] = letter.agency
    assert sent(office, event, bank_of(office, letter)) == ["applied"]


@pytest.mark.parametrize(
    "document", [{"reference": "unknown"}, {"number": "稽（止付）字〔2026〕第99号"}]
)
def test_a_letter_that_is_not_here_is_not_found_and_the_bank_hears_it(
    office: Office, document: dict[str, str]
) -> None:
    assert sent(office, answer(document), "abc") == ["rejected"]
    (told,) = rejections(office)
    assert told.routing_key == "bank.abc"
    assert [e["code"] for e in told.envelope["data"]["errors"]] == ["not_found"]


def test_another_banks_letter_is_not_found_and_its_case_is_not_told(office: Office) -> None:
    letter = stops(office)[0]
    others = {bank.name for bank in office.directory.banks} - {bank_of(office, letter)}
    event = answer({"reference": letter.document_id}, bank_code=letter.bank_code)
    assert sent(office, event, min(others)) == ["rejected"]
    (told,) = rejections(office)
    assert [e["code"] for e in told.envelope["data"]["errors"]] == ["not_found"]
    assert letter.case_no not in json.dumps(told.envelope, ensure_ascii=False)


def test_a_document_that_is_no_bank_letter_is_not_found(office: Office) -> None:
    with office.database.reading() as connection:
        query = select(documents.c.document_id).where(documents.c.kind == "recovery_notice")
        notice = str(connection.execute(query).scalars().first())
    assert sent(office, answer({"reference": notice}), "abc") == ["rejected"]


def test_by_kind_a_case_is_still_asked_for(office: Office) -> None:
    assert sent(office, answer({"kind": STOP}), "abc") == ["rejected"]
    codes = {e["pointer"] for e in rejections(office)[0].envelope["data"]["errors"]}
    assert {"/data/case_no", "/data/agency"} <= codes


def test_an_answer_without_a_case_is_valid_before_anybody_knows_its_letter() -> None:
    event = parse(json.dumps(answer({"number": "稽（止付）字〔2026〕第1号"})).encode()).event
    assert event.type == "letter.receipted"
    assert answer({})["data"]["bank_code"] == BANK_CODE
