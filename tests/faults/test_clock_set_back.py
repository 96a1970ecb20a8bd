"""The clock is set back an hour, over midnight, in the midst of work; the judge looks (G2)."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from commands.county import month_of_cases
from schemas.zone import CHINA
from tests.building.installation import Installation
from tests.building.set_clock import set_to, with_clock
from tests.building.working import (
    at_work,
    drained_and_judged,
    patient,
    wait_for_letters,
    wait_until,
)

pytestmark = [pytest.mark.office, pytest.mark.timeout(300)]

CASES = 6


def test_dates_do_not_fall_and_nothing_is_lost(installation: Installation, tmp_path: Path) -> None:
    clock = tmp_path / "clock"
    workers = with_clock(patient(installation), clock)
    midnight = datetime.now(CHINA).replace(hour=0, minute=0, second=0) + timedelta(days=-1)
    set_to(clock, midnight + timedelta(minutes=20))
    events = month_of_cases(CASES)
    workers.run("migrate")
    with at_work(workers):
        workers.put(events[::2])
        wait_until(lambda: len(workers.rows("register")) > 1)
        set_to(clock, midnight - timedelta(minutes=40))
        workers.put(events[1::2])
        wait_for_letters(workers, len(events))
    drained_and_judged(workers, events)
    # what was numbered while the clock was wrong has the date of the number before
    assert {row["issued_on"] for row in workers.rows("register")} == {midnight.date().isoformat()}
