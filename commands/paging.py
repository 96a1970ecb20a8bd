"""Long output on a terminal goes to a pager, as git's does; a pipe or file gets it at once."""

import os
import shlex
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from tempfile import TemporaryFile
from typing import IO

#: whether a pager may be used in this call
_allowed: ContextVar[bool] = ContextVar("pager_allowed", default=True)
#: as git sets them where they are not set: end at once with what fits, keep colours and the screen
_LESS = {"LESS": "FRX", "LESSCHARSET": "utf-8"}


def allow_pager(*, allowed: bool) -> None:
    """From now on long output goes to a pager, or never does (``--no-pager``)."""
    _allowed.set(allowed)


@contextmanager
def screen() -> Iterator[IO[bytes]]:
    """Where a command's output is written to: stdout, or what a pager shows after the block.

    A person may read for an hour, so the pager starts when all is written: no transaction stays
    open meanwhile.
    """
    words = _pager() if sys.stdout.isatty() and _allowed.get() else []
    if not words:
        sys.stdout.flush()
        yield sys.stdout.buffer
        sys.stdout.flush()
        return
    with TemporaryFile(prefix="hanyin-page-") as held:
        yield held
        held.seek(0)
        if _fits(held) or not _shown(words, held):
            held.seek(0)
            shutil.copyfileobj(held, sys.stdout.buffer)
            sys.stdout.flush()


def _pager() -> list[str]:
    """The words of PAGER, by default less; empty where there is none."""
    words = shlex.split(os.environ.get("PAGER", "less"))
    return words if words != ["cat"] and words and shutil.which(words[0]) else []


def _fits(held: IO[bytes]) -> bool:
    """Whether the lines fit on the terminal with the prompt below them."""
    room = shutil.get_terminal_size().lines - 1
    lines = sum(1 for _, _ in zip(range(room + 1), held, strict=False))
    held.seek(0)
    return lines <= room


def _shown(words: list[str], held: IO[bytes]) -> bool:
    sys.stdout.flush()
    # Ctrl-C at the pager is meant for the pager
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        return (
            subprocess.run(words, stdin=held, env=_LESS | os.environ, check=False).returncode == 0
        )
    except OSError:
        return False
    finally:
        signal.signal(signal.SIGINT, before)
