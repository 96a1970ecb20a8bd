"""An event that ends or breaks its worker harms nobody else, on either ledger."""

import json
import os
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest
from sqlalchemy import String, inspect
from structlog.testing import capture_logs

from cases.states import EventState
from ledger import inbox
from ledger.tables import metadata
from tests.building.hostile import hostile
from tests.building.ill_fate import (
    ALL,
    OF_DATA,
    OF_SERVERS,
    UNKNOWN,
    Fate,
    ill_fated,
    rows,
    work_on,
)
from tests.building.office import Office, example, examples
from tests.building.sealing import CORPORA

ATTEMPTS = 3
#: runs with one error somewhere, on each ledger
RUNS = int(os.environ.get("HANYIN_TEST_FATES", "10"))

Json = dict[str, Any]


@pytest.fixture
def office(ledger_url: str) -> Iterator[Office]:
    opened = Office(ledger_url, attempts=ATTEMPTS)
    # printed with all their variables, the errors take longer than the work
    with capture_logs():
        yield opened
    opened.close()


def case(name: str) -> Json:
    """Example 24 as a case of its own."""
    event = example("24")
    event |= {"id": name, "subject": f"430111-{name.replace(' ', '-')}"}
    event["data"]["case_no"] = event["subject"]
    return event


def mates(count: int = 6) -> list[Json]:
    return [case(f"mate-{number}") for number in range(count)]


def assert_unharmed(office: Office, names: list[str]) -> None:
    left = {row["event_id"]: (row["state"], row["attempts"]) for row in rows(office)}
    assert {name: left[name] for name in names} == dict.fromkeys(names, ("applied", 0))


def test_a_case_number_as_long_as_the_contract_allows_opens_its_case(office: Office) -> None:
    long, receipt = case("x"), example("03")
    long["subject"] = long["data"]["case_no"] = "X" * 100
    receipt["subject"] = receipt["data"]["case_no"] = "Y" * 100
    office.take(*mates(), long, receipt)
    office.work()
    assert office.codes() == []
    assert office.states()["x"] == ["applied"]
    assert office.states()[receipt["id"]] == ["parked"]
    assert_unharmed(office, [mate["id"] for mate in mates()])


@pytest.mark.parametrize("name", ["poison-case-no-100", "receive-case-100"])
def test_events_that_others_made_to_do_harm_do_none(office: Office, name: str) -> None:
    file = CORPORA / "hostile" / f"{name}.json"
    if not file.exists():
        pytest.skip("the hostile inputs of others are not here")
    office.take(*mates(3), file.read_bytes(), *mates(6)[3:])
    office.work()
    assert office.codes() == []
    assert_unharmed(office, [mate["id"] for mate in mates()])


def test_a_case_can_be_referred_to_every_authority(office: Office) -> None:
    opened, referral = example("01"), example("51")
    office.take(opened, example("24"))
    for place, to in enumerate(["labour_inspection", "hr_department", "discipline_inspection"]):
        event = json.loads(json.dumps(referral))
        event |= {"id": to, "subject": opened["subject"], "time": f"2026-09-0{place + 1}T10:00:00Z"}
        event["data"] |= {"case_no": opened["subject"], "to": to, "attachments": []}
        office.take(event)
    office.work()
    assert office.codes() == []
    roles = {row["role"] for row in office.register() if row["kind"] == "referral_letter"}
    assert roles == {"labour_inspection", "hr_department", "discipline_inspection"}


@pytest.mark.parametrize(
    "text", ["\U0001f600" * 200, "\U0001f600" * 201, "长" * 200, "\x00", "\ud800", "x" * 70_000]
)
def test_whatever_an_envelope_says_is_received_and_answered(office: Office, text: str) -> None:
    names = ("id", "source", "type", "subject")
    ill = example("24") | dict.fromkeys(names, text)
    ill["data"] |= {"agency": text, "case_no": text}
    for deep in (ill, {**ill, "data": ill["data"] | {"facts": text}}):
        office.take(json.dumps(deep).encode(), *mates())
    office.take(json.dumps(ill).encode(), exchange="x" * 255, routing_key="y" * 255, user_id="u")
    office.work()
    states = [row["state"] for row in rows(office)]
    assert states.count("rejected") == 3
    assert states.count("applied") == len(mates())


@pytest.mark.parametrize("at", [2, 5, 12])
def test_an_error_of_data_rejects_that_event_at_once(office: Office, at: int) -> None:
    for name, error in OF_DATA.items():
        names = [f"{name} {number}" for number in range(4)]
        ill = case(name)
        office.take(*map(case, names[:2]), ill, *map(case, names[2:]))
        fate = Fate(error=error, at=at, event_id=ill["id"], times=None)
        with ill_fated(office, fate):
            assert work_on(office) == 0
        assert (office.states()[ill["id"]], fate.struck) == (["rejected"], 1)
        assert_unharmed(office, names)
    assert office.codes() == ["not_storable"] * len(OF_DATA)


