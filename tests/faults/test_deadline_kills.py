"""SIGKILL while a deadline is being told: it is told once, neither never nor twice."""

import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from ledger.tables import deadlines, outbox
from tests.building.office import Office, example, out

ROOT = Path(__file__).parent.parent.parent
_DIES = """
import os, signal, sys
from datetime import datetime
from ledger.database import Database
from ledger.watch import Watch
from schemas.workdays import WorkCalendar
from workers.deadlines import tell_passed
from workers.directory import load_directory

url, now, when = sys.argv[1:]
watch = Watch(directory=load_directory(None), calendar=WorkCalendar())
with Database(url).writing() as connection:
    tell_passed(connection, watch, datetime.fromisoformat(now))
    if when == "before":
        os.kill(os.getpid(), signal.SIGKILL)
os.kill(os.getpid(), signal.SIGKILL)
"""


def tell_and_die(office: Office, when: str) -> None:
    words = [sys.executable, "-c", _DIES, office.url, office.clock().isoformat(), when]
    ended = subprocess.run(words, cwd=ROOT, check=False, capture_output=True)
    assert ended.returncode == -signal.SIGKILL, ended.stderr


def marks_and_messages(office: Office) -> tuple[int, int]:
    told = outbox.c.type == "hanyin.deadline.passed.v1"
    with office.database.reading() as connection:
        marks = connection.execute(select(func.count()).select_from(deadlines)).scalar_one()
        query = select(func.count()).select_from(outbox).where(told)
        return marks, connection.execute(query).scalar_one()


@pytest.mark.parametrize(("when", "left"), [("before", 0), ("after", 3)])
def test_a_kill_before_or_after_the_commit_neither_loses_nor_doubles_a_deadline(
    tmp_path: Path, when: str, left: int
) -> None:
    office = Office(f"sqlite:///{tmp_path}/ledger.db")
    office.take(example("24"))
    office.work()
    with office.database.writing() as connection:
        out(connection, office.clock())
    office.clock.move(timedelta(days=30))
    tell_and_die(office, when)
    assert marks_and_messages(office) == (left, left)
    tell_and_die(office, "after")
    assert marks_and_messages(office) == (3, 3)
    office.close()
