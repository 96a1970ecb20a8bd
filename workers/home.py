"""The home of the embedded parts: made on first use, owned by one process tree at a time."""

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from schemas.errors import Misconfigured
from schemas.file_faults import os_words

#: folder in the home for what libraries write down on their way (spreadsheets, previews)
_TEMPORARY = "tmp"


def is_installation(home: Path) -> bool:
    """True where something was made in ``home``: a ledger, a queue, an archive, keys."""
    try:
        return any(entry.name != _TEMPORARY for entry in home.iterdir())
    except OSError:
        return False


def make_home(home: Path) -> None:
    """The folder exists, readable by its owner alone: it holds personal data and keys.

    Raises ``Misconfigured``.
    """
    try:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise Misconfigured(
            f"HANYIN_HOME {home} 不能使用（{os_words(error).zh}）；请指定本"
            "用户可以建立和写入的文件夹",
            f"HANYIN_HOME {home} cannot be used ({os_words(error).en}); name a folder that this"
            " user may make and write into",
        ) from error


def keep_temporary_files(home: Path) -> None:
    """Temporary files of this process, and of those that it starts, are in ``home`` from now on.

    Libraries write spreadsheets and pages down on their way: what dies leaves nothing of a person
    in a folder of everybody's. For a process that is one command. Raises ``Misconfigured``.
    """
    make_home(home)
    folder = home.resolve() / _TEMPORARY
    make_home(folder)
    tempfile.tempdir = os.environ["TMPDIR"] = str(folder)


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
                f"HANYIN_HOME {home} 正由另一进程使用；请先结束它，或用 RabbitMQ"
                " 和 PostgreSQL 供多个进程使用",
                f"HANYIN_HOME {home} is worked on by another process; end it first, or use"
                " RabbitMQ and PostgreSQL for several",
            ) from error
        yield
    finally:
        os.close(descriptor)
