"""Verification of files from outside: in a process of its own, with limits on all it may use."""

import json
import os
import select
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from signing.verdict import Verdict, Word

__all__ = ["Limits", "Verdict", "Verifier", "Word", "verify"]

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


def verify(
    pdf: bytes,
    trust: Iterable[x509.Certificate],
    *,
    stamp_trust: Iterable[x509.Certificate] | None = None,
    at: datetime | None = None,
    limits: Limits | None = None,
) -> Verdict:
    """The verdict on ``pdf`` by the roots in ``trust`` at the moment ``at`` (default: now).

    Time stamps count by the roots in ``stamp_trust``, by default the same. Never raises because
    of what is in the file. For several files keep a ``Verifier``.
    """
    with Verifier(trust, stamp_trust=stamp_trust, limits=limits) as verifier:
        return verifier.verify(pdf, at=at)


class Verifier:
    """Examines file after file in one child process, which is started anew when it ends."""

    def __init__(
        self,
        trust: Iterable[x509.Certificate],
        *,
        stamp_trust: Iterable[x509.Certificate] | None = None,
        limits: Limits | None = None,
    ) -> None:
        self._roots = _texts(trust)
        self._stamp_roots = self._roots if stamp_trust is None else _texts(stamp_trust)
        self._limits = limits or Limits()
        self._child: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def verify_file(self, file: Path, *, at: datetime | None = None) -> Verdict:
        """The verdict on ``file``, of which no more is read than is examined. Raises OSError."""
        with file.open("rb") as stream:
            return self.verify(stream.read(self._limits.size + 1), at=at)

    def verify(self, pdf: bytes, *, at: datetime | None = None) -> Verdict:
        """The verdict on ``pdf``; ``unknown`` where the examination went past a limit."""
        if len(pdf) > self._limits.size:
            return Verdict.unknown("file_too_large", limit=self._limits.size // _MIB)
        moment = (at or datetime.now(UTC)).isoformat()
        request = {
            "size": len(pdf),
            "at": moment,
            "roots": self._roots,
            "stamp_roots": self._stamp_roots,
        }
        answer = self._asked([json.dumps(request).encode("ascii"), b"\n", pdf])
        if answer is None:
            self.close()
            return Verdict.unknown("too_demanding")
        return Verdict.from_dict(json.loads(answer))

    def close(self) -> None:
        """The child process has ended."""
        if self._child is None:
            return
        self._child.kill()
        self._child.communicate()
        self._child = None

    def _asked(self, request: Sequence[bytes]) -> bytes | None:
        """The child's line of answer; None where it ended or took too long."""
        if self._child is None:
            self._child = self._started()
        deadline = time.monotonic() + 2 * self._limits.seconds
        try:
            _send(self._child, b"".join(request), deadline)
            return _receive(self._child, deadline)
        except (BrokenPipeError, TimeoutError, EOFError):
            return None

    def _started(self) -> subprocess.Popen[bytes]:
        limits = [str(self._limits.memory), str(self._limits.seconds)]
        return subprocess.Popen(
            [sys.executable, "-m", "signing.examiner", *limits],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            # nothing of ours is in its environment but the way to the modules
            env={"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        )


def _texts(certificates: Iterable[x509.Certificate]) -> list[str]:
    return [b64encode(each.public_bytes(Encoding.DER)).decode("ascii") for each in certificates]


def _send(child: subprocess.Popen[bytes], data: bytes, deadline: float) -> None:
    """All of ``data`` has gone to the child. Raises BrokenPipeError or TimeoutError."""
    descriptor = _descriptor(child.stdin)
    os.set_blocking(descriptor, False)
    rest = memoryview(data)
    while rest:
        _, ready, _ = select.select([], [descriptor], [], _left(deadline))
        if ready:
            rest = rest[os.write(descriptor, rest) :]


def _receive(child: subprocess.Popen[bytes], deadline: float) -> bytes:
    """One line from the child. Raises EOFError or TimeoutError."""
    descriptor = _descriptor(child.stdout)
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
