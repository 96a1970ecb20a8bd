"""SIGTERM: the workers end by themselves, soon, with nothing half done and nothing claimed."""

import random
import signal
import time
from pathlib import Path

import pytest
from sqlalchemy import func, select

from commands.county import month_of_cases
from ledger.database import Database
from ledger.tables import documents
from tests.building.installation import Installation
from tests.building.judge import gather, judge

CASES = 12
#: times that the workers are told to end, early and late in a run
ENDINGS = 3
#: seconds in which they have ended: 10, and as many more for a machine that others use
_SOON = 20


@pytest.mark.office
@pytest.mark.timeout(600)
def test_workers_end_soon_and_give_back_what_they_had_claimed(
    installation: Installation, tmp_path: Path
) -> None:
    events = month_of_cases(CASES)
    installation.publish_events(events, tmp_path)
    chance = random.Random(20261125)
    for _ in range(ENDINGS):
        assert ended(installation, chance.uniform(0, 6)) == 0
        assert claimed(installation) == 0
    installation.run("work", "--drain", codes=(0, 3))
    assert judge(gather(installation, events)) == []


def ended(installation: Installation, after: float) -> int:
    """The exit code of workers that were told to end ``after`` seconds."""
    tree = installation.started("work")
    try:
        while not _hears(tree.pid):
            assert tree.poll() is None
            time.sleep(0.02)
        time.sleep(after)
        tree.send_signal(signal.SIGTERM)
        return tree.wait(_SOON)
    finally:
        if tree.poll() is None:
            tree.kill()
            tree.wait()


def _hears(pid: int) -> bool:
    """Whether the process has a handler of its own for SIGTERM: before, it has begun nothing."""
    status = Path(f"/proc/{pid}/status").read_text()
    caught = next(line for line in status.splitlines() if line.startswith("SigCgt"))
    return bool(int(caught.split()[1], 16) >> (signal.SIGTERM - 1) & 1)


def claimed(installation: Installation) -> int:
    """Documents that somebody still has."""
    database = Database(installation.settings().database)
    query = select(func.count()).where(documents.c.claim_token.is_not(None))
    try:
        with database.reading() as connection:
            return int(connection.execute(query).scalar_one())
    finally:
        database.close()
