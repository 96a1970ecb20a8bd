"""The lock proved on the real store: some accept a lock and delete all the same.

An object with a lock of a minute is put, and then we try what the lock must refuse; one without a
lock must go, else it is our access key that is refused, and nothing is proved. Probes whose lock
has ended are removed by the next one.
"""

import os
import uuid
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from io import BytesIO

from minio.error import S3Error
from minio.retention import Retention

from archive import Archive
from archive.keys import PROBE_PREFIX, digest_of
from archive.s3 import S3Archive, upload_headers
from archive.s3_errors import answering

#: As short as a lock may be and still outlast the tries on a slow store.
_LOCK = timedelta(minutes=1)


class ProbeAct(StrEnum):
    """What is tried."""

    DELETE_UNLOCKED = "delete_unlocked"  # delete a version without a lock: this must go
    DELETE_VERSION = "delete_version"  # delete the locked version itself: this must not
    SHORTEN_LOCK = "shorten_lock"  # let the lock end sooner: this must not go
    READ_BACK = "read_back"  # after all this: the version has its bytes


@dataclass(frozen=True, kw_only=True)
class ProbeFinding:
    """One try and its end."""

    act: ProbeAct
    #: true where the store did what a store with a true lock must do
    held: bool
    #: the store's answer, e.g. AccessDenied
    answer: str


@dataclass(frozen=True, kw_only=True)
class ProbeReport:
    """Whether what is archived is safe from deletion until its retention ends."""

    #: the store has a lock at all; without it there are no findings
    has_lock: bool
    #: COMPLIANCE or GOVERNANCE; None without a lock
    mode: str | None
    findings: tuple[ProbeFinding, ...] = ()

    @property
    def conclusive(self) -> bool:
        """Refusals are the lock's: without one, our access key may delete."""
        return any(f.act is ProbeAct.DELETE_UNLOCKED and f.held for f in self.findings)

    @property
    def proved(self) -> bool:
        """The lock is there and every try ended as it must."""
        return self.has_lock and all(finding.held for finding in self.findings)


def probe_lock(archive: Archive) -> ProbeReport:
    """What the store does with a locked object; a directory has no lock and is not tried.

    Raises ``Unavailable`` and ``Misconfigured`` as the archive does.
    """
    if not isinstance(archive, S3Archive):
        return ProbeReport(has_lock=False, mode=None)
    with answering(archive.bucket.place):
        if not archive.bucket.prepare():
            return ProbeReport(has_lock=False, mode=None)
        _remove_old_probes(archive)
        return ProbeReport(has_lock=True, mode=archive.bucket.mode, findings=_tried(archive))


def _tried(archive: S3Archive) -> tuple[ProbeFinding, ...]:
    client, bucket = archive.client, archive.bucket.name
    key, content = f"{PROBE_PREFIX}{uuid.uuid4()}", os.urandom(32)
    unlocked = _put(archive, key, content, None)
    until = datetime.now(UTC) + _LOCK
    version = _put(archive, key, content, archive.bucket.retention(until))
    sooner = Retention(archive.bucket.mode, until - _LOCK / 2)
    return (
        _allowed(
            ProbeAct.DELETE_UNLOCKED,
            lambda: client.remove_object(bucket, key, version_id=unlocked),
        ),
        _refused(
            ProbeAct.DELETE_VERSION,
            lambda: client.remove_object(bucket, key, version_id=version),
        ),
        _refused(
            ProbeAct.SHORTEN_LOCK,
            lambda: client.set_object_retention(bucket, key, sooner, version_id=version),
        ),
        _read_back(archive, key, version, content),
    )


def _put(archive: S3Archive, key: str, content: bytes, lock: Retention | None) -> str | None:
    """The version id of a new version of ``key``."""
    headers = upload_headers(digest_of(content))
    stream = BytesIO(content)
    put = archive.client.put_object(
        archive.bucket.name, key, stream, len(content), metadata=headers, retention=lock
    )
    return put.version_id


def _allowed(act: ProbeAct, attempt: Callable[[], object]) -> ProbeFinding:
    try:
        attempt()
    except S3Error as error:
        return ProbeFinding(act=act, held=False, answer=str(error.code))
    return ProbeFinding(act=act, held=True, answer="done")


def _refused(act: ProbeAct, attempt: Callable[[], object]) -> ProbeFinding:
    try:
        attempt()
    except S3Error as error:
        return ProbeFinding(act=act, held=True, answer=str(error.code))
    return ProbeFinding(act=act, held=False, answer="done")


def _read_back(archive: S3Archive, key: str, version: str | None, content: bytes) -> ProbeFinding:
    try:
        same = archive.read(key, version) == content
    except S3Error as error:
        return ProbeFinding(act=ProbeAct.READ_BACK, held=False, answer=str(error.code))
    return ProbeFinding(act=ProbeAct.READ_BACK, held=same, answer="same" if same else "other bytes")


def _remove_old_probes(archive: S3Archive) -> None:
    """Probes whose lock has ended are gone; what cannot be removed waits for the next probe."""
    found = archive.client.list_objects(
        archive.bucket.name, prefix=PROBE_PREFIX, recursive=True, include_version=True
    )
    for each in list(found):
        with suppress(S3Error):
            archive.client.remove_object(
                archive.bucket.name, str(each.object_name), version_id=each.version_id
            )
