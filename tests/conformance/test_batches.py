"""Documents that are made together: claimed together, each whole by itself."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from cases.kinds import SERVED
from commands.county import month_of_cases
from ledger import production
from ledger.production import Claim
from schemas.documents import DocumentKind, SealedPdf
from schemas.errors import Unavailable
from schemas.identifiers import new_id
from tests.building.office import Office
from tests.building.workshop import Killed, PlainPaper, PlainWax, Workshop

CASES = 4


@pytest.fixture
def office(ledger_url: str) -> Iterator[Office]:
    opened = Office(ledger_url)
    opened.take(*[e for e in month_of_cases(CASES) if "confirmed" in e["type"]])
    opened.work()
    yield opened
    opened.close()


def claim(office: Office, limit: int = 16) -> list[Claim]:
    with office.database.writing() as connection:
        return production.claim(
            connection,
            token=new_id(),
            now=office.clock(),
            lease=timedelta(seconds=60),
            limit=limit,
        )


def test_a_claim_of_several_holds_what_is_made_together_and_the_urgent_first(
    office: Office,
) -> None:
    batches = []
    while claims := claim(office, limit=6):
        batches.append([each.document.kind for each in claims])
    assert [len(batch) for batch in batches] == [6, 4, 2]
    stop, suspension = DocumentKind.STOP_PAYMENT_LETTER, DocumentKind.SUSPENSION_NOTICE
    assert batches[0][:CASES] == [stop] * CASES
    assert {*batches[0]} == {stop, suspension}
    assert set(batches[1]) == {DocumentKind.RECOVERY_NOTICE}
    assert set(batches[2]) == {suspension}


def test_what_was_tried_before_is_claimed_alone(office: Office) -> None:
    first = claim(office)
    office.clock.move(timedelta(seconds=61))
    again = claim(office)
    assert len(again) == 1
    assert (again[0].attempts, again[0].deaths) == (1, 1)
    assert again[0].document.document_id in {each.document.document_id for each in first}


def test_a_lease_is_renewed_for_its_token_alone(office: Office) -> None:
    mine, others = claim(office, limit=1), claim(office, limit=1)
    office.clock.move(timedelta(seconds=50))
    with office.database.writing() as connection:
        until = office.clock() + timedelta(seconds=60)
        production.renew(connection, token=mine[0].token, until=until)
    office.clock.move(timedelta(seconds=20))
    taken = {each.document.document_id for _ in range(99) for each in claim(office)}
    assert others[0].document.document_id in taken
    assert mine[0].document.document_id not in taken


def test_a_worker_makes_what_it_claimed_together_and_each_is_stored(
    office: Office, tmp_path: Path
) -> None:
    workshop = Workshop(office, tmp_path / "archive")
    workshop.work()
    documents, attached = workshop.rows()
    assert {row["state"] for row in documents} == {"archived"}
    assert len(workshop.objects()) == len(documents) + len(attached)


def test_a_worker_that_is_killed_at_any_moment_of_a_batch_leaves_each_letter_once(
    office: Office, tmp_path: Path
) -> None:
    workshop = Workshop(office, tmp_path / "archive")
    for moment in range(1, 60):
        workshop.work(killed_at=moment)
        office.clock.move(timedelta(hours=2))
    workshop.work()
    documents, attached = workshop.rows()
    assert {row["state"] for row in documents} == {"archived"}
    assert len(workshop.objects()) == len(documents) + len(attached)


def test_what_killed_its_worker_beside_others_is_made_alone(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def kill(*_: object) -> None:
        raise Killed

    workshop = Workshop(office, tmp_path / "archive")
    with monkeypatch.context() as patch:
        patch.setattr(PlainPaper, "render", kill)
        while not all(row["claim_token"] for row in workshop.rows()[0]):
            workshop.work()
    office.clock.move(timedelta(seconds=61))
    again = claim(office)
    assert (len(again), again[0].deaths) == (1, 1)
    office.clock.move(timedelta(seconds=61))
    workshop.work()
    documents, attached = workshop.rows()
    assert {row["state"] for row in documents} == {"archived"}
    assert len(attached) == sum(row["kind"] in SERVED for row in documents)


def test_the_rest_of_a_batch_is_given_back_when_a_server_is_away(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise Unavailable("存储没有响应", "the store is away")

    workshop = Workshop(office, tmp_path / "archive")
    with monkeypatch.context() as patch:
        patch.setattr(PlainWax, "seal", away)
        with pytest.raises(Unavailable):
            workshop.work()
    documents, _ = workshop.rows()
    assert {row["claim_token"] for row in documents} == {None}
    assert {row["attempts"] for row in documents} == {0}


def test_the_rest_of_a_batch_is_given_back_when_the_process_is_to_end(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stopping, seal = Event(), PlainWax.seal

    def last(wax: PlainWax, *letter: Any) -> SealedPdf:
        stopping.set()
        return seal(wax, *letter)

    workshop = Workshop(office, tmp_path / "archive")
    monkeypatch.setattr(PlainWax, "seal", last)
    workshop.step(stopping)
    documents, _ = workshop.rows()
    assert [row["state"] for row in documents].count("archived") == 1
    assert {row["claim_token"] for row in documents} == {None}
    assert {row["attempts"] for row in documents} == {0}