@pytest.mark.parametrize("at", [1, 6, 12])
def test_any_other_error_sets_that_event_apart_after_attempts_at_it_alone(
    office: Office, at: int
) -> None:
    for name, error in UNKNOWN.items():
        names = [f"{name} {number}" for number in range(4)]
        ill = case(name)
        office.take(*map(case, names[:2]), ill, *map(case, names[2:]))
        with ill_fated(office, Fate(error=error, at=at, event_id=ill["id"], times=None)):
            work_on(office)
        assert office.states()[ill["id"]] == ["rejected"]
        assert_unharmed(office, names)
    assert office.codes() == ["processing_failed"] * len(UNKNOWN)


def test_batch_mates_of_a_deadly_event_are_applied_before_it_kills_again(office: Office) -> None:
    office.take(case("ill"), *mates())
    fate = Fate(error=UNKNOWN["death"], at=1, event_id="ill", times=2)
    with ill_fated(office, fate):
        work_on(office)
    # in the batch, and alone; the third time it lives
    assert office.states()["ill"] == ["applied"]
    assert_unharmed(office, [mate["id"] for mate in mates()])


def test_what_follows_a_deadly_event_in_its_case_waits_with_it(office: Office) -> None:
    office.take(*examples("01", "05"), *mates(2))
    ill = example("01")["id"]
    with ill_fated(office, Fate(error=UNKNOWN["death"], at=3, event_id=ill, times=ATTEMPTS)):
        work_on(office)
    assert office.codes() == []
    assert_unharmed(office, [ill, example("05")["id"]])


def test_more_deadly_events_than_a_batch_takes_do_not_stop_the_others(office: Office) -> None:
    ill = [case(f"ill-{number:02}") for number in range(12)]
    office.take(*ill, *mates())
    with office.database.writing() as connection:
        found = inbox.listing(connection, [EventState.RECEIVED])
        tried = [row["seq"] for row in found if row["event_id"].startswith("ill")]
        inbox.count_attempt(connection, tried)
    office.apply.step()
    assert_unharmed(office, [mate["id"] for mate in mates()])


@pytest.mark.parametrize("name", OF_SERVERS)
def test_a_server_that_is_away_is_charged_to_nobody(office: Office, name: str) -> None:
    office.take(*mates())
    for round_ in range(2 * ATTEMPTS):
        error = OF_SERVERS[name]
        with ill_fated(office, Fate(error=error, at=7, event_id="mate-2", times=None)):
            for _ in range(2):
                try:
                    office.apply.step()
                except Exception:  # noqa: BLE001 -- the loop of a stage waits and goes on
                    assert round_ >= 0
    assert office.codes() == []
    work_on(office)
    assert_unharmed(office, [mate["id"] for mate in mates()])


@pytest.mark.parametrize("seed", range(RUNS))
def test_whatever_strikes_at_whatever_statement_all_others_are_applied(
    office: Office, seed: int
) -> None:
    chance = Random(seed)
    ill = hostile(chance) if chance.random() < 0.5 else json.dumps(case("ill")).encode()
    given: list[Any] = [*mates(), *examples("01", "05")]
    given.insert(chance.randrange(len(given)), ill)
    office.take(*given)
    wanted = [event["id"] for event in given if isinstance(event, dict)]
    bound = chance.random() < 0.5
    name = chance.choice(sorted(OF_DATA | UNKNOWN if bound else ALL))
    fate = Fate(
        error=ALL[name],
        at=chance.randint(1, 30 if bound else 300),
        event_id="ill" if bound else None,
        times=None if bound else 1,
    )
    with ill_fated(office, fate):
        work_on(office)
    lost = [row for row in rows(office) if row["event_id"] in wanted and row["state"] != "applied"]
    # an error of data that strikes once, wherever it does, is taken for that event's own
    own = 0 if bound or name not in OF_DATA else 1
    # hostile bytes may be one of the examples over again, or another event of theirs
    lost = [row for row in lost if row["state"] == "rejected"] if own else lost
    again = {json.loads(ill)["id"]} if _is_readable(ill) else set()
    assert len([row for row in lost if row["event_id"] not in again]) <= own, (name, fate, lost)


def _is_readable(raw: bytes) -> bool:
    try:
        return isinstance(json.loads(raw), dict) and isinstance(json.loads(raw).get("id"), str)
    except (ValueError, RecursionError):
        return False


def test_the_ledgers_columns_are_as_long_as_the_code_says(office: Office) -> None:
    """Whatever revision it began as; SQLite keeps no lengths."""
    if office.database.engine.dialect.name != "postgresql":
        pytest.skip("SQLite keeps no lengths")
    with office.database.reading() as connection:
        found = inspect(connection)
        for table in metadata.tables.values():
            there = {column["name"]: column["type"] for column in found.get_columns(table.name)}
            for column in table.columns:
                if isinstance(column.type, String):
                    kind = there[column.name]
                    assert isinstance(kind, String)
                    assert (column.name, kind.length) == (column.name, column.type.length)
