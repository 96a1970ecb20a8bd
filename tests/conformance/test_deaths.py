"""A kill is no letter's fault: what is charged, when a letter goes on, when it has failed."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from commands.county import month_of_cases
from ledger import deaths, production
from ledger.deaths import Patience
from ledger.production import Claim
from ledger.tables import trail
from schemas.documents import PlannedDocument, SealedPdf
from tests.building.office import Office
from tests.building.workshop import Killed, PlainWax, Workshop
from workers.tokens import claim_token, new_worker, patience_of

#: the settings of every user
PATIENCE = Patience(first=1, attempts=5)
LEASE = timedelta(seconds=60)


@pytest.fixture
def office(ledger_url: str) -> Iterator[Office]:
    opened = Office(ledger_url)
    opened.take(*[e for e in month_of_cases(3) if "confirmed" in e["type"]])
    opened.work()
    assert patience_of(opened.settings) == PATIENCE
    yield opened
    opened.close()


def claim(office: Office, worker: str = "", limit: int = 1) -> list[Claim]:
    with office.database.writing() as connection:
        return production.claim(
            connection,
            token=claim_token(worker or new_worker()),
            now=office.clock(),
            lease=LEASE,
            limit=limit,
            patience=PATIENCE,
        )


def row(office: Office, document_id: str) -> dict[str, Any]:
    return next(row for row in office.register() if row["document_id"] == document_id)


def dies(office: Office, worker: str) -> int:
    """The producer has ended, and its parent has seen it."""
    with office.database.writing() as connection:
        return deaths.of_producer(connection, worker, now=office.clock(), patience=PATIENCE)


def restarts(office: Office) -> int:
    """The whole tree was killed, and a new one has taken the home."""
    with office.database.writing() as connection:
        return deaths.free_all(connection, now=office.clock(), patience=PATIENCE)


def test_a_killed_tree_charges_nothing_however_often(office: Office) -> None:
    (mine,) = claim(office)
    for number in range(1, 30):
        assert restarts(office) == 1
        found = row(office, mine.document.document_id)
        assert (found["attempts"], found["deaths"], found["state"]) == (0, number, "planned")
        office.clock.move(timedelta(hours=1))
        (again,) = claim(office)
        assert again.document.document_id == mine.document.document_id


def test_a_lease_that_runs_out_charges_nothing(office: Office) -> None:
    (mine,) = claim(office)
    for number in range(1, 12):
        # a pause as long as the last, and then some
        office.clock.move(timedelta(hours=2))
        claimed = {each.document.document_id: each for each in claim(office) + claim(office)}
        found = row(office, mine.document.document_id)
        assert found["attempts"] == 0
        assert found["deaths"] <= number
        if mine.document.document_id in claimed:
            assert claimed[mine.document.document_id].attempts == 1


def test_those_made_together_with_what_ends_a_worker_are_not_charged(office: Office) -> None:
    worker = new_worker()
    batch = claim(office, worker, limit=16)
    assert len(batch) > 1
    assert dies(office, worker) == len(batch)
    rows = [row(office, each.document.document_id) for each in batch]
    assert {(found["attempts"], found["deaths"]) for found in rows} == {(0, 1)}
    # a fresh stop letter comes before the others, which are of kinds that are made with it
    office.take(*[e for e in month_of_cases(5)[-12:] if "confirmed" in e["type"]])
    office.work()
    # from now on alone
    ids = {each.document.document_id for each in batch}
    while claims := claim(office, limit=16):
        assert len(claims) == 1 or ids.isdisjoint(each.document.document_id for each in claims)


def test_a_letter_alone_with_a_producer_that_ends_is_charged_the_second_time(
    office: Office,
) -> None:
    for died in range(1, 5):
        worker = new_worker()
        (mine,) = claim(office, worker)
        dies(office, worker)
        found = row(office, mine.document.document_id)
        assert (found["deaths"], found["attempts"]) == (died, died - 1)
        office.clock.move(timedelta(minutes=10))


def test_the_claims_of_other_producers_are_left_alone(office: Office) -> None:
    mine, other = new_worker(), new_worker()
    (ours,), (theirs,) = claim(office, mine), claim(office, other)
    assert dies(office, mine) == 1
    assert row(office, theirs.document.document_id)["claim_token"] == theirs.token
    assert row(office, ours.document.document_id)["claim_token"] is None


def test_pauses_grow_and_hold_up_no_other_letter(office: Office) -> None:
    (mine,) = claim(office)
    pauses = []
    for _ in range(9):
        restarts(office)
        found = row(office, mine.document.document_id)
        until = found["next_attempt_at"]
        pauses.append(until - office.clock() if until else timedelta(0))
        if until:
            assert claim(office)[0].document.document_id != mine.document.document_id
            with office.database.writing() as connection:
                deaths.free_all(connection, now=office.clock(), patience=PATIENCE)
            office.clock.move(until - office.clock())
        while claim(office)[0].document.document_id != mine.document.document_id:
            pass
    assert pauses == sorted(pauses)
    assert pauses[:2] == [timedelta(0)] * 2
    assert max(pauses) == timedelta(hours=1)


def test_what_ends_its_producer_each_time_fails_and_is_tried_again_by_itself(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workshop = Workshop(office, tmp_path / "archive")
    poison = office.register()[0]["document_id"]
    seal = PlainWax.seal

    def end(wax: PlainWax, planned: PlannedDocument, rendered: Any) -> SealedPdf:
        if planned.document_id == poison:
            raise Killed
        return seal(wax, planned, rendered)

    with monkeypatch.context() as patch:
        patch.setattr(PlainWax, "seal", end)
        rounds = until_failed(office, workshop, poison)
    found = row(office, poison)
    assert (found["state"], found["error"]["code"]) == ("failed", deaths.USED_UP)
    assert rounds == PATIENCE.attempts + 2
    assert found["attempts"] == PATIENCE.attempts
    # the others are not held up by it
    assert {each["state"] for each in office.register() if each["document_id"] != poison} == {
        "archived"
    }
    assert alarms(office) == {"workers_end_with_document", "document_failed"}
    assert again(office) == 0
    office.clock.move(timedelta(minutes=61))
    assert again(office) == 1
    workshop.work()
    assert row(office, poison)["state"] == "archived"
    assert row(office, poison)["deaths"] == 0


def test_what_fails_so_once_more_waits_longer(office: Office) -> None:
    now = office.clock()
    pauses = [PATIENCE.after_failing(now, number) - now for number in range(5, 20)]
    assert pauses == sorted(pauses)
    assert pauses[0] == timedelta(hours=1)
    assert pauses[-1] == timedelta(days=1)


def until_failed(office: Office, workshop: Workshop, poison: str) -> int:
    """Producers work and end, each seen by its parent; how many it took."""
    for number in range(1, 20):
        worker = new_worker()
        workshop.work(worker=worker)
        dies(office, worker)
        if row(office, poison)["state"] == "failed":
            return number
        office.clock.move(timedelta(hours=2))
    raise AssertionError("it never fails")


def again(office: Office) -> int:
    with office.database.writing() as connection:
        return deaths.retry_failed(connection, now=office.clock(), patience=PATIENCE)


def alarms(office: Office) -> set[str]:
    with office.database.reading() as connection:
        return set(connection.execute(select(trail.c.action).where(trail.c.alarm)).scalars())
