"""SIGKILL at every fault point, before and after what it does; then the judge looks (G1–G5).

A step that is new in the workers' room is a new point by itself: it fails here until it is reached.
"""

import ast
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from commands.county import month_of_cases
from tests.building.fault_points import ROOT, WHEN, fault_points, fused
from tests.building.installation import Installation
from tests.building.judge import gather, judge
from tests.building.processes import left_running
from tests.building.sealing import plain_pdf
from tests.building.working import patient

pytestmark = [pytest.mark.office, pytest.mark.timeout(1800)]

#: every kill on both set-ups; otherwise each on one of them
ALL = os.environ.get("HANYIN_TEST_FAULT_POINTS") == "all"
#: seconds until a point must have been reached
_PATIENCE = 60
#: cases whose letters are there before the first kill
_BEFORE = 2

Words = Callable[[Installation, Path], Sequence[str]]


def _work(_: Installation, __: Path) -> Sequence[str]:
    return ["work"]


def _without_producers(_: Installation, __: Path) -> Sequence[str]:
    """They take seconds to start."""
    return ["work", "--only", "receive,apply,relay,reconcile"]


def _attach(installation: Installation, folder: Path) -> Sequence[str]:
    file = folder / "signed.pdf"
    if not file.exists():
        file.write_bytes(plain_pdf())
    number = _numbered(installation, "recovery_notice")
    return ["documents", "attach", number, str(file), "--brought-by", "王敏"]


def _void(installation: Installation, _: Path) -> Sequence[str]:
    number = _numbered(installation, "recovery_notice")
    approver = ["--reason", "金额有误", "--by", "王敏", "--post", "科长"]
    return ["documents", "void", number, "--replace", *approver]


def _no_key(folder: Path) -> dict[str, str]:
    """The agency's key is not there."""
    plain = (ROOT / "config" / "demo.toml").read_text()
    file = folder / "directory.toml"
    file.write_text(plain.replace("[agencies.seal]", '[agencies.seal]\nkey_file = "nowhere.p12"'))
    return {"HANYIN_DIRECTORY_FILE": str(file)}


def _no_store(_: Path) -> dict[str, str]:
    """A store that nobody serves, and letters that go to it together."""
    return {
        "HANYIN_STORAGE_URL": "s3+http://127.0.0.1:1/letters",
        "HANYIN_STORAGE_ACCESS_KEY": "nobody",
        "HANYIN_STORAGE_SECRET_KEY": "nobody's",
        "HANYIN_PRODUCERS": "1",
    }


@dataclass(frozen=True, kw_only=True)
class Way:
    """How a point is reached."""

    words: Words = _work
    variables: Callable[[Path], Mapping[str, str]] = field(default=lambda _: {})
    #: new cases that are published for it
    cases: int = 1
    #: seconds after which the workers are told to end
    ends_after: float = _PATIENCE


