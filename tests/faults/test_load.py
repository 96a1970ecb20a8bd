"""Many events from many publishers to several workers that are killed; the judge looks (G1–G5).

Repeated, invalid and shuffled events are among them; all workers draw from the same series.
"""

import contextlib
import os
import signal
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from itertools import cycle, islice
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import select

from commands.county import month_of_cases
from ledger.database import Database
from ledger.tables import inbox
from tests.building.installation import Installation, Process
from tests.building.judge import gather, judge
from tests.building.memory import Watcher
from tests.building.processes import below
from tests.building.working import at_work, patient, with_variables

pytestmark = [pytest.mark.office, pytest.mark.timeout(36000)]

#: events, the cases among them, and letters for the memory's sake
EVENTS = int(os.environ.get("HANYIN_TEST_LOAD", "1000"))
CASES = int(os.environ.get("HANYIN_TEST_LOAD_CASES", "45"))
LETTERS = int(os.environ.get("HANYIN_TEST_LETTERS", "5000"))
PUBLISHERS, WORKERS = 8, 4
_REPEATED, _INVALID, _WINDOW = 0.10, 0.05, 1000
#: events of a case; the second repayment of a case is its last
_OPENING, _REPAYMENT, _WHOLE = "hanyin.overpayment.confirmed.v1", "hanyin.repayment.recorded.v1", 2
_REVERSAL = "hanyin.repayment.reversed.v1"
#: seconds between two kills, and how much memory may grow from the second third to the last
_KILL_EVERY, _GROWTH = 3.0, 1.15

Events = list[dict[str, Any]]


def load() -> tuple[Events, Events, Events]:
    """Good events, hostile ones, and all of them as they come."""
    chance = Random(20261125)
    month = month_of_cases(CASES)
    good = [*month, *_instalments(month, int(EVENTS * (1 - _REPEATED - _INVALID)) - len(month))]
    hostile = [_spoilt(event) for event in chance.sample(good, int(len(good) * _INVALID))]
    again = chance.sample(good, int(len(good) * _REPEATED))
    order = [*((place, event) for place, event in enumerate([*good, *again, *hostile]))]
    order.sort(key=lambda entry: entry[0] % len(good) + chance.uniform(0, _WINDOW))
    return good, hostile, [event for _, event in order]


def _instalments(month: Events, count: int) -> Events:
    """So many repayments of a fen, in turn, to cases of which not everything is repaid.

    They call for no letter: there are many events to few letters, which are what takes the time.
    """
    repaid = [event for event in month if event["type"] == _REPAYMENT]
    parts = Counter(event["subject"] for event in repaid)
    cases = [each for each in month if each["type"] == _OPENING and parts[each["subject"]] < _WHOLE]
    return [
        _instalment(repaid[0], case, place)
        for place, case in enumerate(islice(cycle(cases), max(count, 0)))
    ]


def _instalment(mould: dict[str, Any], case: dict[str, Any], place: int) -> dict[str, Any]:
    name = f"{case['subject']}-I{place}"
    moment = datetime.fromisoformat(case["time"]) + timedelta(hours=1, seconds=place)
    data = {"case_no": case["subject"], "receipt_no": name, "amount": "0.01"}
    return {
        **mould,
        "id": name,
        "subject": case["subject"],
        "time": moment.isoformat(),
        "data": {**mould["data"], **data},
    }


def _spoilt(event: dict[str, Any]) -> dict[str, Any]:
    """The same as another event, of a case that nobody can have."""
    data = {**event["data"], "case_no": ""}
    return {**event, "id": f"{event['id']}-spoilt", "data": data}


