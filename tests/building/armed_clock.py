"""What a process does whose clock is set by a file."""

import os
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import Self

from signing import authority
from workers import clock

#: names the file: seconds that are added to the machine's time
FILE = "HANYIN_TEST_CLOCK"


def arm() -> None:
    """``workers.clock.now`` tells the file's time, whoever holds it already.

    Demonstration certificates are as old as that may need.
    """
    clock.datetime = _Set  # type: ignore[attr-defined]
    authority._SLOW_CLOCK = timedelta(days=7)


class _Set(datetime):
    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Self:
        seconds = float(Path(os.environ[FILE]).read_text())
        return super().now(tz) + timedelta(seconds=seconds)
