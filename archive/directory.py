"""The archive as a directory of one machine.

::

    <root>/<key>                 the object, mode 0440, named once by link(2)
    <root>/.retention/<key>      the last day of its retention, ISO 8601
    <root>/.incoming/            files that have no name yet

A directory cannot lock: retention is written down, and only the operator keeps it.
"""

import errno
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path

from archive.durable import give_name, make_directories, read_file, sync_directory, write_file
from archive.keys import check_digest, check_key, check_prefix, digest_of, is_key
from schemas.documents import StoredObject
from schemas.errors import DigestMismatch, Misconfigured, ObjectMissing, Unavailable
from schemas.file_faults import os_words

#: Seconds after which a nameless file belongs to a process that was killed; no put takes so long.
_ABANDONED = 24 * 3600

#: What an operator must mend, as against a full or failing disk that may come back.
_REFUSALS = {
    errno.EACCES,
    errno.EEXIST,
    errno.EISDIR,
    errno.ELOOP,
    errno.ENOTDIR,
    errno.EPERM,
    errno.EROFS,
}


class DirectoryArchive:
    """``Archive`` below ``root``, which is made where it is missing."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._incoming = root / ".incoming"
        self._retention = root / ".retention"
        with _answering(root):
            make_directories(self._incoming)
            make_directories(self._retention)
            _sweep(self._incoming)

    def put(
        self,
        key: str,
        content: bytes,
        *,
        sha256: str,
        retain_until: date,
        content_type: str,
        new: bool = False,
    ) -> StoredObject:
        """See ``Archive.put``; ``content_type`` is not kept, a file name says it."""
        del content_type, new  # to look costs nothing here
        name = self._path(key)
        check_digest(key, content, sha256)
        with _answering(self.root):
            if name.exists():
                return self._adopt(key, sha256, retain_until)
            # Before the object: one that is there always has its retention written down.
            self._retain(key, retain_until)
            make_directories(name.parent)
            temporary = write_file(self._incoming, content)
            try:
                given = give_name(temporary, name)
            finally:
                temporary.unlink(missing_ok=True)
            if not given:
                return self._adopt(key, sha256, retain_until)
        return StoredObject(key=key, version_id=None, sha256=sha256, size=len(content))

    def get(self, key: str, version_id: str | None) -> bytes:
        """See ``Archive.get``; a directory has no versions."""
        name = self._path(key)
        if version_id is not None:
            raise ObjectMissing(key, version_id)
        with _answering(self.root):
            try:
                return read_file(name)
            except FileNotFoundError as error:
                raise ObjectMissing(key) from error

    def stat(self, key: str, version_id: str | None) -> StoredObject | None:
        """See ``Archive.stat``; the digest is read from the bytes."""
        try:
            content = self.get(key, version_id)
        except ObjectMissing:
            return None
        return StoredObject(key=key, version_id=None, sha256=digest_of(content), size=len(content))

    def retained_until(self, key: str, version_id: str | None) -> date | None:
        """See ``Archive.retained_until``; written down, not enforced."""
        if version_id is not None or not self._path(key).exists():
            raise ObjectMissing(key, version_id)
        with _answering(self.root):
            return _read_date(self._retention / key)

    def walk(self, prefix: str = "") -> Iterator[StoredObject]:
        """See ``Archive.walk``; what is not named like a key is no object."""
        check_prefix(prefix)
        with _answering(self.root):
            for path in _files(self.root):
                key = path.relative_to(self.root).as_posix()
                if not key.startswith(prefix) or not is_key(key):
                    continue
                if found := self.stat(key, None):
                    yield found

    def close(self) -> None:
        """Nothing is held open."""

    def _path(self, key: str) -> Path:
        return self.root / check_key(key)

    def _adopt(self, key: str, sha256: str, retain_until: date) -> StoredObject:
        content = self.get(key, None)
        found = digest_of(content)
        if found != sha256:
            raise DigestMismatch(key, expected=sha256, found=found)
        # Whoever named it may have been killed before its fsync.
        make_directories(self._path(key).parent)
        self._retain(key, retain_until)
        return StoredObject(key=key, version_id=None, sha256=sha256, size=len(content))

    def _retain(self, key: str, until: date) -> None:
        """The later of ``until`` and what was written down before is written down."""
        note = self._retention / key
        make_directories(note.parent)
        before = _read_date(note)
        if before is not None and before >= until:
            return
        temporary = write_file(self._incoming, until.isoformat().encode("ascii"))
        temporary.replace(note)
        sync_directory(note.parent)


@contextmanager
def _answering(root: Path) -> Iterator[None]:
    """OSErrors of the disk come out as errors of the product."""
    try:
        yield
    except OSError as error:
        if error.errno in _REFUSALS:
            raise Misconfigured(
                f"归档目录 {root} 拒绝访问：{os_words(error).zh}；请查看 "
                "HANYIN_STORAGE_URL 和文件夹的权限",
                f"the archive directory {root} refuses: {os_words(error).en}; see"
                " HANYIN_STORAGE_URL and the rights of the folder",
            ) from error
        raise Unavailable(
            f"归档目录 {root} 没有响应：{os_words(error).zh}",
            f"the archive directory {root} does not answer: {os_words(error).en}",
        ) from error


def _read_date(note: Path) -> date | None:
    """What the note says; None where there is none, or none that can be read as a date."""
    try:
        return date.fromisoformat(read_file(note).decode("ascii"))
    except (FileNotFoundError, ValueError):
        return None


def _files(directory: Path) -> Iterator[Path]:
    """Files in the order of their keys; a folder sorts as its name with ``/``, as in S3."""
    with os.scandir(directory) as entries:
        visible = [entry for entry in entries if not entry.name.startswith(".")]
    for entry in sorted(visible, key=lambda e: e.name + "/" * e.is_dir(follow_symlinks=False)):
        if entry.is_dir(follow_symlinks=False):
            yield from _files(Path(entry.path))
        elif entry.is_file(follow_symlinks=False):
            yield Path(entry.path)


def _sweep(incoming: Path) -> None:
    """Nameless files of processes that were killed are gone."""
    for path in incoming.iterdir():
        # Another process may sweep at the same time.
        with suppress(FileNotFoundError):
            if time.time() - path.stat().st_mtime > _ABANDONED:
                path.unlink()