#: stages of these modules need no producer to get there
_QUICK = ("receiving", "applying", "reconciling", "bootstrap", "relaying")
_HURRIED = {"HANYIN_CONVERSION_SECONDS": "0.01", "HANYIN_RETRY_SECONDS": "0.1"}
#: for points that the plain way does not reach
WAYS = {
    "workers.attaching:attach:writing": Way(words=_attach, cases=0),
    "workers.attaching:_store:writing": Way(words=_attach, cases=0),
    "workers.operating:order:writing": Way(words=_void, cases=0),
    "workers.batch:Batch.let_lie:writing": Way(variables=_no_store, cases=6),
    "workers.batch:Batch.renew:writing": Way(
        variables=lambda _: {"HANYIN_LEASE_SECONDS": "1", "HANYIN_PRODUCERS": "1"}, cases=6
    ),
    "workers.producing:Produce._wait_for_seal:writing": Way(variables=_no_key),
    "workers.producing:Produce._put_off:writing": Way(variables=lambda _: _HURRIED),
    "workers.producing:Produce._give_up_or_put_off:writing": Way(
        variables=lambda _: {**_HURRIED, "HANYIN_ATTEMPTS": "1"}
    ),
}
WAYS |= {
    point: Way(words=_without_producers)
    for point in fault_points()
    if point.startswith(tuple(f"workers.{module}:" for module in _QUICK))
}
WAYS["workers.relaying:Relay.close:writing"] = Way(words=_without_producers, ends_after=8)
_RAISING = "tests/integration/test_archive_raise.py::"
#: points of commands that are killed in another test; a command of one transaction is all or none
ELSEWHERE = {
    "workers.raising:Raise.one:writing": _RAISING
    + "test_what_a_killed_run_had_made_is_stored_by_the_next_one",
    "workers.raising:Raise._put:put": _RAISING
    + "test_what_a_killed_run_had_made_is_stored_by_the_next_one",
    "workers.raising:Raise._store:writing": _RAISING
    + "test_what_a_killed_run_had_made_is_stored_by_the_next_one",
    "workers.raising:Raise._alarm:writing": _RAISING
    + "test_an_object_that_is_not_what_was_sealed_is_not_raised",
    "workers.approval:approve:writing": "tests/conformance/test_approval.py::"
    "test_of_several_all_are_approved_or_none",
    **dict.fromkeys(
        ("workers.applying:Apply._charge:writing", "workers.applying:Apply._settle:writing"),
        "tests/conformance/test_poison_events.py::"
        "test_any_other_error_sets_that_event_apart_after_attempts_at_it_alone",
    ),
    "workers.applying:Apply._end_parked:writing": "tests/conformance/test_parked_events.py::"
    "test_a_worker_that_dies_among_parked_events_loses_and_doubles_none",
    "workers.work:_Tree._producer_died:writing": "tests/faults/test_deaths_seen.py::"
    "test_a_producer_that_ends_is_seen_by_its_parent",
    "workers.reconciling:Reconcile._expire:writing": "tests/conformance/test_floods.py::"
    "test_an_event_whose_case_does_not_come_is_answered_and_may_come_again",
    # what reconcile writes where it found something: one transaction, done again by the next round
    "workers.reconciling:Reconcile._wake:writing": "tests/conformance/test_parked_events.py::"
    "test_a_worker_that_dies_among_parked_events_loses_and_doubles_none",
    "workers.reconciling:Reconcile._retry:writing": "tests/conformance/test_deaths.py::"
    "test_what_ends_its_producer_each_time_fails_and_is_tried_again_by_itself",
    "workers.reconciling:Reconcile._survey:writing": "tests/conformance/test_deadlines.py::"
    "test_what_a_worker_of_the_version_before_archived_is_looked_at_too",
    "workers.deadlines:look_at_deadlines:writing": "tests/conformance/test_deadlines.py::"
    "test_a_process_that_is_killed_before_the_commit_loses_nothing",
    "workers.reconciling:Reconcile._bring_back:writing": "tests/conformance/test_alarms.py::"
    "test_what_is_done_and_true_all_the_same_comes_back_once_each_time",
    "workers.alarms:settle:writing": "tests/conformance/test_alarms.py::"
    "test_what_is_over_ends_by_itself_and_is_listed_no_more",
    "workers.reconciling:Reconcile._pack:writing": "tests/conformance/test_packs.py::"
    "test_every_old_event_is_found_as_it_came",
    "workers.template_check:report_templates:writing": "tests/conformance/test_template_faults.py::"
    "test_a_faulty_template_is_one_alarm_until_it_is_another_file",
    **dict.fromkeys(
        ("workers.webhook:Telling._due:writing", "workers.webhook:Telling.step:writing"),
        "tests/integration/test_webhook.py::"
        "test_what_is_not_taken_is_offered_again_after_pauses_that_grow",
    ),
    "workers.stocktaking:Stocktaking.skip:writing": "tests/faults/test_restoring.py::"
    "test_numbers_that_only_the_store_remembers_are_not_drawn_again",
    "workers.stocktaking:Stocktaking.accept:writing": "tests/conformance/test_trail_explains.py::"
    "test_what_was_accepted_is_explained_and_what_comes_after_it_is_not",
}
#: points that the embedded default alone has
EMBEDDED = {"workers.bootstrap:free_claims:writing"}