def test_all_of_it_is_done_once_whoever_is_killed(installation: Installation) -> None:
    good, hostile, coming = load()
    workers = with_variables(patient(installation), {"HANYIN_PRODUCERS": "1"})
    workers.run("migrate")
    if workers.name == "embedded":
        # one process tree owns the home
        workers = with_variables(workers, {"HANYIN_PRODUCERS": str(WORKERS)})
    trees = 1 if workers.name == "embedded" else WORKERS
    with contextlib.ExitStack() as stack, ThreadPoolExecutor(PUBLISHERS) as publishers:
        for share in range(PUBLISHERS):
            publishers.submit(_publish, workers, coming[share::PUBLISHERS])
        stack.enter_context(_at_work_and_killed(workers, trees))
        until = time.monotonic() + max(CASES / 4, 8 * _KILL_EVERY)
        while time.monotonic() < until:
            time.sleep(1)
    # nobody is killed any more: what is left takes as long as its number says
    drain = with_variables(workers, {"HANYIN_PRODUCERS": "2"})
    drain.run("work", "--drain", codes=(0, 3), within=600 + EVENTS)
    early = _refused_too_early(drain, good)
    if early:
        drain.put(early)
        drain.run("work", "--drain", codes=(0, 3), within=600)
    findings = judge(gather(workers, good, hostile=hostile, early=early))
    assert not findings, "\n".join(findings)


def _refused_too_early(installation: Installation, good: Events) -> Events:
    """Reversals that were looked at before their repayments, in the disorder of publishing.

    What a case does not allow is refused, and may come again (contract, "When the case comes
    late", "Same again"): their system publishes them again. The repayment must have been taken
    later than its reversal was refused.
    """
    database = Database(installation.settings().database)
    with database.reading() as connection:
        rows = list(connection.execute(select(inbox)))
    database.close()
    taken = {row.event_id: row.settled_at for row in rows if row.state == "applied"}
    refused = {row.event_id: row.settled_at for row in rows if row.state == "rejected"}
    repayments = {
        event["data"]["receipt_no"]: event["id"] for event in good if event["type"] == _REPAYMENT
    }
    return [
        event
        for event in good
        if event["type"] == _REVERSAL
        and event["id"] in refused
        and event["id"] not in taken
        and (at := taken.get(repayments[event["data"]["receipt_no"]]))
        and at >= refused[event["id"]]
    ]


def _publish(installation: Installation, share: Sequence[dict[str, Any]]) -> None:
    for start in range(0, len(share), 10):
        installation.put(share[start : start + 10])


@contextlib.contextmanager
def _at_work_and_killed(installation: Installation, trees: int) -> Iterator[None]:
    """So many trees work, and every few seconds one or a part of one is killed and replaced."""
    chance, running = Random(7), [_start(installation) for _ in range(trees)]
    ending = False

    def kill() -> None:
        while not ending:
            time.sleep(_KILL_EVERY)
            place = chance.randrange(trees)
            tree = running[place]
            victims = [*below(tree.pid, "workers.producer"), tree.pid]
            victim = chance.choice(victims)
            with contextlib.suppress(ProcessLookupError):
                os.kill(victim, signal.SIGKILL)
            if victim == tree.pid:
                tree.wait()
                running[place] = _start(installation)

    with ThreadPoolExecutor(1) as killer:
        killed = killer.submit(kill)
        try:
            yield
        finally:
            ending = True
            killed.result()
            for tree in running:
                tree.terminate()
            for tree in running:
                tree.wait(60)


def _start(installation: Installation) -> Process:
    return installation.started("work")


@pytest.mark.soak
def test_memory_stays_level_over_thousands_of_letters(
    installation: Installation, tmp_path: Path
) -> None:
    events = month_of_cases(LETTERS // 3)
    installation.run("migrate")
    installation.put(events)
    with at_work(installation) as tree:
        watcher = Watcher(tree.pid)
        while watcher.watch() and not _is_done(installation):
            time.sleep(5)
    for kind, sizes in watcher.sizes.items():
        third = len(sizes) // 3
        before, after = max(sizes[third : 2 * third]), max(sizes[2 * third :])
        assert after < before * _GROWTH, f"{kind}: {before} kB, then {after} kB"


def _is_done(installation: Installation) -> bool:
    rows = installation.rows("documents", "list", "--limit", "1000000")
    done = {row["state"] for row in rows} <= {"announced", "archived", "void"}
    return done and len(rows) >= LETTERS
