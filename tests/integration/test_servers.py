"""The tests' own servers: nothing of them stays, however their starter ends."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers import rabbitmq as rabbitmq_server
from tests.servers.absence import missing
from tests.servers.postgresql import programs as postgresql_programs
from tests.servers.process import own_directory

ROOT = Path(__file__).parents[2]

#: Seconds to let the kernel's signals arrive.
PATIENCE = 30


def start(folder: Path, *only: str) -> tuple[subprocess.Popen[str], set[int]]:
    """A starter whose servers run, and the processes of these servers."""
    words = [sys.executable, "-m", "tests.servers", "run", "--only", ",".join(only)]
    environment = {k: v for k, v in os.environ.items() if not k.startswith("HANYIN_TEST_")}
    environment["TMPDIR"] = str(folder)
    # as from a terminal: where the tests run in the background of a shell, SIGINT is ignored, and
    # what they start inherits that
    plain = ["env", "--default-signal=INT"]
    starter = subprocess.Popen(
        [
            *plain,
            *words,
            "--",
            sys.executable,
            "-u",
            "-c",
            "print('ready'); import time; time.sleep(600)",
        ],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert starter.stdout
    assert starter.stdout.readline() == "ready\n"
    return starter, descendants(starter.pid)


def descendants(pid: int) -> set[int]:
    parents: dict[int, int] = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = entry.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents[int(entry.parent.name)] = int(fields[1])
    found, newest = set[int](), {pid}
    while newest:
        newest = {child for child, parent in parents.items() if parent in newest} - found
        found |= newest
    return found


def still_running(pids: set[int]) -> set[int]:
    deadline = time.monotonic() + PATIENCE
    while (left := {pid for pid in pids if alive(pid)}) and time.monotonic() < deadline:
        time.sleep(0.1)
    return left


def alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


@pytest.fixture
def folder() -> Iterator[Path]:
    # Not below pytest's own folder, which PostgreSQL's user may not pass through.
    with own_directory("servers") as made:
        yield made


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_the_servers_end_when_their_starter_does(number: signal.Signals, folder: Path) -> None:
    if rabbitmq_server.programs() is None or postgresql_programs() is None:
        missing("RabbitMQ or PostgreSQL", "it is not installed")
    starter, processes = start(folder, "rabbitmq", "postgresql", "s3")
    assert len(processes) >= 4
    if number is signal.SIGINT:
        # As a terminal does: to the whole foreground group.
        os.killpg(starter.pid, number)
    else:
        starter.send_signal(number)
    assert starter.wait(PATIENCE * 2) != 0
    # A killed starter cannot take the command with it, only the servers.
    command = {pid for pid in processes if alive(pid) and b"time.sleep" in cmdline(pid)}
    for pid in command:
        os.kill(pid, signal.SIGKILL)
    assert number is signal.SIGKILL or not command
    assert still_running(processes) == set()
    assert number is signal.SIGKILL or not list(folder.iterdir())
    if starter.stdout:
        starter.stdout.close()


def cmdline(pid: int) -> bytes:
    """Its command line; empty where it has ended since."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""
