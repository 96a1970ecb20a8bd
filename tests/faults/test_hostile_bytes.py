"""Bytes that mean ill, in the real queues: the worker lives, and each message is accounted for."""

import hashlib
import json
import os
import subprocess
import time
from collections import Counter
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import select

from ledger.database import Database
from ledger.tables import inbox
from schemas.codes import CODES
from schemas.reading import SIZE_LIMIT
from tests.building.hostile import hostile
from tests.building.installation import Installation, example_file

pytestmark = [pytest.mark.office, pytest.mark.timeout(1800)]

#: messages in each of the waves; the long form has a tenth of the parser's inputs
WAVES, EACH = 3, int(os.environ.get("HANYIN_TEST_FUZZ", "1500")) // 30
#: seconds for all of them
PATIENCE = 900
#: what no generator makes
PLANTED = [
    b"",
    b"\0",
    b"[" * SIZE_LIMIT,
    b'{"a":' * 150_000,
    b"9" * SIZE_LIMIT,
    b"x" * (SIZE_LIMIT + 1),
    b'{"id":"\xff"}',
    b'{"specversion":"1.0","id":"' + b"y" * 100_000 + b'"}',
    b'{"data":{"case_no":"' + b"z" * 5000 + b'","agency":"430111"}}',
    b'{"data":{"case_no":"\\u0000","agency":"430111"},"id":"\\ud800","source":"/x"}',
    b'{"time":"9999-12-31T23:59:59-23:59","id":"1","source":"/hunan/430111/x"}',
    b'{"time":"0001-01-01T00:00:00+23:59","id":"1","source":"/hunan/430111/x"}',
]


assert len(PLANTED) % WAVES == 0
#: a good event whose id none of the spoilt examples has, so that it is never a repetition
LAST = example_file("24").read_bytes().replace(b'"id": "', b'"id": "last-', 1)


def states(installation: Installation) -> list[tuple[str, str]]:
    """(SHA-256, state) of each: of what was too large to be kept, the digest says what it was."""
    database = Database(installation.settings().database)
    with database.reading() as connection:
        rows = connection.execute(select(inbox.c.raw_sha256, inbox.c.state)).all()
    database.close()
    return [(row.raw_sha256, row.state) for row in rows]


def wait_until_settled(
    installation: Installation, count: int, worker: subprocess.Popen[str]
) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        assert worker.poll() is None, "the worker died"
        found = states(installation)
        if len(found) == count and "received" not in {state for _, state in found}:
            return
        time.sleep(1)
    raise AssertionError("not settled in time")


def test_a_worker_lives_through_all_of_it_and_loses_nothing(
    installation: Installation, tmp_path: Path
) -> None:
    installation.run("migrate")
    random = Random(20261125)
    sent = [hostile(random) for _ in range(WAVES * EACH)] + PLANTED
    random.shuffle(sent)
    share = len(sent) // WAVES
    log = tmp_path / "worker.log"
    with log.open("w") as output:
        worker = subprocess.Popen(
            installation.command("work"),
            env=installation.environment | {"HANYIN_LOG_LEVEL": "info"},
            stderr=output,
            text=True,
        )
        try:
            for wave in range(WAVES):
                installation.put_straight(sent[wave * share : (wave + 1) * share])
                wait_until_settled(installation, (wave + 1) * share, worker)
            # who lived through it works on
            installation.put_straight([LAST])
            wait_until_settled(installation, len(sent) + 1, worker)
        finally:
            worker.terminate()
            code = worker.wait(timeout=60)
    assert code == 0
    _nothing_is_lost(installation, sent)
    _refusals_are_recorded(installation)
    _no_defect_was_met(log.read_text())


def _nothing_is_lost(installation: Installation, sent: list[bytes]) -> None:
    kept = Counter(sha256 for sha256, _ in states(installation))
    assert kept == Counter(hashlib.sha256(raw).hexdigest() for raw in [*sent, LAST])
    after = dict(states(installation))
    assert after[hashlib.sha256(LAST).hexdigest()] in {"applied", "rejected"}


def _refusals_are_recorded(installation: Installation) -> None:
    rejected = installation.rows("events", "rejected", "--limit", "100000")
    assert len(rejected) == sum(state == "rejected" for _, state in states(installation))
    for row in rejected:
        assert row["errors"]
        for error in row["errors"]:
            assert error["code"] in CODES
            assert error["code"] != "processing_failed"
            assert error["pointer"] == "" or error["pointer"].startswith("/")
    installation.run("work", "--drain", codes=(0, 3))
    told = installation.letters("rejections.all")
    assert len(told) == len(rejected)


def _no_defect_was_met(log: str) -> None:
    lines = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    assert lines
    told = {line["event"] for line in lines}
    assert not {event for event in told if "defect" in event or "ended" in event}
