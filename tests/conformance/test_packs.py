"""What is over and old lies packed, and is found as it was."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update

from archive.directory import DirectoryArchive
from cases.states import EventState
from ledger import inbox, packs
from ledger.tables import inbox as events
from ledger.tables import outbox as messages
from ledger.tables import packs as packed
from ledger.watch import Watch
from schemas.errors import DigestMismatch
from schemas.workdays import WorkCalendar
from tests.building.office import Office, example
from tests.building.outlet import GoodOutlet
from workers.reconciling import Reconcile
from workers.relaying import Relay
from workers.shelving import Shelf

_LONG = timedelta(days=60)


@pytest.fixture
def office(ledger_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    monkeypatch.setattr(packs, "MOST", 3)
    made = Office(ledger_url)
    yield made
    made.close()


@pytest.fixture
def reconcile(office: Office, tmp_path: Path) -> Reconcile:
    return Reconcile(
        database=office.database,
        shelf=Shelf(DirectoryArchive(tmp_path), office.directory),
        watch=Watch(directory=office.directory, calendar=WorkCalendar()),
        settings=office.settings,
        clock=office.clock,
    )


def done(office: Office, root: Path) -> dict[int, bytes]:
    """Cases were opened and their messages sent; the bytes of each event."""
    office.take(*(numbered(n) for n in range(7)))
    office.work()
    relay = Relay(
        database=office.database,
        outlet=GoodOutlet(),
        archive=DirectoryArchive(root),
        settings=office.settings,
        clock=office.clock,
    )
    while relay.step():
        pass
    with office.database.reading() as connection:
        return {row.seq: row.raw for row in connection.execute(select(events))}


def numbered(number: int) -> dict[str, Any]:
    text = json.dumps(example("24"), ensure_ascii=False)
    event: dict[str, Any] = json.loads(text.replace("-000020", f"-0001{number:02d}"))
    return event


def rows_of(office: Office, table: Any) -> int:
    with office.database.reading() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def kept(office: Office) -> int:
    """Bytes of events in the inbox itself."""
    with office.database.reading() as connection:
        return int(connection.execute(select(func.sum(func.length(events.c.raw)))).scalar_one())


def test_what_is_new_is_not_packed(office: Office, reconcile: Reconcile, tmp_path: Path) -> None:
    done(office, tmp_path)
    reconcile.step()
    assert rows_of(office, packed) == 0


def test_every_old_event_is_found_as_it_came(
    office: Office, reconcile: Reconcile, tmp_path: Path
) -> None:
    raw = done(office, tmp_path)
    before = kept(office)
    office.clock.move(_LONG)
    for _ in range(9):
        reconcile.step()
    assert rows_of(office, packed) >= 2
    assert kept(office) < before / 4
    with office.database.reading() as connection:
        assert {seq: inbox.raw_of(connection, seq) for seq in raw} == raw
        pairs = [("430111", f"430111-2026-0001{n:02d}") for n in range(7)]
        found = inbox.of_cases(connection, pairs, [EventState.APPLIED])
    assert {event.seq: event.raw for event in found} == raw


def test_the_same_event_again_is_a_repeat_and_another_is_refused(
    office: Office, reconcile: Reconcile, tmp_path: Path
) -> None:
    done(office, tmp_path)
    office.clock.move(_LONG)
    for _ in range(9):
        reconcile.step()
    changed = numbered(1)
    changed["data"]["facts"] = "别的"
    office.take(numbered(0), changed)
    office.work()
    with office.database.reading() as connection:
        last = inbox.listing(connection, list(EventState))[-2:]
    assert [row["state"] for row in last] == ["repeated", "rejected"]
    assert office.codes() == ["id_reused"]


def test_sent_messages_leave_the_outbox_whole_and_waiting_ones_stay(
    office: Office, reconcile: Reconcile, tmp_path: Path
) -> None:
    done(office, tmp_path)
    office.clock.move(_LONG)
    with office.database.writing() as connection:
        first = connection.execute(select(func.min(messages.c.seq))).scalar_one()
        connection.execute(
            update(messages).where(messages.c.seq == first).values(state="waiting", sent_at=None)
        )
        rows = {row.seq: row for row in connection.execute(select(messages))}
    for _ in range(9):
        reconcile.step()
    with office.database.reading() as connection:
        left = set(connection.execute(select(messages.c.seq)).scalars())
        gone = {seq: packs.message(connection, seq) for seq in rows if seq not in left}
    assert first in left
    assert len(gone) >= 3
    for seq, entry in gone.items():
        assert entry is not None
        assert (entry["message_id"], entry["envelope"]) == (
            rows[seq].message_id,
            rows[seq].envelope,
        )


def test_a_pack_that_was_changed_is_noticed(
    office: Office, reconcile: Reconcile, tmp_path: Path
) -> None:
    raw = done(office, tmp_path)
    office.clock.move(_LONG)
    reconcile.step()
    with office.database.writing() as connection:
        first = min(raw)
        pack = packs._unpacked(
            connection.execute(
                select(packed.c.content).where(packed.c.holds == "events")
            ).scalar_one()
        )
        pack[first]["raw"] = "{}"
        content = packs._packed(pack)
        connection.execute(update(packed).values(content=content))
    with office.database.reading() as connection, pytest.raises(DigestMismatch):
        inbox.raw_of(connection, first)
