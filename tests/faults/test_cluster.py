"""RabbitMQ of three nodes: one killed, a minority cut off, all restarted; the judge looks."""

import json
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from commands.county import month_of_cases
from commands.failures import AWAY
from tests.building.installation import Installation
from tests.building.working import (
    at_work,
    drained_and_judged,
    patient,
    wait_for_letters,
    with_variables,
)
from tests.servers.absence import missing
from tests.servers.rabbitmq import RabbitMQ, programs, rabbitmq_cluster
from workers.brokers.topology import INTAKE_QUEUE

pytestmark = [
    *(pytest.mark.rabbitmq, pytest.mark.postgresql, pytest.mark.s3, pytest.mark.office),
    pytest.mark.timeout(900),
]

CASES = 16
_TRIES = 20

Events = list[dict[str, Any]]


@pytest.fixture
def nodes() -> Iterator[list[RabbitMQ]]:
    if programs() is None:
        missing("RabbitMQ", "it is not installed")
    with rabbitmq_cluster() as running:
        yield running


@pytest.fixture
def on_cluster(on_servers: Installation, nodes: Sequence[RabbitMQ]) -> Installation:
    """An installation whose broker has three nodes."""
    login = nodes[0].url.rpartition("@")[0]
    url = f"{login}@{','.join(node.address for node in nodes)}/"
    made = with_variables(patient(on_servers), {"HANYIN_BROKER_URL": url})
    made.run("migrate")
    return made


def test_a_cluster_that_loses_a_node_at_a_time_loses_and_doubles_nothing(
    on_cluster: Installation, nodes: Sequence[RabbitMQ], tmp_path: Path
) -> None:
    assert _members(nodes[0]) == 3
    events = month_of_cases(CASES)
    shares = iter([events[start::6] for start in range(6)])
    with at_work(on_cluster):
        _publish(on_cluster, next(shares), tmp_path)
        time.sleep(2)
        nodes[0].kill()
        _publish(on_cluster, next(shares), tmp_path)
        nodes[0].start_again()
        _cut_off(on_cluster, nodes, next(shares), tmp_path)
        for node in nodes:
            node.stop()
            _publish(on_cluster, next(shares), tmp_path)
            node.start_again()
            _wait_for_all(nodes)
        wait_for_letters(on_cluster, len(events))
    drained_and_judged(on_cluster, events)


def _cut_off(
    installation: Installation, nodes: Sequence[RabbitMQ], share: Events, folder: Path
) -> None:
    """One node and the others do not hear of each other, while clients may speak to either."""
    *majority, alone = nodes
    alone.cut_off(majority)
    _publish(installation, share, folder)
    assert alone.control("eval", "nodes().").strip() == "[]"
    time.sleep(3)
    alone.heal(majority)
    _wait_for_all(nodes)


def _publish(installation: Installation, share: Events, folder: Path) -> None:
    """The events are in the queue, as whoever publishes makes sure: again, until it is said."""
    file = folder / "events.jsonl"
    file.write_text("".join(json.dumps(event) + "\n" for event in share))
    for _ in range(_TRIES):
        # the ids of what came in twice are the same
        ended = installation.ended("publish", str(file))
        if ended.returncode != AWAY:
            assert ended.returncode == 0, ended.stderr
            return
        time.sleep(0.5)
    raise AssertionError("nobody takes the events")


def _wait_for_all(nodes: Sequence[RabbitMQ]) -> None:
    """Every node runs and is a member that follows."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        running = nodes[0].control("eval", "length(rabbit_nodes:all_running()).")
        if running.strip() == str(len(nodes)):
            return
        time.sleep(0.5)
    raise AssertionError("a node stays away")


def _members(node: RabbitMQ) -> int:
    """How many nodes keep the intake queue."""
    told = node.control("list_queues", "name", "members", "--formatter", "json")
    return next(len(row["members"]) for row in json.loads(told) if row["name"] == INTAKE_QUEUE)
