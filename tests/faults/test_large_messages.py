"""Messages as large as a broker takes: memory stays what it was, and nobody waits for them."""

import hashlib
import json
import subprocess
import time

import pytest

from ledger.database import Database
from ledger.tables import inbox
from tests.building.installation import Installation, example_file
from tests.building.memory import peak

pytestmark = [pytest.mark.timeout(1200)]

_MIB = 1024 * 1024
#: the sizes that took 4.1 GB before bodies were read in pieces
COUNT, SIZE = 8, 100 * _MIB
#: kB that a worker may have at its peak; without large messages it has some 130 MiB
MOST = 300 * 1024
_BEGINNING = (
    '{{"specversion":"1.0","id":"large-{place}","source":"/hunan/430111/benefits",'
    '"type":"hanyin.overpayment.confirmed.v1","data":{{"agency":"430111","case_no":"'
)


def large(place: int) -> bytes:
    return _BEGINNING.format(place=place).encode().ljust(SIZE, b"x")


def drained(installation: Installation) -> int:
    """All that can be done was done by one process; its peak in kB."""
    words = installation.command("work", "--drain", "--only", "receive,apply,relay")
    found = 0
    with subprocess.Popen(words, env=installation.environment) as worker:
        while worker.poll() is None:
            found = max(found, peak(worker.pid))
            time.sleep(0.1)
    assert worker.returncode in {0, 3}
    return found


def test_eight_messages_of_a_hundred_megabytes_take_no_memory_and_hold_up_nobody(
    installation: Installation,
) -> None:
    installation.run("migrate")
    digests = {}
    for place in range(COUNT):
        body = large(place)
        digests[f"large-{place}"] = hashlib.sha256(body).hexdigest()
        installation.put_straight([body])
    del body
    installation.put_straight([example_file("24").read_bytes()])
    assert drained(installation) < MOST
    _each_is_rejected_by_its_size(installation, digests)
    states = {row["state"] for row in installation.rows("register")}
    assert states
    # nothing is left for the next one to read again
    assert drained(installation) < MOST


def _each_is_rejected_by_its_size(installation: Installation, digests: dict[str, str]) -> None:
    rows = installation.rows("events", "rejected")
    assert {row["id"] for row in rows} == set(digests)
    for row in rows:
        (error,) = row["errors"]
        assert error["code"] == "too_large"
        assert str(SIZE) in error["message"].replace(",", "")
    database = Database(installation.settings().database)
    with database.reading() as connection:
        kept = connection.execute(inbox.select().where(inbox.c.raw_size.is_not(None))).all()
    database.close()
    assert {row.event_id: row.raw_sha256 for row in kept} == digests
    assert all(len(row.raw) < _MIB and row.raw_size == SIZE for row in kept)
    told = installation.letters("rejections.all")
    assert {json.dumps(message).count("too_large") for message in told} == {1}


def test_an_event_is_not_read_from_the_head_of_a_message_that_is_too_large(
    installation: Installation,
) -> None:
    installation.run("migrate")
    event = example_file("24").read_bytes()
    # the head reads well, and what comes behind it is white space
    installation.put_straight([event.ljust(2 * _MIB)])
    drained(installation)
    (rejected,) = installation.rows("events", "rejected")
    assert [error["code"] for error in rejected["errors"]] == ["too_large"]
    assert installation.rows("register") == []
    installation.run("events", "replay", str(rejected["seq"]))
    drained(installation)
    assert installation.rows("register") == []
    # it has not taken its id
    installation.put_straight([event])
    drained(installation)
    assert installation.rows("register") != []
