"""Events that were parked for a case are applied in their order, in parts, on either ledger."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest
from structlog.testing import capture_logs

from ledger import cases
from tests.building.ill_fate import UNKNOWN, Fate, ill_fated, rows, work_on
from tests.building.office import Office, example
from workers import applying, settling

Json = dict[str, Any]
PAIR = ("430111", "430111-2026-000017")
START = datetime(2026, 4, 1, tzinfo=UTC)


@pytest.fixture
def office(ledger_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    for module in (applying, settling):
        monkeypatch.setattr(module, "CHUNK", 5)
    opened = Office(ledger_url, attempts=3)
    with capture_logs():
        yield opened
    opened.close()


def repaid(number: int, *, minutes: int | None = None, source: str | None = None) -> Json:
    """0.01 yuan of the first example's case."""
    event = example("05")
    at = START + timedelta(minutes=number if minutes is None else minutes)
    event |= {"id": f"r-{number:03}", "time": at.isoformat()}
    event["data"] |= {"receipt_no": event["id"], "amount": "0.01"}
    return event | ({"source": source} if source else {})


def receipts(office: Office) -> list[str]:
    """What was repaid, in the order of the case."""
    with office.database.reading() as connection:
        case = cases.load(connection, *PAIR)
    assert case is not None
    return [repayment.receipt_no for repayment in case.repayments]


def parked(office: Office, count: int, seed: int = 0) -> list[Json]:
    """So many events are parked, in any order of arrival."""
    events = [repaid(number) for number in range(count)]
    shuffled = events[:]
    Random(seed).shuffle(shuffled)
    office.take(*shuffled)
    office.work()
    assert {row["state"] for row in rows(office)} == {"parked"}
    return events


def test_parked_events_are_applied_in_parts_and_in_their_order(office: Office) -> None:
    events = parked(office, 17)
    office.take(example("01"))
    office.apply.step()
    assert len(receipts(office)) == 5
    office.work()
    assert receipts(office) == [event["id"] for event in events]
    with office.database.reading() as connection:
        assert cases.count_parked_due(connection) == 0


def test_what_comes_while_parked_events_have_their_turns_goes_in_its_order(office: Office) -> None:
    parked(office, 17)
    office.take(example("01"))
    office.apply.step()
    early, late = repaid(90, minutes=12), repaid(91, minutes=99)
    office.take(late, early)
    office.work()
    order = [f"r-{number:03}" for number in (*range(12), 12, 90, *range(13, 17), 91)]
    assert receipts(office) == order
    office.take(repaid(92, minutes=1))
    office.apply.step()
    assert receipts(office)[-1] == "r-092"


def test_events_of_one_time_go_by_source_and_then_as_they_arrived(office: Office) -> None:
    names = [("/hunan/430111/b", 1), ("/hunan/430111/B", 2), ("/hunan/430111/a", 3)]
    names += [("/hunan/430111/b", 0), ("/hunan/430111/a-", 4), ("/hunan/430111/a", 5)]
    waiting = [repaid(number, minutes=0, source=source) for source, number in names]
    office.take(*waiting)
    office.work()
    office.take(example("01"))
    office.work()
    by_source = sorted(waiting, key=lambda event: event["source"])
    assert receipts(office) == [event["id"] for event in by_source]


def test_cases_have_their_turns(office: Office) -> None:
    parked(office, 30)
    other = example("24")
    office.take(example("01"), other)
    office.work()
    assert set(map(tuple, office.states().values())) == {("applied",)}
    more = []
    for number in range(40, 60):
        event = repaid(number)
        event["subject"] = event["data"]["case_no"] = "430111-new"
        more.append(event)
    office.take(*more)
    office.work()
    opener = example("01") | {"id": "new", "subject": "430111-new"}
    opener["data"]["case_no"] = "430111-new"
    office.take(opener)
    office.apply.step()
    quick = example("21")
    office.take(quick)
    office.apply.step()
    # nobody waits until all that was parked for another case is done
    assert office.states()[quick["id"]] == ["applied"]
    assert "parked" in [row["state"] for row in rows(office)]


def test_more_events_than_a_transaction_takes_come_before_their_case(office: Office) -> None:
    events = [repaid(number) for number in range(13)]
    office.take(*reversed(events), example("01"))
    office.work()
    assert receipts(office) == [event["id"] for event in events]


@pytest.mark.parametrize("at", [1, 9, 40, 77, 150, 230])
def test_a_worker_that_dies_among_parked_events_loses_and_doubles_none(
    office: Office, at: int
) -> None:
    events = parked(office, 17, seed=at)
    office.take(example("01"))
    with ill_fated(office, Fate(error=UNKNOWN["death"], at=at)):
        work_on(office)
    assert receipts(office) == [event["id"] for event in events]
    assert office.codes() == []


def test_a_deadly_parked_event_is_set_apart_and_the_others_are_applied(office: Office) -> None:
    events = parked(office, 12)
    office.take(example("01"))
    with ill_fated(office, Fate(error=UNKNOWN["death"], at=2, event_id="r-003", times=None)):
        # before the case opened it was parked: it kills where it is applied
        work_on(office)
    assert receipts(office) == [event["id"] for event in events if event["id"] != "r-003"]
    assert office.codes() == ["processing_failed"]


def test_an_order_that_meets_parked_events_waits_for_its_turn(office: Office) -> None:
    parked(office, 12)
    office.take(example("01"))
    office.apply.step()
    office.take(json.dumps(repaid(50)).encode())
    assert office.apply.case(*PAIR) == 1
    assert office.states()["r-050"] == ["parked"]
    office.work()
    assert office.states()["r-050"] == ["applied"]