def _points(kind: str) -> list[str]:
    points = [point for point in fault_points() if point not in ELSEWHERE]
    return [point for point in points if kind == "embedded" or point not in EMBEDDED]


def test_what_is_said_of_points_is_of_points_that_are_there() -> None:
    assert {*WAYS, *ELSEWHERE, *EMBEDDED} <= {*fault_points()}
    for test in ELSEWHERE.values():
        file, name = test.split("::")
        tree = ast.parse((ROOT / file).read_text())
        assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_a_worker_that_is_killed_at_any_point_loses_and_doubles_nothing(
    installation: Installation, tmp_path: Path
) -> None:
    workers = patient(installation)
    kills = _kills(workers.name)
    cases = _cases(_BEFORE + sum(WAYS.get(point, Way()).cases for point, _ in kills))
    events = [event for _ in range(_BEFORE) for event in next(cases)]
    workers.run("migrate")
    workers.put(events)
    workers.run("work", "--drain")
    for place, (point, when) in enumerate(kills):
        way = WAYS.get(point, Way())
        fresh = [event for _ in range(way.cases) for event in next(cases)]
        workers.put(fresh)
        events += fresh
        _kill(workers, point, when, way, tmp_path / str(place))
    workers.run("work", "--drain", codes=(0, 3))
    failed = [row["number"] for row in workers.rows("documents", "list", "--state", "failed")]
    if failed:
        workers.run("documents", "retry", *failed)
    workers.run("work", "--drain")
    assert judge(gather(workers, events)) == []
    assert left_running(workers) == []


def _kills(kind: str) -> list[tuple[str, str]]:
    """All; or each that may tell something on one of the two set-ups.

    Before a point the world is as the point before it left it, which is killed after too; and
    before a transaction is committed nothing of it is there: that is the database's own promise.
    """
    kills = [(point, when) for point in _points(kind) for when in WHEN]
    if ALL:
        return kills
    telling = [kill for kill in kills if kill[1] == "after"]
    odd = kind == "servers"
    return [
        (point, when) for point, when in telling if point in EMBEDDED or _is_odd(point, when) == odd
    ]


def _is_odd(point: str, when: str) -> bool:
    return (fault_points().index(point) + WHEN.index(when)) % 2 == 1


def _kill(installation: Installation, point: str, when: str, way: Way, folder: Path) -> None:
    folder.mkdir()
    blown = folder / "blown"
    variables = {**installation.environment, **way.variables(folder)}
    log = folder / "log"
    tree = installation.started(
        *way.words(installation, folder.parent),
        log=log,
        environment=fused(variables, point, when, blown),
    )
    try:
        until = time.monotonic() + way.ends_after
        while not blown.exists() and tree.poll() is None and time.monotonic() < until:
            time.sleep(0.05)
    finally:
        tree.terminate()
        tree.wait(60)
    assert blown.exists(), f"{point} {when} was not reached\n{log.read_text()[-3000:]}"


def _cases(count: int) -> Iterator[list[dict[str, Any]]]:
    """The events of a case, one case after the other."""
    found: dict[str, list[dict[str, Any]]] = {}
    for event in month_of_cases(count):
        found.setdefault(event["data"]["case_no"], []).append(event)
    return iter(found.values())


def _numbered(installation: Installation, kind: str) -> str:
    rows = installation.rows("documents", "list", "--limit", "1000")
    kept = [row for row in rows if row["kind"] == kind and row["state"] == "announced"]
    return str(kept[0]["number"])
