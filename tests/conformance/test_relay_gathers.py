"""While many letters wait, messages leave in groups; on an idle system each leaves at once."""

from collections.abc import Iterator
from pathlib import Path
from threading import Event

import pytest

from archive.directory import DirectoryArchive
from commands.county import month_of_cases
from tests.building.office import Office
from tests.building.outlet import GoodOutlet
from tests.building.workshop import Workshop
from workers.relaying import Relay


@pytest.fixture
def office(ledger_url: str) -> Iterator[Office]:
    opened = Office(ledger_url)
    yield opened
    opened.close()


def waits(office: Office, root: Path, cases: int, monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long the relay waits before it sends, when some letters of ``cases`` cases are made."""
    office.take(*[each for each in month_of_cases(cases) if "confirmed" in each["type"]])
    office.work()
    Workshop(office, root).step(Event())
    outlet, waited = GoodOutlet(), list[float]()
    monkeypatch.setattr("workers.relaying.time.sleep", waited.append)
    relay = Relay(
        database=office.database,
        outlet=outlet,
        archive=DirectoryArchive(root),
        settings=office.settings,
        clock=office.clock,
    )
    assert relay.step() == len(outlet.sent) > 0
    return waited


def test_messages_are_gathered_while_many_letters_wait_to_be_made(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited = waits(office, tmp_path, 30, monkeypatch)
    assert len(waited) == 1
    assert 0 < waited[0] <= 1


def test_a_message_leaves_at_once_where_nothing_waits(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert waits(office, tmp_path, 1, monkeypatch) == []
