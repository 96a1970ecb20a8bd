"""What ``hanyin bench`` waits for."""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from archive.directory import DirectoryArchive
from commands.county import month_of_cases
from tests.building.office import Office
from tests.building.outlet import GoodOutlet
from tests.building.workshop import Workshop
from workers import measuring
from workers.measuring import Measuring
from workers.relaying import Relay


def test_events_that_are_taken_in_before_they_are_waited_for_are_measured_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measuring, "_PATIENCE_SECONDS", 1.0)
    office = Office(f"sqlite:///{tmp_path}/ledger.db")
    first, second = (json.dumps(event).encode() for event in _two_cases())

    workshop = Workshop(office, tmp_path)
    relay = Relay(
        database=office.database,
        outlet=GoodOutlet(),
        archive=DirectoryArchive(tmp_path),
        settings=office.settings,
        clock=office.clock,
    )

    def work_at_once(events: Sequence[bytes]) -> None:
        office.take(*events)
        office.work()
        workshop.work()
        while relay.step():
            pass

    told = Measuring(office.database, work_at_once)
    told._tree = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    try:
        assert [told.measure([each]).letters for each in (first, second)] == [3, 3]
    finally:
        told._tree.kill()
        told._tree.wait()
        office.close()


def _two_cases() -> list[dict[str, Any]]:
    return [event for event in month_of_cases(2) if "confirmed" in event["type"]]
