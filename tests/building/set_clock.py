"""The workers' clock, set by a file: so many seconds before or after the machine's."""

import os
from datetime import UTC, datetime
from pathlib import Path

from tests.building.armed_clock import FILE
from tests.building.installation import Installation
from tests.building.working import with_variables

ROOT = Path(__file__).parents[2]


def with_clock(installation: Installation, file: Path) -> Installation:
    """The same, whose commands have a clock that ``file`` sets, as often as it is written."""
    path = os.pathsep.join([str(Path(__file__).parent / "fuse"), str(ROOT)])
    more = {"PYTHONPATH": path, FILE: str(file)}
    return with_variables(installation, more)


def set_to(file: Path, moment: datetime) -> None:
    """It is ``moment`` now on that clock, and time goes on from there."""
    fresh = file.with_suffix(".new")
    fresh.write_text(str((moment - datetime.now(UTC)).total_seconds()))
    fresh.replace(file)
