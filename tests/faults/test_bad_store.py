"""A store that hangs, cuts, is busy or full, and a full disk, in the midst of work."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from commands.county import month_of_cases
from tests.building.installation import Installation
from tests.building.working import (
    at_work,
    drained_and_judged,
    patient,
    wait_for_letters,
    wait_until,
    with_variables,
)
from tests.conftest import Bucket
from tests.servers.wire import Fault, Wire, wire

pytestmark = [pytest.mark.office, pytest.mark.timeout(600)]

CASES = 4
#: seconds for which the fault lasts
_LASTS = 4.0
#: bytes of the small disk
_DISK = 128 * 1024 * 1024


#: faults that the archive's own tests have too, or the next test
_LONGER = (Fault.BUSY, Fault.HANGS, Fault.CUTS_ANSWERS, Fault.FULL)


@pytest.fixture
def bad_wire(s3_bucket: Bucket) -> Iterator[Wire]:
    target = s3_bucket.url.split("//")[1].split("/")[0]
    with wire(target) as laid:
        yield laid


def behind(bad_wire: Wire, installation: Installation, bucket: Bucket) -> Installation:
    """The same, whose store is at the other end of the wire."""
    name = bucket.url.rpartition("/")[2]
    url = f"s3+http://{bad_wire.endpoint}/{name}"
    return with_variables(installation, {"HANYIN_STORAGE_URL": url})


@pytest.mark.s3
@pytest.mark.parametrize(
    "fault",
    [
        Fault.CUTS,
        *(pytest.param(each, marks=pytest.mark.soak) for each in _LONGER),
    ],
)
def test_a_store_behind_a_bad_wire_is_waited_for(
    on_servers: Installation, s3_bucket: Bucket, bad_wire: Wire, tmp_path: Path, fault: Fault
) -> None:
    installation = patient(behind(bad_wire, on_servers, s3_bucket))
    events = month_of_cases(CASES)
    with at_work(installation):
        installation.put(events[::2])
        wait_until(lambda: bad_wire.good > 0)
        bad_wire.become(fault)
        installation.put(events[1::2])
        wait_until(lambda: bad_wire.met > 1)
        time.sleep(_LASTS)
        bad_wire.become(Fault.NONE)
        wait_for_letters(installation, len(events))
    drained_and_judged(installation, events)


@pytest.mark.s3
def test_a_full_store_stops_the_intake_until_it_has_room(
    on_servers: Installation, s3_bucket: Bucket, bad_wire: Wire, tmp_path: Path
) -> None:
    installation = patient(behind(bad_wire, on_servers, s3_bucket))
    installation = with_variables(installation, {"HANYIN_BACKLOG": "5"})
    events = month_of_cases(2 * CASES)
    early, late = events[: 2 * CASES], events[2 * CASES :]
    log = tmp_path / "log"
    # asked for once, so that the bucket is there
    installation.run("archive", "fixity", codes=(0, 1))
    bad_wire.become(Fault.FULL)
    installation.put(early)
    with at_work(installation, log):
        wait_until(lambda: "intake pauses" in log.read_text())
        installation.put(late)
        time.sleep(_LASTS)
        assert len(installation.rows("events", "list", "--limit", "1000")) == len(early)
        bad_wire.become(Fault.NONE)
        wait_until(lambda: "intake goes on" in log.read_text())
        wait_for_letters(installation, len(events))
    drained_and_judged(installation, events)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own, where one may be mounted."""
    place = tmp_path / "disk"
    place.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", f"size={_DISK}", "tmpfs", str(place)]
    done = subprocess.run(words, check=False, stderr=subprocess.DEVNULL)
    if done.returncode:
        pytest.skip("a small disk cannot be mounted here: that takes root")
    yield place
    subprocess.run(["umount", "--lazy", str(place)], check=True)


def test_a_full_disk_is_waited_for(small_disk: Path, tmp_path: Path) -> None:
    home = small_disk / "var"
    variables = {
        "HANYIN_HOME": str(home),
        "HANYIN_PRODUCERS": "1",
        "HANYIN_LEASE_SECONDS": "10",
        # no letter is to blame for it
        "HANYIN_ATTEMPTS": "2",
    }
    installation = Installation(name="embedded", variables=variables, forked=True)
    events = month_of_cases(CASES)
    installation.run("migrate")
    installation.put(events)
    ballast, log = small_disk / "ballast", tmp_path / "log"
    with at_work(installation, log):
        wait_until(lambda: any(home.glob("archive/4*/**/*.pdf")))
        until = time.monotonic() + _LASTS
        while time.monotonic() < until:
            _fill(ballast)
            time.sleep(0.1)
        ballast.unlink()
        wait_for_letters(installation, len(events))
    assert "a server is away" in log.read_text()
    drained_and_judged(installation, events)


def _fill(ballast: Path) -> None:
    """Nothing of the disk is left."""
    with suppress(OSError), ballast.open("ab", buffering=0) as file:
        while True:
            file.write(bytes(4096))
