"""Verification of files from outside: in a process of its own, with limits on all it may use."""

import json
from base64 import b64encode
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from schemas.purposes import SEALING_PURPOSES
from signing.examiner_process import ExaminerProcess, Limits
from signing.verdict import Verdict, Word

__all__ = ["Limits", "Verdict", "Verifier", "Word", "verify"]

_MIB = 1024 * 1024


def verify(
    pdf: bytes,
    trust: Iterable[x509.Certificate],
    *,
    stamp_trust: Iterable[x509.Certificate] | None = None,
    purposes: Iterable[str] = SEALING_PURPOSES,
    at: datetime | None = None,
    limits: Limits | None = None,
) -> Verdict:
    """The verdict on ``pdf`` by the roots in ``trust`` at the moment ``at`` (default: now).

    Time stamps count by the roots in ``stamp_trust``, by default the same; ``purposes`` are those
    of certificates that may seal (HANYIN_SEAL_PURPOSES). Never raises because of what is in the
    file. For several files keep a ``Verifier``.
    """
    with Verifier(trust, stamp_trust=stamp_trust, purposes=purposes, limits=limits) as verifier:
        return verifier.verify(pdf, at=at)


class Verifier:
    """Examines file after file in one child process, which is started anew when it ends."""

    def __init__(
        self,
        trust: Iterable[x509.Certificate],
        *,
        stamp_trust: Iterable[x509.Certificate] | None = None,
        purposes: Iterable[str] = SEALING_PURPOSES,
        limits: Limits | None = None,
        process: ExaminerProcess | None = None,
    ) -> None:
        self._roots = _texts(trust)
        self._stamp_roots = self._roots if stamp_trust is None else _texts(stamp_trust)
        self._purposes = sorted(purposes)
        self._process = process or ExaminerProcess(limits)

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
            return self.verify(stream.read(self._process.limits.size + 1), at=at)

    def verify(self, pdf: bytes, *, at: datetime | None = None) -> Verdict:
        """The verdict on ``pdf``; ``unknown`` where the examination went past a limit."""
        most = self._process.limits.size
        if len(pdf) > most:
            return Verdict.unknown("file_too_large", limit=most // _MIB)
        moment = (at or datetime.now(UTC)).isoformat()
        request = {
            "size": len(pdf),
            "at": moment,
            "roots": self._roots,
            "stamp_roots": self._stamp_roots,
            "purposes": self._purposes,
        }
        answer = self._process.ask(json.dumps(request).encode("ascii") + b"\n" + pdf)
        if answer is None:
            return Verdict.unknown("too_demanding")
        return Verdict.from_dict(json.loads(answer))

    def close(self) -> None:
        """The child process has ended."""
        self._process.close()


def _texts(certificates: Iterable[x509.Certificate]) -> list[str]:
    return [b64encode(each.public_bytes(Encoding.DER)).decode("ascii") for each in certificates]
