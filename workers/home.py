"""The home of the embedded parts: made on first use, owned by one process tree at a time."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from schemas.errors import Misconfigured


def make_home(home: Path) -> None:
    """The folder exists, readable by its owner alone: it holds personal data and keys."""
    home.mkdir(parents=True, exist_ok=True, mode=0o700)


@contextmanager
def owned(home: Path) -> Iterator[None]:
    """Within the block no other process works on this home.

    The lock goes with the process, however it ends. Raises ``Misconfigured`` where somebody
    else holds it.
    """
    make_home(home)
    descriptor = os.open(home / "work.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise Misconfigured(
                f"HANYIN_HOME {home} is worked on by another process; end it first, or use"
                " RabbitMQ and PostgreSQL for several"
            ) from error
        yield
    finally:
        os.close(descriptor)
