"""Floods: quotas of a speaker, events whose case does not come, and what a flood costs."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event as events
from sqlalchemy import insert, select
from structlog.testing import capture_logs

from archive.directory import DirectoryArchive
from cases.states import EventState
from ledger import cases, inbox, outbox
from ledger.tables import inbox as inbox_table
from ledger.tables import trail, usage
from ledger.watch import Watch
from schemas.identifiers import new_id
from tests.building.cost import Cost
from tests.building.office import Office, example
from workers.applying import Apply
from workers.calendar import load_calendar
from workers.operating import order
from workers.reconciling import Reconcile
from workers.settling import CHUNK
from workers.shelving import Shelf

#: events parked for one case
PARKED = int(os.environ.get("HANYIN_TEST_PARKED", "1200"))
Json = dict[str, Any]


@pytest.fixture
def office(ledger_url: str) -> Iterator[Office]:
    opened = Office(ledger_url)
    with capture_logs():
        yield opened
    opened.close()


def set_quotas(office: Office, **settings: int) -> None:
    office.settings = office.settings.model_copy(update=settings)
    office.apply = Apply(
        database=office.database,
        directory=office.directory,
        settings=office.settings,
        clock=office.clock,
    )


def receipt(name: str, case_no: str = "430111-none") -> Json:
    event = example("03") | {"id": name, "subject": case_no}
    event["data"]["case_no"] = case_no
    return event


def case(name: str) -> Json:
    event = example("24") | {"id": name, "subject": f"430111-{name}"}
    event["data"]["case_no"] = event["subject"]
    return event


def states(office: Office) -> list[str]:
    return [state for several in office.states().values() for state in several]


def alarms(office: Office) -> list[str]:
    with office.database.reading() as connection:
        found = connection.execute(select(trail.c.action).where(trail.c.alarm))
        return [row.action for row in found]


def by_bank(office: Office, *given: Json, bank: str = "bank-abc") -> None:
    office.take(*given, exchange="hanyin.receipts", user_id=bank)
    office.work()


def test_a_speaker_has_no_more_parked_for_a_case_than_a_day_allows(office: Office) -> None:
    set_quotas(office, quota_parked_case=5)
    by_bank(office, *(receipt(f"r-{number}") for number in range(12)))
    assert (states(office).count("parked"), office.codes()) == (5, ["quota_parked"] * 7)
    # nobody else is kept from it, and the speaker not from other cases
    by_bank(office, receipt("other"), bank="bank-icbc")
    by_bank(office, receipt("elsewhere", "430111-elsewhere"))
    assert office.states()["other"] == office.states()["elsewhere"] == ["parked"]
    office.clock.move(timedelta(days=1))
    by_bank(office, receipt("r-11"))
    assert office.states()["r-11"] == ["rejected", "parked"]
    assert alarms(office) == ["quota_parked_used_up"]


def test_a_speaker_has_no_more_parked_in_all_than_a_day_allows(office: Office) -> None:
    set_quotas(office, quota_parked=5, quota_parked_case=5)
    by_bank(office, *(receipt(f"r-{number}", f"430111-{number}") for number in range(9)))
    assert office.codes() == ["quota_parked"] * 4
    office.take(case("mine"), user_id="yuhua-benefits")
    office.work()
    assert office.states()["mine"] == ["applied"]


def test_no_more_of_a_speaker_is_looked_at_when_too_much_was_rejected(office: Office) -> None:
    set_quotas(office, quota_rejected=4, quota_rejected_case=3)
    office.take(case("early"))
    office.work()
    bad = [receipt(f"bad-{number}", "430111-a") | {"time": "never"} for number in range(5)]
    office.take(*bad, b"{", case("late"))
    office.take(case("early"))
    office.take(case("theirs"), user_id="somebody-else")
    office.work()
    codes = office.codes()
    assert codes.count("quota_rejected") == 3
    # what was accepted before is a repeat, not a refusal
    assert office.states()["early"] == ["applied", "repeated"]
    assert office.states()["theirs"] == ["applied"]
    assert "quota_rejected_used_up" in alarms(office)
    office.clock.move(timedelta(days=1))
    office.take(case("late"))
    office.work()
    assert office.states()["late"][-1] == "applied"


def test_of_what_a_speaker_sends_beyond_a_days_bytes_the_head_is_kept(office: Office) -> None:
    large = case("large")
    large["data"]["facts"] = "长" * 9000
    raw = json.dumps(large, ensure_ascii=False).encode()
    set_quotas(office, quota_bytes=len(raw) + 10)
    office.take(raw, raw, case("theirs") | {"source": "/nobody"})
    office.work()
    # the second is the same again, and over the quota all the same: a repeat
    assert office.states()["large"] == ["applied", "repeated"]
    larger = raw.replace(b'"large"', b'"later"')
    office.take(larger)
    office.work()
    assert office.codes()[-1] == "quota_bytes"
    with office.database.reading() as connection:
        (row,) = connection.execute(
            select(inbox_table).where(inbox_table.c.event_id == "later")
        ).all()
    assert (row.raw, row.raw_size) == (larger[: len(row.raw)], len(larger))
    assert len(row.raw) < len(larger)
    office.clock.move(timedelta(days=1))
    with office.database.writing() as connection:
        inbox.replay(connection, [row.seq], at=office.clock())
    office.work()
    assert office.states()["later"] == ["rejected", "rejected"]
    assert office.codes()[-1] == "quota_bytes"
    office.clock.move(timedelta(days=1))
    office.take(larger)
    office.work()
    # it is looked at: its case is the first one's
    assert office.codes()[-1] == "case_exists"


def test_an_operators_order_is_counted_for_nobody(office: Office) -> None:
    set_quotas(office, quota_bytes=1, quota_rejected=1)
    office.take(case("over"))
    office.work()
    assert office.codes() == ["quota_bytes"]
    data = example("41")["data"]
    answer = order(
        office.database,
        office.directory,
        office.settings,
        "document.void",
        data,
        clock=office.clock,
    )
    # for a case that is not there
    assert answer.state is EventState.PARKED


def test_a_case_that_opens_after_a_flood_is_applied_in_full(office: Office) -> None:
    set_quotas(office, quota_parked_case=7)
    opener = case("x")
    by_bank(office, *(receipt(f"r-{number}", opener["subject"]) for number in range(20)))
    office.take(opener)
    office.work()
    assert office.states()["x"] == ["applied"]
    assert "parked" not in states(office)


def reconcile(office: Office, folder: Path) -> Reconcile:
    return Reconcile(
        database=office.database,
        shelf=Shelf(DirectoryArchive(folder), office.directory),
        watch=Watch(directory=office.directory, calendar=load_calendar(None)),
        settings=office.settings,
        clock=office.clock,
    )


def test_an_event_whose_case_does_not_come_is_answered_and_may_come_again(
    office: Office, tmp_path: Path
) -> None:
    set_quotas(office, parked_days=30)
    office.take(receipt("old"), case("x"), receipt("opened", "430111-late"))
    office.work()
    office.clock.move(timedelta(days=29))
    office.take(receipt("young"))
    office.work()
    reconcile(office, tmp_path).step()
    assert office.states()["old"] == ["parked"]
    office.clock.move(timedelta(days=2))
    stage = reconcile(office, tmp_path)
    while stage.step():
        pass
    assert office.states()["old"] == ["rejected"]
    assert office.states()["young"] == ["parked"]
    assert set(office.codes()) == {"parked_expired"}
    with office.database.reading() as connection:
        told = [
            message.envelope for message in outbox.due(connection, now=office.clock(), limit=99)
        ]
    refused = [m["data"]["event"]["id"] for m in told if m["type"].endswith("rejected.v1")]
    assert sorted(refused) == ["old", "opened"]
    office.take(receipt("old"))
    office.work()
    assert office.states()["old"] == ["rejected", "parked"]


def test_more_than_a_chunk_expires_in_parts(office: Office, tmp_path: Path) -> None:
    fill(office, "430111-none", CHUNK + 20)
    office.clock.move(timedelta(days=400))
    stage = reconcile(office, tmp_path)
    assert stage.step() == CHUNK
    assert stage.step() == 20
    assert stage.step() == 0


def test_counts_of_days_gone_by_are_not_kept(office: Office, tmp_path: Path) -> None:
    by_bank(office, receipt("r"))
    office.clock.move(timedelta(days=30))
    reconcile(office, tmp_path).step()
    with office.database.reading() as connection:
        assert connection.execute(select(usage)).all() == []


def fill(office: Office, case_no: str, count: int) -> None:
    """So many receipts are parked for a case, as if they had come one by one."""
    template = receipt(f"first of {case_no}", case_no)
    office.take(template)
    office.work()
    with office.database.writing() as connection:
        (row,) = connection.execute(
            select(inbox_table).where(inbox_table.c.event_id == template["id"])
        ).all()
        plain = {name: value for name, value in row._mapping.items() if name != "seq"}
        rows = []
        for _ in range(count - 1):
            name = new_id()
            raw = json.dumps(template | {"id": name}).encode()
            rows.append({**plain, "event_id": name, "raw": raw, "delivery_id": name})
        if rows:
            connection.execute(insert(inbox_table), rows)
    assert parked(office) >= count


def parked(office: Office) -> int:
    with office.database.reading() as connection:
        return inbox.count(connection, EventState.PARKED)


class Counted:
    """Statements, and how many events the largest transaction settled."""

    def __init__(self) -> None:
        self.statements = 0
        self.settled = 0
        self.most = 0


@contextmanager
def counted(office: Office) -> Iterator[Counted]:
    found = Counted()

    def executed(*args: Any) -> None:
        found.statements += 1
        found.settled += args[2].startswith("UPDATE inbox SET state")

    def committed(_: Any) -> None:
        found.most = max(found.most, found.settled)
        found.settled = 0

    engine = office.database.engine
    events.listen(engine, "before_cursor_execute", executed)
    events.listen(engine, "commit", committed)
    try:
        yield found
    finally:
        events.remove(engine, "before_cursor_execute", executed)
        events.remove(engine, "commit", committed)


def drained(office: Office, name: str, count: int) -> Counted:
    """What it takes to open a case for which so many events are parked."""
    opener = case(name)
    fill(office, opener["subject"], count)
    office.take(opener)
    with counted(office) as found:
        office.work()
    assert parked(office) == 0
    assert office.states()[name] == ["applied"]
    with office.database.reading() as connection:
        assert cases.count_parked_due(connection) == 0
    return found


@pytest.mark.timeout(36_000)
def test_what_was_parked_is_applied_in_parts_at_a_cost_that_grows_no_faster(
    office: Office,
) -> None:
    set_quotas(office, quota_rejected=10**9, quota_rejected_case=10**9)
    few, many = PARKED // 4, PARKED
    small, large = drained(office, "small", few), drained(office, "large", many)
    assert max(small.most, large.most) <= CHUNK + 1
    assert large.statements / many <= 1.1 * small.statements / few


@pytest.mark.timeout(36_000)
def test_the_machine_of_the_database_has_no_more_to_do_for_each(tmp_path: Path) -> None:
    """In instructions of SQLite's machine; PostgreSQL has the same queries and indexes."""
    costs = []
    for count in (PARKED // 4, PARKED):
        office = Office(f"sqlite:///{tmp_path}/{count}.db")
        set_quotas(office, quota_rejected=10**9, quota_rejected_case=10**9)
        opener = case("x")
        fill(office, opener["subject"], count)
        office.take(opener)
        office.database.engine.dispose()
        with Cost() as cost, capture_logs():
            costs.append(cost.of(office.work) / count)
        assert parked(office) == 0
        office.close()
    assert costs[1] <= 1.3 * costs[0], costs


def test_a_flood_that_is_parked_costs_the_same_for_each(office: Office) -> None:
    set_quotas(office, quota_parked=10**9, quota_parked_case=10**9)
    costs = []
    for count in (100, 400):
        office.take(*(receipt(f"{count}-{number}", f"430111-{count}") for number in range(count)))
        with counted(office) as found:
            office.work()
        costs.append(found.statements / count)
    assert costs[1] <= 1.1 * costs[0], costs
