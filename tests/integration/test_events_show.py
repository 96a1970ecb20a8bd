"""``hanyin events show``: an event as it came, however old."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from archive.directory import DirectoryArchive
from ledger import packs
from ledger.watch import Watch
from schemas.workdays import WorkCalendar
from tests.building.installation import Installation
from tests.building.office import EXAMPLES, Office
from workers.reconciling import Reconcile
from workers.shelving import Shelf


def test_a_packed_event_is_written_as_it_came(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packs, "MOST", 1)
    raw = next(EXAMPLES.glob("24-*.json")).read_bytes()
    office = Office(f"sqlite:///{tmp_path}/ledger.db")
    office.clock.moment = datetime.now(UTC) - timedelta(days=60)
    office.take(raw)
    office.work()
    office.clock.moment = datetime.now(UTC)
    Reconcile(
        database=office.database,
        shelf=Shelf(DirectoryArchive(tmp_path / "archive"), office.directory),
        watch=Watch(directory=office.directory, calendar=WorkCalendar()),
        settings=office.settings,
        clock=office.clock,
    ).step()
    with office.database.reading() as connection:
        assert packs.raw_of(connection, 1, sha256(raw).hexdigest()) == raw
    office.close()
    variables = {
        "HANYIN_HOME": str(tmp_path / "home"),
        "HANYIN_DATABASE_URL": f"sqlite:///{tmp_path}/ledger.db",
    }
    installation = Installation(name="old", variables=variables)
    installation.run("events", "show", "1", "-o", str(tmp_path / "found.json"))
    assert (tmp_path / "found.json").read_bytes() == raw
    refused = installation.ended("events", "show", "99", "-o", str(tmp_path / "none.json"))
    assert refused.returncode == 1
    assert "no event 99" in refused.stderr
