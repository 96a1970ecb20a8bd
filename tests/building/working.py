"""Workers of an installation: at work for a while, and what must be true when all is done."""

import contextlib
import os
import subprocess
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from cases.states import EventState
from ledger.database import Database
from ledger.tables import documents, inbox, outbox
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

    ``work --drain`` starts no producer after that, which is what takes it longest. How long it
    takes is the machine's matter: it fails where nothing gets on any more, and says what waits.
    """
    database = Database(installation.settings().database)
    seen, since = _Work(), time.monotonic()
    try:
        while not (now := _look(database)).is_done(events):
            if now != seen:
                seen, since = now, time.monotonic()
            assert time.monotonic() - since < _PATIENCE, f"nothing gets on: {now}"
            time.sleep(0.3)
    finally:
        database.close()


@dataclass(frozen=True, kw_only=True)
class _Work:
    """How far the workers are."""

    applied: int = 0
    #: number → state, deaths, error of what is not stored yet
    left: tuple[tuple[Any, ...], ...] = ()
    #: messages that have to leave, by state
    messages: tuple[tuple[Any, ...], ...] = ()

    def is_done(self, events: int) -> bool:
        return self.applied >= events and not self.left


def _look(database: Database) -> _Work:
    with database.reading() as connection:
        applied = select(func.count()).where(inbox.c.state != EventState.RECEIVED)
        columns = (documents.c.number, documents.c.state, documents.c.deaths)
        planned = documents.c.state.in_((DocumentState.PLANNED, DocumentState.PINNED))
        left = select(*columns, documents.c.waits_for, documents.c.error).where(planned)
        waiting = select(outbox.c.exchange, outbox.c.state, outbox.c.error)
        return _Work(
            applied=connection.scalar(applied) or 0,
            left=tuple(map(_plainly, connection.execute(left.order_by(documents.c.number)))),
            messages=tuple(
                map(
                    _plainly,
                    connection.execute(
                        waiting.where(outbox.c.state.in_(("waiting", "leaving"))).order_by(
                            outbox.c.seq
                        )
                    ),
                )
            ),
        )


def _plainly(row: Any) -> tuple[Any, ...]:
    return tuple(str(value) for value in row)


def drained_and_judged(installation: Installation, events: Iterable[Mapping[str, Any]]) -> None:
    """All that can be done is done, and no guarantee is broken."""
    installation.run("work", "--drain", codes=(0, 3))
    findings = judge(gather(installation, [dict(event) for event in events]))
    assert not findings, "\n".join(findings)
