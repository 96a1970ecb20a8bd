"""SIGKILL of the whole process tree at random moments; then the judge looks (G1–G5)."""

import contextlib
import os
import random
import signal
import time
from pathlib import Path

import pytest

from commands.county import month_of_cases
from tests.building.installation import Installation
from tests.building.judge import gather, judge
from tests.building.processes import left_running
from tests.building.working import patient, with_variables

#: how often the tree is killed, and over how many cases
KILLS = int(os.environ.get("HANYIN_TEST_KILLS", "5"))
CASES = 9 if KILLS < 100 else 24
#: a kill comes this many seconds after the start, at the latest
_LATEST = 3.0


@pytest.mark.office
@pytest.mark.timeout(1800 + 30 * KILLS)
def test_nothing_is_lost_or_doubled_however_often_the_workers_are_killed(
    installation: Installation, tmp_path: Path
) -> None:
    events = month_of_cases(CASES)
    workers = with_variables(patient(installation), {"HANYIN_PRODUCERS": "2"})
    chance = random.Random(20261124)
    # a tenth of the events comes at a time, so that some are under way at every kill
    share = len(events) // 10 + 1
    waiting = list(events)
    for number in range(KILLS):
        if number % max(KILLS // 12, 1) == 0:
            batch, waiting = waiting[:share], waiting[share:]
            workers.publish_events(batch, tmp_path)
        _work_and_kill(workers, chance.uniform(0.2, _LATEST))
    workers.publish_events(waiting, tmp_path)
    workers.run("work", "--drain")
    assert judge(gather(workers, events)) == []
    assert left_running(workers) == []


def _work_and_kill(installation: Installation, seconds: float) -> None:
    tree = installation.started("work")
    time.sleep(seconds)
    assert tree.poll() is None, "the workers ended by themselves"
    with contextlib.suppress(ProcessLookupError):
        os.killpg(tree.pid, signal.SIGKILL)
    tree.wait()
