"""The process that examines files from outside: bounded, and of no use to whoever breaks it.

Started by ``verifier``. On standard input a line of JSON {size, at, roots, stamp_roots, purposes}
and ``size`` bytes of PDF, again and again; on standard output a line with the verdict for each.
"""

import json
import logging
import os
import resource
import sys
from base64 import b64decode
from datetime import datetime
from typing import Any

from cryptography import x509

from signing.examination import examine
from signing.printed import held_against_page
from signing.verdict import Verdict


def main(memory: int, seconds: int) -> None:
    """Files are examined until standard input ends, each within these bytes and CPU seconds."""
    logging.disable(logging.CRITICAL)
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    # what a library prints must not stand among the verdicts
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    while line := sys.stdin.buffer.readline():
        _allow(seconds)
        verdict = _examined(json.loads(line))
        answers.write(json.dumps(verdict.as_dict()) + "\n")
        answers.flush()


def _allow(seconds: int) -> None:
    """``seconds`` more of the processor; then the kernel ends this process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    limit = int(used.ru_utime + used.ru_stime) + 1 + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.RLIM_INFINITY))


def _examined(request: dict[str, Any]) -> Verdict:
    try:
        pdf = sys.stdin.buffer.read(request["size"])
        verdict = examine(
            pdf,
            _certificates(request["roots"]),
            at=datetime.fromisoformat(request["at"]),
            stamp_roots=_certificates(request["stamp_roots"]),
            purposes=request["purposes"],
        )
        return held_against_page(verdict, pdf)
    except MemoryError:
        return Verdict.unknown("too_demanding")


def _certificates(texts: list[str]) -> list[x509.Certificate]:
    return [x509.load_der_x509_certificate(b64decode(text)) for text in texts]


if __name__ == "__main__":
    main(memory=int(sys.argv[1]), seconds=int(sys.argv[2]))
