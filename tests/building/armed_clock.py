"""What a process does whose clock is set by a file; comes before any module of the workers."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from signing import authority
from workers import clock

#: names the file: seconds that are added to the machine's time
FILE = "HANYIN_TEST_CLOCK"


def arm() -> None:
    """``workers.clock.now`` tells the file's time, in every module that asks for it later.

    Demonstration certificates are as old as that may need.
    """
    clock.now = _now
    authority._SLOW_CLOCK = timedelta(days=7)


def _now() -> datetime:
    return datetime.now(UTC) + timedelta(seconds=float(Path(os.environ[FILE]).read_text()))
