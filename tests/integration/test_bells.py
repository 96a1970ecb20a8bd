"""Whoever has done something wakes the others: no letter waits until somebody looks for it.

In these runs nobody looks by himself for an hour.
"""

import os
from pathlib import Path
from threading import Event

import pytest

from tests.building.fault_points import ROOT
from tests.building.installation import Installation, example_file
from tests.building.working import at_work, wait_until, with_variables
from workers.stage import Bell, Loop

pytestmark = [pytest.mark.office, pytest.mark.timeout(200)]


class Looking:
    """A stage that finds nothing, and tells how often it has looked."""

    name = "looking"

    def __init__(self) -> None:
        self.looks = 0
        self.looked = Event()

    def step(self) -> int:
        self.looks += 1
        self.looked.set()
        return 0

    def close(self) -> None:
        pass


def test_a_ring_makes_a_loop_look_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workers.stage.IDLE_SECONDS", (3600, 3600))
    stage, bell = Looking(), Bell()
    loop = Loop(stage, bell)
    loop.start()
    assert stage.looked.wait(10)
    for _ in range(3):
        stage.looked.clear()
        bell.ring()
        assert stage.looked.wait(10)
    loop.stop()
    assert loop.join(10)


def test_who_finds_nothing_looks_less_often_until_there_was_something(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("workers.stage.IDLE_SECONDS", (0.001, 0.004))
    pauses: list[float] = []
    found = iter([0, 0, 0, 0, 1, 0, 0])

    class Pausing(Event):
        def wait(self, timeout: float | None = None) -> bool:
            # a thread that starts is waited for without an end
            pauses.extend([timeout] if timeout else [])
            return super().wait(timeout)

    class Finding(Looking):
        def step(self) -> int:
            super().step()
            done = next(found, None)
            if done is None:
                loop.stop()
            return done or 0

    monkeypatch.setattr("workers.stage.threading.Event", Pausing)
    loop = Loop(Finding())
    loop.start()
    assert loop.join(10)
    assert pauses == [0.001, 0.002, 0.004, 0.004, 0.001, 0.002]


@pytest.mark.parametrize(
    ("stage", "by", "looks"),
    [
        ("apply", "receive", True),
        ("apply", "reconcile", True),
        ("apply", "produce", False),
        ("apply", "relay", False),
        ("relay", "produce", True),
        ("relay", "apply", True),
        ("produce", "relay", True),
        ("produce", "apply", True),
    ],
)
def test_a_stage_is_rung_by_those_whose_work_may_be_work_for_it(
    stage: str, by: str, *, looks: bool
) -> None:
    heard, bell = [], Bell()
    bell.tell(lambda: heard.append(by), stage=stage)
    bell.ring(by)
    assert bool(heard) is looks


def test_an_event_goes_all_the_way_by_bells_alone(installation: Installation) -> None:
    folder = Path(__file__).parents[1] / "building" / "fuse"
    path = os.pathsep.join([str(folder), str(ROOT)])
    drowsy = with_variables(installation, {"PYTHONPATH": path, "HANYIN_TEST_IDLE": "3600"})
    drowsy.run("migrate")
    with at_work(drowsy):
        for name in ("24", "01"):
            before = len(drowsy.letters("documents.all"))
            drowsy.publish(example_file(name))
            wait_until(lambda: _all_announced(drowsy, more_than=before))  # noqa: B023


def _all_announced(installation: Installation, *, more_than: int) -> bool:
    rows = installation.rows("documents", "list", "--limit", "100")
    told = len(installation.letters("documents.all"))
    return told > more_than and {row["state"] for row in rows} == {"announced"}
