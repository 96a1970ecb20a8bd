"""A database file that is its owner's alone from its first moment."""

import os
import uuid
from contextlib import suppress
from pathlib import Path


def make_private(file: Path) -> None:
    """``file`` is there: as it was, or empty and of mode 0600, whatever the umask.

    A file that is there is not opened. SQLite's locks are fcntl(2)'s, and a process loses all of
    its locks on a file when it closes any descriptor of it: another process would then take its
    own connection for the last one, and delete the write-ahead log under ours (sqlite.org, "How To
    Corrupt An SQLite Database File", 2.2). Raises OSError.
    """
    if file.exists():
        return
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = file.with_name(f".{file.name}.{uuid.uuid4().hex}")
    os.close(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    try:
        # by name, after the descriptor is closed: a thread beside us may open it at once
        with suppress(FileExistsError):
            os.link(fresh, file)
    finally:
        fresh.unlink()
