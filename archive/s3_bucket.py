"""The bucket: made with object lock where it is missing, asked once whether it can lock."""

import threading
from datetime import datetime

import structlog
from minio import Minio
from minio.commonconfig import ENABLED
from minio.error import S3Error
from minio.retention import Retention
from minio.versioningconfig import VersioningConfig
from urllib3 import PoolManager

from archive import LockMode
from schemas.errors import Misconfigured

_ALREADY_OURS = {"BucketAlreadyOwnedByYou", "BucketAlreadyExists"}
_WITHOUT_LOCK = {"ObjectLockConfigurationNotFoundError", "NoSuchObjectLockConfiguration"}
_UNABLE = {"NotImplemented", "MethodNotAllowed"}

#: no key begins so
_NOWHERE = "?/"

_log = structlog.get_logger()


class Bucket:
    """One bucket of a store, as the archive needs it: versioned, and locked where the store can."""

    def __init__(
        self, client: Minio, pool: PoolManager, *, name: str, place: str, mode: LockMode
    ) -> None:
        self.client = client
        self.pool = pool
        self.name = name
        #: for messages: scheme, host and bucket, never a key
        self.place = place
        self.mode = mode
        self._guard = threading.Lock()
        self._locks: bool | None = None

    def prepare(self) -> bool:
        """The bucket is there and versioned; whether it locks objects. Asks the store only once.

        Raises the client's errors: callers stand inside ``answering``.
        """
        with self._guard:
            if self._locks is None:
                self._make()
                self._locks = self._has_lock()
                if not self._locks:
                    self._have_versions()
                    _log.warning(
                        "The bucket has no object lock; what is archived can be deleted.",
                        action="archive_without_lock",
                        bucket=self.place,
                    )
            return self._locks

    def ask(self) -> None:
        """Raise the client's error unless the store lets this key see the bucket.

        A listing is asked for: an answer to HEAD has no body that could say why it is refused.
        """
        next(iter(self.client.list_objects(self.name, prefix=_NOWHERE)), None)

    def retention(self, until: datetime) -> Retention | None:
        """The lock for a new object; None where the bucket cannot lock."""
        return Retention(self.mode, until) if self.prepare() else None

    def _make(self) -> None:
        try:
            self.ask()
        except S3Error as error:
            if error.code != "NoSuchBucket":
                raise
        else:
            return
        try:
            self.client.make_bucket(self.name, object_lock=True)
        except S3Error as error:
            # Another worker was quicker.
            if error.code not in _ALREADY_OURS:
                raise

    def _has_lock(self) -> bool:
        try:
            self.client.get_object_lock_config(self.name)
        except S3Error as error:
            if error.code in _WITHOUT_LOCK | _UNABLE:
                return False
            raise
        return True

    def _have_versions(self) -> None:
        """An overwrite adds a version and destroys nothing; else raises ``Misconfigured``."""
        try:
            if self.client.get_bucket_versioning(self.name).status != ENABLED:
                self.client.set_bucket_versioning(self.name, VersioningConfig(ENABLED))
        except S3Error as error:
            if error.code not in _UNABLE:
                raise
            raise Misconfigured(
                f"存储桶 {self.place} 不保留版本，已归档的对象可能被覆盖；请在 "
                "HANYIN_STORAGE_URL 中换一个",
                f"the bucket {self.place} keeps no versions, so an archived object could be"
                " overwritten; name another one in HANYIN_STORAGE_URL",
            ) from error
