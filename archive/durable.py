"""Files that survive a power cut, and names that are given once (fsync(2), link(2))."""

import os
import uuid
from pathlib import Path

#: What is archived names people: its owner reads it, and its group as the folder allows; nobody
#: writes it.
READ_ONLY = 0o440
_FOLDER = 0o750


def sync_directory(directory: Path) -> None:
    """The names in ``directory`` are on the disk."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def make_directories(directory: Path) -> None:
    """``directory`` and what leads to it exist and are on the disk; repeating it is harmless."""
    missing = [d for d in (directory, *directory.parents) if not d.is_dir()]
    for each in reversed(missing):
        each.mkdir(exist_ok=True, mode=_FOLDER)
    # Also where nothing was missing: the process that made it may not have come to its fsync.
    sync_directory(directory)
    sync_directory(directory.parent)
    for each in missing:
        sync_directory(each.parent)


def write_file(directory: Path, content: bytes) -> Path:
    """A new read-only file of some name in ``directory`` holds ``content`` on the disk."""
    path = directory / uuid.uuid4().hex
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fchmod(file.fileno(), READ_ONLY)
        os.fsync(file.fileno())
    return path


def give_name(temporary: Path, name: Path) -> bool:
    """True: the file is called ``name`` now. False: something else was before, and still is."""
    try:
        os.link(temporary, name, follow_symlinks=False)
    except FileExistsError:
        return False
    sync_directory(name.parent)
    return True


def read_file(path: Path) -> bytes:
    """The bytes of the regular file ``path``, no symbolic link. Raises OSError."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    with os.fdopen(descriptor, "rb") as file:
        return file.read()
