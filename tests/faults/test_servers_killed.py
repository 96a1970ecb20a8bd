"""Servers, Typst and workers are killed and frozen in the midst of work; the judge looks."""

import contextlib
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from commands.county import month_of_cases
from tests.building.installation import Installation
from tests.building.processes import below, left_running
from tests.building.working import LEASE, at_work, drained_and_judged, patient, wait_for_letters
from tests.conftest import bucket_of
from tests.servers.postgresql import PostgreSQL
from tests.servers.rabbitmq import RabbitMQ
from tests.servers.s3 import S3Store

CASES = 16
#: processes of Typst that are killed
CONVERTERS = 3
#: seconds for which a server stays away
_AWAY = 2.0

pytestmark = [pytest.mark.office, pytest.mark.s3, pytest.mark.timeout(900)]


@pytest.fixture
def own_servers(
    tmp_path: Path,
    private_rabbitmq: RabbitMQ,
    private_postgresql: PostgreSQL,
    private_s3: S3Store,
) -> Installation:
    """An installation on servers that nobody else uses."""
    bucket = bucket_of(private_s3)
    made = patient(
        Installation(
            name="servers",
            forked=True,
            variables={
                "HANYIN_HOME": str(tmp_path / "var"),
                "HANYIN_PRODUCERS": "1",
                "HANYIN_BROKER_URL": private_rabbitmq.url,
                "HANYIN_DATABASE_URL": f"{private_postgresql.url}/postgres",
                "HANYIN_STORAGE_URL": bucket.url,
                "HANYIN_STORAGE_ACCESS_KEY": bucket.access_key,
                "HANYIN_STORAGE_SECRET_KEY": bucket.secret_key,
                "HANYIN_STORAGE_LOCK_MODE": "GOVERNANCE",
            },
        )
    )
    made.run("migrate")
    return made


def test_servers_that_are_killed_singly_and_together_lose_and_double_nothing(
    own_servers: Installation,
    private_rabbitmq: RabbitMQ,
    private_postgresql: PostgreSQL,
    private_s3: S3Store,
    tmp_path: Path,
) -> None:
    servers: list[tuple[Callable[[], None], Callable[[], None]]] = [
        (private_rabbitmq.kill, private_rabbitmq.start_again),
        (private_postgresql.kill, private_postgresql.start_again),
        (private_s3.stop, private_s3.start_again),
    ]
    events = month_of_cases(CASES)
    size = len(events) // 4 + 1
    shares = [events[start : start + size] for start in range(0, len(events), size)]
    with at_work(own_servers):
        for share, killed in zip(shares, [*([each] for each in servers), servers], strict=True):
            own_servers.publish_events(share, tmp_path)
            # events come in, letters are made, messages leave
            time.sleep(3)
            for kill, _ in killed:
                kill()
            time.sleep(_AWAY)
            for _, start_again in killed:
                start_again()
        wait_for_letters(own_servers, len(events))
    drained_and_judged(own_servers, events)


@pytest.mark.parametrize("kind", ["embedded", "servers"])
def test_a_converter_that_is_killed_is_started_anew_and_leaves_nobody_behind(
    kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    installation = patient(
        request.getfixturevalue("embedded" if kind == "embedded" else "on_servers")
    )
    events = month_of_cases(CASES // 2)
    installation.publish_events(events, tmp_path)
    killed = 0
    with at_work(installation) as tree:
        until = time.monotonic() + 60
        while killed < CONVERTERS and time.monotonic() < until:
            time.sleep(0.7)
            for process in below(tree.pid, "rendering.typst.host"):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(process, signal.SIGKILL)
                    killed += 1
                if killed == CONVERTERS:
                    break
        wait_for_letters(installation, len(events))
    assert killed == CONVERTERS
    drained_and_judged(installation, events)
    assert left_running(installation) == []


def test_a_worker_that_is_frozen_past_its_lease_and_woken_changes_nothing(
    on_servers: Installation, tmp_path: Path
) -> None:
    installation = patient(on_servers)
    events = month_of_cases(CASES // 2)
    installation.publish_events(events, tmp_path)
    with at_work(installation) as frozen:
        time.sleep(4)
        stopped = [frozen.pid, *below(frozen.pid, "workers.producer")]
        for process in stopped:
            os.kill(process, signal.SIGSTOP)
        # past heartbeat and lease; others take its work meanwhile
        time.sleep(LEASE + 1)
        with at_work(installation):
            time.sleep(6)
            for process in stopped:
                os.kill(process, signal.SIGCONT)
            time.sleep(3)
        wait_for_letters(installation, len(events))
    drained_and_judged(installation, events)
