"""deploy/timers.sh: what has to be done regularly is done at its time, once."""

import os
import re
import subprocess
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
import typer
import yaml

from commands.main import app

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "deploy" / "timers.sh"
BEIJING = timezone(timedelta(hours=8))
#: a Monday
NOON = datetime(2026, 11, 23, 12, tzinfo=BEIJING)
ALL = {"archive raise", "archive reconcile --alarm", "archive fixity --alarm", "due"}


class Machine:
    """A home, a clock that is set by hand, and a ``hanyin`` that notes its words."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        programs = folder / "bin"
        programs.mkdir()
        self._put(programs / "hanyin", f'echo "$*" >>"{folder}/said"; exit "${{CODE:-0}}"')
        ask = 'case "$1" in -d) exec /bin/date "$@";; *) exec /bin/date -d "@$MOMENT" "$@";; esac'
        self._put(programs / "date", ask)

    @staticmethod
    def _put(file: Path, text: str) -> None:
        file.write_text(f"#!/bin/sh\n{text}\n")
        file.chmod(0o755)

    def at(self, moment: datetime, code: int = 0) -> set[str]:
        """What is done at that moment."""
        said = self._folder / "said"
        said.write_text("")
        environment = {
            "PATH": f"{self._folder / 'bin'}:{os.environ['PATH']}",
            "HANYIN_HOME": str(self._folder / "home"),
            "MOMENT": str(int(moment.timestamp())),
            "CODE": str(code),
        }
        subprocess.run(
            [SCRIPT, "--once"], env=environment, check=True, capture_output=True, timeout=60
        )
        lines = said.read_text().splitlines()
        assert len(lines) == len(set(lines))
        return set(lines)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_what_was_missed_is_done_once_and_then_each_at_its_time(machine: Machine) -> None:
    assert machine.at(NOON) == ALL
    assert machine.at(NOON + timedelta(minutes=1)) == set()
    night = NOON.replace(hour=0) + timedelta(days=1)
    assert machine.at(night + timedelta(hours=1, minutes=29)) == set()
    assert machine.at(night + timedelta(hours=1, minutes=30)) == {"archive raise"}
    assert machine.at(night + timedelta(hours=9)) == {"archive reconcile --alarm", "due"}


def test_what_is_weekly_is_done_once_a_week(machine: Machine) -> None:
    machine.at(NOON)
    days = [
        day for day in range(1, 15) if "archive fixity --alarm" in machine.at(NOON + timedelta(day))
    ]
    assert days == [5, 12]


def test_a_command_that_finds_something_stops_no_other(machine: Machine) -> None:
    assert machine.at(NOON, code=1) == ALL


def test_what_it_runs_are_commands_that_there_are_and_the_image_has_it() -> None:
    words = re.findall(r"(?m)^\w+ +[1-7*] [0-9:]{5} (.+)$", SCRIPT.read_text())
    assert set(words) == ALL
    group = typer.main.get_group(app)
    for each in words:
        name, *inner = each.split()
        command = group.commands[name]
        while inner and not inner[0].startswith("-"):
            command = getattr(command, "commands", {})[inner.pop(0)]
        options = {option for each in command.params for option in each.opts}
        assert set(inner) <= options
    assert "!deploy/timers.sh" in (ROOT / ".dockerignore").read_text().splitlines()
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    assert services["timers"]["entrypoint"] == ["/opt/hanyin/deploy/timers.sh"]
    operating = (ROOT / "docs" / "operating.md").read_text()
    assert all(f"`hanyin {each}`" in operating for each in words)
