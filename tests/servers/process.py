"""Server processes that never outlive whoever started them."""

import ctypes
import os
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from shutil import rmtree

#: Seconds for a server to begin answering, on a busy machine with two cores.
START_LIMIT = 90.0

#: Seconds between a polite request to end and SIGKILL.
STOP_LIMIT = 20.0

#: prctl(2): the kernel sends this process a signal when the thread that started it ends.
_PR_SET_PDEATHSIG = 1

_prctl = ctypes.CDLL(None, use_errno=True).prctl


class ServerFailed(Exception):
    """A server did not start; the message ends with what it wrote last."""


class ServerProcess:
    """One process in a session of its own, its output in ``log``; gone when we are gone.

    Start it from the main thread: the kernel watches the thread, not the process.
    """

    def __init__(
        self, argv: Sequence[str], *, env: Mapping[str, str], log: Path, cwd: Path | None = None
    ) -> None:
        self.name = Path(argv[0]).name
        self.log = log
        with log.open("ab") as output:
            self._popen = subprocess.Popen(
                argv,
                env=dict(env),
                cwd=cwd,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_die_with(os.getpid()),  # noqa: PLW1509 - no threads here
            )

    @property
    def pid(self) -> int:
        """Of the process itself; also of its session and group."""
        return self._popen.pid

    def wait_until(self, answers: Callable[[], bool]) -> None:
        """``answers()`` is true. Raises ``ServerFailed`` where the process ends or is too slow."""
        deadline = time.monotonic() + START_LIMIT
        while not answers():
            if self._popen.poll() is not None:
                raise ServerFailed(
                    f"{self.name} ended with {self._popen.returncode}: {self.tail()}"
                )
            if time.monotonic() > deadline:
                raise ServerFailed(f"{self.name} does not answer: {self.tail()}")
            time.sleep(0.1)

    def stop(self, first: signal.Signals = signal.SIGTERM) -> None:
        """The process and all of its group are gone; repeating it is harmless."""
        if self._popen.poll() is None:
            self._popen.send_signal(first)
            with suppress(subprocess.TimeoutExpired):
                self._popen.wait(STOP_LIMIT)
        self.kill()

    def kill(self) -> None:
        """The same at once, by SIGKILL."""
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self._popen.wait()

    def tail(self) -> str:
        """The end of its output."""
        return self.log.read_text(errors="replace")[-2000:]


class Switch:
    """A server that whoever started it may take away and bring back on the same port."""

    def __init__(self, start: Callable[[], ServerProcess]) -> None:
        self._start = start
        self.process = start()

    def stop(self) -> None:
        """It has ended in order."""
        self.process.stop()

    def kill(self) -> None:
        """It is gone in the midst of what it did."""
        self.process.kill()

    def on(self) -> None:
        """It is back, with what it had kept."""
        self.process = self._start()


def _die_with(parent: int) -> Callable[[], None]:
    def prepare() -> None:
        _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)

    return prepare


def free_port() -> int:
    """A loopback port that nobody listened on a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def accepts(port: int) -> bool:
    """Whether somebody listens on that loopback port."""
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


@contextmanager
def own_directory(name: str) -> Iterator[Path]:
    """A directory for one server, gone afterwards; others may pass through it to what is theirs."""
    # PostgreSQL runs as another user.
    path = Path(tempfile.mkdtemp(prefix=f"hanyin-test-{name}-"))
    path.chmod(0o755)
    try:
        yield path
    finally:
        rmtree(path, ignore_errors=True)


def plain_environment(home: Path) -> dict[str, str]:
    """What a server gets to see: nothing of the machine's own set-up."""
    return {
        "PATH": os.environ.get("PATH", "/usr/sbin:/usr/bin:/sbin:/bin"),
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "TMPDIR": tempfile.gettempdir(),
    }
