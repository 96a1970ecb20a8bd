"""A drain waits for a server that is away, and not for ever."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from schemas.errors import Unavailable
from tests.building.installation import EXAMPLES, Installation
from workers import work
from workers.directory import load_directory
from workers.settings import Settings

#: looks at what is left before the store is back
BACK_AFTER = 30
pytestmark = [pytest.mark.office, pytest.mark.timeout(300)]


@pytest.fixture
def with_a_store(tmp_path: Path, private_s3: Any, monkeypatch: pytest.MonkeyPatch) -> Installation:
    """The embedded default but for its store, which has letters to keep."""
    made = Installation(
        name="with a store",
        variables={
            "HANYIN_HOME": str(tmp_path / "var"),
            "HANYIN_STORAGE_URL": private_s3.bucket_url("letters"),
            "HANYIN_STORAGE_ACCESS_KEY": private_s3.access_key,
            "HANYIN_STORAGE_SECRET_KEY": private_s3.secret_key,
            "HANYIN_STORAGE_LOCK_MODE": "GOVERNANCE",
            "HANYIN_PRODUCERS": "1",
            "HANYIN_RETRY_SECONDS": "0.2",
        },
    )
    for name, value in made.environment.items():
        monkeypatch.setenv(name, value)
    made.publish(EXAMPLES / "01-overpayment-confirmed.json")
    made.run("work", "--drain", "--only", "receive,apply")
    return made


def drain(report: Callable[[work.Progress], None] | None = None) -> None:
    settings = Settings()
    work.work(settings, load_directory(settings.directory_file), drain=True, report=report)


def test_it_gives_up_a_store_that_stays_away(
    with_a_store: Installation, private_s3: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(work, "_DRAIN_WAITS_SECONDS", 3.0)
    private_s3.stop()
    with pytest.raises(Unavailable):
        drain()
    states = {row["state"] for row in with_a_store.rows("documents", "list")}
    assert states <= {"planned", "pinned"}


def test_it_waits_for_one_that_comes_back(with_a_store: Installation, private_s3: Any) -> None:
    waited = list[work.Progress]()

    def look(progress: work.Progress) -> None:
        waited.append(progress)
        if len(waited) == BACK_AFTER:
            private_s3.start_again()

    private_s3.stop()
    drain(report=look)
    states = {row["state"] for row in with_a_store.rows("documents", "list")}
    assert states == {"announced"}
