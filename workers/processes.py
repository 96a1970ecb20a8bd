"""The process tree of ``hanyin work``: stages as threads, producers as processes of their own.

A producer is a process because layout and PDF work hold a core each; it ends when its
parent ends, however that happens.
"""

import contextlib
import ctypes
import gc
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence

import structlog

from schemas.sentence import Sentence
from workers.settings import Settings
from workers.stage import Bell
from workers.tokens import new_worker

_log = structlog.get_logger(__name__)

#: Linux prctl(2): the signal that a process gets when its parent dies
_PR_SET_PDEATHSIG = 1
#: seconds in which a producer ends its letter after SIGTERM
_GRACE_SECONDS = 8.0
#: seconds between two starts of a producer that dies at once
_RESTART_SECONDS = 1.0
#: bytes of a producer's line; below PIPE_BUF, with which a pipe may have to do (POSIX: 512)
_LONGEST_LINE = 500


def die_with_parent(parent: int) -> None:
    """This process gets SIGKILL when its parent ends; it ends at once where it has ended already.

    ``parent`` is the parent's process id as it was told to us at the start.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def keep_what_is_there() -> None:
    """What the process has loaded is not looked through for garbage any more.

    Modules and statements stay to its end, and a look through all of them takes a tenth of a
    second, in the middle of a letter (Python's ``gc.freeze``).
    """
    gc.collect()
    gc.freeze()


def producer_count(settings: Settings) -> int:
    """How many producer processes run: the setting, else one for each core that we may use."""
    return settings.producers or len(os.sched_getaffinity(0))


class Producers:
    """The producer processes: started, watched, started again, ended."""

    def __init__(
        self, count: int, settings: Settings, bell: Bell, *, on_death: Callable[[str], None]
    ) -> None:
        self._count = count
        self._settings = settings
        #: called with the name of a producer that ended by itself
        self._on_death = on_death
        #: by name
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        #: held while pipes to them are written to or closed: another file may get the number
        self._pipes = threading.Lock()
        self._last_start = 0.0
        self._bell = bell
        bell.tell(self.wake)
        #: the producers write a line for each step in which they did something, an empty one, and
        #: while a server is away a line with the reason
        #: in Chinese and English, a tab between them
        self._done, self._telling = os.pipe()
        #: why no producer can work, while a server is away
        self.away_reason = Sentence("", "")
        self._away_since: float | None = None
        threading.Thread(target=self._listen, name="producers", daemon=True).start()

    def wake(self) -> None:
        """Every producer looks for work now."""
        with self._pipes:
            for child in list(self._running.values()):
                if child.stdin is not None and not child.stdin.closed:
                    nudge(child.stdin.fileno())

    def away_seconds(self) -> float:
        """For how long a server has been away, with nothing done by any of them meanwhile."""
        since = self._away_since
        return time.monotonic() - since if since else 0.0

    def _listen(self) -> None:
        rest = b""
        while piece := os.read(self._done, 4096):
            *lines, rest = (rest + piece).split(b"\n")
            for reason in filter(None, lines):
                zh, _, en = reason.decode("utf-8", "replace").partition("\t")
                self.away_reason = Sentence(zh, en)
                self._away_since = self._away_since or time.monotonic()
            if b"" in lines:
                self._away_since = None
                self._bell.ring("produce")
        os.close(self._done)

    def watch(self) -> None:
        """As many producers run as were asked for; call it now and then, from the main thread.

        From the main thread: the kernel's parent-death signal follows the thread that started
        the child.
        """
        for name, dead in [*self._running.items()]:
            if dead.poll() is None:
                continue
            _log.warning("a producer ended", exit_code=dead.returncode)
            del self._running[name]
            self._let_go(dead)
            self._on_death(name)
        soon = time.monotonic() - self._last_start < _RESTART_SECONDS
        if len(self._running) < self._count and not (soon and self._last_start):
            while len(self._running) < self._count:
                name = new_worker()
                self._running[name] = _start(self._settings, self._telling, name)
            self._last_start = time.monotonic()

    def _let_go(self, child: subprocess.Popen[bytes]) -> None:
        with self._pipes:
            if child.stdin is not None:
                child.stdin.close()

    def stop(self) -> None:
        """No producer runs any more; each was given time for the letter it was at."""
        for child in self._running.values():
            child.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + _GRACE_SECONDS
        for child in self._running.values():
            try:
                child.wait(max(deadline - time.monotonic(), 0.1))
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
            self._let_go(child)
        self._running.clear()
        # the last who could write: the listener ends
        os.close(self._telling)


def nudge(pipe: int, reason: str = "") -> None:
    """A line lies in the pipe; where it is full there are enough, where it is cut nobody reads."""
    # short enough to stay in one piece beside those of others (POSIX, write: PIPE_BUF)
    line = " ".join(reason.split()).encode()[:_LONGEST_LINE]
    with contextlib.suppress(OSError):
        os.write(pipe, line + b"\n")


def _start(settings: Settings, telling: int, name: str) -> subprocess.Popen[bytes]:
    words: Sequence[str] = (sys.executable, "-m", "workers.producer_start", str(os.getpid()))
    child = subprocess.Popen(
        [*words, str(telling), name], stdin=subprocess.PIPE, pass_fds=[telling], bufsize=0
    )
    # through a pipe, not the command line or the environment: they may hold passwords
    if child.stdin is not None:
        with contextlib.suppress(BrokenPipeError):
            child.stdin.write(settings.handed_on().encode() + b"\n")
        os.set_blocking(child.stdin.fileno(), False)
    return child
