"""Workers of an installation: at work for a while, and what must be true when all is done."""

import contextlib
import os
import subprocess
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from ledger.database import Database
from ledger.inbox import InboxState
from ledger.tables import documents, inbox
from schemas.documents import DocumentState
from tests.building.installation import Installation, Process
from tests.building.judge import gather, judge

#: seconds after which the claims of a dead or frozen worker run out
LEASE = 5
_PATIENCE = 120


def with_variables(installation: Installation, variables: Mapping[str, str]) -> Installation:
    """The same with other settings."""
    return replace(installation, variables={**installation.variables, **variables})


def patient(installation: Installation) -> Installation:
    """The same, whose claims run out soon; attempts are those of every user."""
    variables = {
        "HANYIN_LEASE_SECONDS": str(LEASE),
        "HANYIN_RETRY_SECONDS": "0.2",
    }
    return with_variables(installation, variables)


def wait_until(happened: Callable[[], bool], *, pause: float = 0.05) -> None:
    """It has happened; fails where it does not come to that within a minute or two."""
    deadline = time.monotonic() + _PATIENCE
    while not happened():
        assert time.monotonic() < deadline, "it does not happen"
        time.sleep(pause)


@contextlib.contextmanager
def at_work(installation: Installation, log: Path = Path(os.devnull)) -> Iterator[Process]:
    """Workers run, and are ended in order at the end of the block; what they say is in ``log``."""
    tree = installation.started("work", log=log)
    try:
        yield tree
        assert tree.poll() is None, "the workers ended by themselves"
    finally:
        tree.terminate()
        try:
            tree.wait(60)
        except subprocess.TimeoutExpired:
            tree.kill()
            tree.wait()


def wait_for_letters(installation: Installation, events: int) -> None:
    """So many events are applied and their letters stored, by workers that are at work.

    ``work --drain`` starts no producer after that, which is what takes it longest.
    """
    database = Database(installation.settings().database)
    left = select(func.count()).where(
        documents.c.state.in_((DocumentState.PLANNED, DocumentState.PINNED))
    )
    applied = select(func.count()).where(inbox.c.state != InboxState.RECEIVED)

    def is_done() -> bool:
        with database.reading() as connection:
            done = connection.scalar(applied) or 0
            return done >= events and not connection.scalar(left)

    try:
        wait_until(is_done, pause=0.3)
    finally:
        database.close()


def drained_and_judged(installation: Installation, events: Iterable[Mapping[str, Any]]) -> None:
    """All that can be done is done, and no guarantee is broken."""
    installation.run("work", "--drain", codes=(0, 3))
    findings = judge(gather(installation, [dict(event) for event in events]))
    assert not findings, "\n".join(findings)
