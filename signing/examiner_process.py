"""The process that examines files from outside, as its parent sees it.

It takes half a second to load; started early, it loads while the parent does something else. This
module itself loads next to nothing.
"""

import os
import select
import subprocess
import sys
import time
from dataclasses import dataclass
from types import TracebackType
from typing import Self

_MIB = 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What the examination of one file may take; past it the verdict is ``unknown``."""

    #: bytes of the file; a letter has some hundred thousand
    size: int = 64 * _MIB
    #: bytes of address space of the examining process
    memory: int = 1024 * _MIB
    #: seconds of the processor and, twice that, of the clock
    seconds: int = 30


class ExaminerProcess:
    """``signing.examiner`` in a process of its own; started anew after it has ended."""

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._child: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def start(self) -> None:
        """The process is loading, if it was not running."""
        if self._child is None:
            self._child = self._started()

    def ask(self, request: bytes) -> bytes | None:
        """The line of answer to ``request``; None where the process ended or took too long."""
        self.start()
        deadline = time.monotonic() + 2 * self.limits.seconds
        try:
            self._send(request, deadline)
            return self._receive(deadline)
        except (BrokenPipeError, TimeoutError, EOFError):
            self.close()
            return None

    def close(self) -> None:
        """The process has ended."""
        if self._child is None:
            return
        self._child.kill()
        self._child.communicate()
        self._child = None

    def _started(self) -> subprocess.Popen[bytes]:
        limits = [str(self.limits.memory), str(self.limits.seconds)]
        return subprocess.Popen(
            [sys.executable, "-m", "signing.examiner", *limits],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            # nothing of ours is in its environment but the way to the modules
            env={"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        )

    def _send(self, data: bytes, deadline: float) -> None:
        """All of ``data`` has gone to the child. Raises BrokenPipeError or TimeoutError."""
        descriptor = _descriptor(self._child and self._child.stdin)
        os.set_blocking(descriptor, False)
        rest = memoryview(data)
        while rest:
            _, ready, _ = select.select([], [descriptor], [], _left(deadline))
            if ready:
                rest = rest[os.write(descriptor, rest) :]

    def _receive(self, deadline: float) -> bytes:
        """One line from the child. Raises EOFError or TimeoutError."""
        descriptor = _descriptor(self._child and self._child.stdout)
        line = b""
        while not line.endswith(b"\n"):
            ready, _, _ = select.select([descriptor], [], [], _left(deadline))
            if ready:
                piece = os.read(descriptor, 65536)
                if not piece:
                    raise EOFError
                line += piece
        return line


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _descriptor(pipe: object) -> int:
    descriptor: int = pipe.fileno()  # type: ignore[attr-defined]
    return descriptor
