"""The archive in an S3 bucket with object lock (AWS S3 API, "Locking objects with Object Lock").

A lock does not prevent an overwrite, it adds a version: objects are addressed by version id, and
every version of a key must have the same bytes. The digest stands in the metadata
``x-amz-meta-sha256`` for people, and is proved by the store's own checksum where it keeps one, else
by reading the object.
"""

import base64
import hashlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from io import BytesIO

from minio import Minio
from minio.datatypes import Object
from minio.error import S3Error

from archive.keys import check_digest, check_key, check_prefix, digest_of, is_key
from archive.s3_bucket import Bucket
from archive.s3_errors import answering, is_missing
from schemas.documents import StoredObject
from schemas.errors import DigestMismatch, ObjectMissing, Unavailable
from schemas.zone import CHINA

#: Bytes; a larger object would go up in parts, and its checksum would be one of checksums.
_ONE_PART = 5 * 1024**3

_CHECKSUM = "x-amz-checksum-sha256"


class S3Archive:
    """``Archive`` in one bucket; usable from several threads."""

    def __init__(self, client: Minio, bucket: Bucket) -> None:
        self.client = client
        self.bucket = bucket

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
        """See ``Archive.put``; what the store took is read again before it counts as stored."""
        check_digest(check_key(key), content, sha256)
        with self._answering():
            adopted = None if new else self._adopted(key, sha256)
            if adopted:
                self._extend(adopted, retain_until)
                return adopted
            result = self.client.put_object(
                self.bucket.name,
                key,
                BytesIO(content),
                len(content),
                content_type=content_type,
                metadata=upload_headers(sha256),
                part_size=_ONE_PART,
                retention=self.bucket.retention(end_of(retain_until)),
            )
            self._read_back(key, result.version_id, sha256)
        return StoredObject(key=key, version_id=result.version_id, sha256=sha256, size=len(content))

    def get(self, key: str, version_id: str | None) -> bytes:
        """See ``Archive.get``."""
        check_key(key)
        with self._answering():
            try:
                return self.read(key, version_id)
            except S3Error as error:
                if is_missing(error, version_id):
                    raise ObjectMissing(key, version_id) from error
                raise

    def stat(self, key: str, version_id: str | None) -> StoredObject | None:
        """See ``Archive.stat``; the version id is the store's, also where None was given."""
        check_key(key)
        with self._answering():
            try:
                found = self._described(key, self._head(key, version_id))
            except S3Error as error:
                if is_missing(error, version_id):
                    return None
                raise
        # what the head says of it may be cut off
        return replace(found, version_id=version_id) if version_id else found

    def retained_until(self, key: str, version_id: str | None) -> date | None:
        """See ``Archive.retained_until``; what the store itself says."""
        check_key(key)
        with self._answering():
            try:
                until = _locked_until(self._head(key, version_id))
            except S3Error as error:
                if is_missing(error, version_id):
                    raise ObjectMissing(key, version_id) from error
                raise
        return last_day(until) if until else None

    def walk(self, prefix: str = "") -> Iterator[StoredObject]:
        """See ``Archive.walk``; a version that goes while we walk is passed over."""
        check_prefix(prefix)
        with self._answering():
            for found in self._versions(prefix):
                key = str(found.object_name)
                # Probes, and what others keep in the bucket, are not ours to tell of.
                if not is_key(key):
                    continue
                if described := self.stat(key, found.version_id):
                    yield described

    def close(self) -> None:
        """See ``Archive.close``."""
        self.bucket.pool.clear()

    @contextmanager
    def _answering(self) -> Iterator[None]:
        """The bucket is there, and the client's errors come out as ours."""
        with answering(self.bucket.place):
            self.bucket.prepare()
            yield

    def _versions(self, prefix: str) -> Iterator[Object]:
        """Versions of objects in key order, without the marks that deletions leave."""
        found = self.client.list_objects(
            self.bucket.name, prefix=prefix, recursive=True, include_version=True
        )
        return (version for version in found if not version.is_delete_marker)

    def _adopted(self, key: str, sha256: str) -> StoredObject | None:
        """What the key holds already, every version of it looked at."""
        same: StoredObject | None = None
        for version in self._versions(key):
            if version.object_name != key:
                continue
            found = self.stat(key, version.version_id)
            if found and found.sha256 != sha256:
                raise DigestMismatch(key, expected=sha256, found=found.sha256)
            # Versions come newest first; the oldest is the one that may be recorded already.
            same = found or same
        return same

    def _head(self, key: str, version_id: str | None) -> Object:
        try:
            return self.client.stat_object(
                self.bucket.name,
                key,
                version_id=version_id,
                extra_headers={"x-amz-checksum-mode": "ENABLED"},
            )
        except S3Error as error:
            if error.code == "AccessDenied":
                # what is refused without a word is asked for once more with one
                self.bucket.ask()
            raise

    def _described(self, key: str, found: Object) -> StoredObject:
        proved = _hex_of((found.metadata or {}).get(_CHECKSUM))
        digest = proved or digest_of(self.read(key, found.version_id))
        return StoredObject(
            key=key, version_id=found.version_id, sha256=digest, size=found.size or 0
        )

    def read(self, key: str, version_id: str | None) -> bytes:
        """The bytes of any key's version; raises the client's errors."""
        response = self.client.get_object(self.bucket.name, key, version_id=version_id)
        with closing(response):
            # http.client takes a head that is cut off for a shorter one (RFC 9112, 8)
            if not response.headers.get("content-length", "").isdecimal():
                raise ConnectionError("the head of the answer is cut off")
            return response.read()

    def _read_back(self, key: str, version_id: str | None, sha256: str) -> None:
        """That version has these bytes; ``Unavailable`` where it cannot be seen now.

        The next try finds what is stored in the store's list of versions, whose end is marked.
        """
        try:
            if version_id and digest_of(self.read(key, version_id)) == sha256:
                return
        except S3Error as error:
            if not is_missing(error, version_id):
                raise
        raise Unavailable(
            f"存储 {self.bucket.place} 中看不到刚刚存入的 {key}",
            f"the store {self.bucket.place} does not show what it has just stored under {key}",
        )

    def _extend(self, stored: StoredObject, until: date) -> None:
        """A lock that ends before ``until``, or was never set, lasts until then."""
        wanted = self.bucket.retention(end_of(until))
        if wanted is None:
            return
        held = _locked_until(self._head(stored.key, stored.version_id))
        if held is None or held < end_of(until):
            self.client.set_object_retention(
                self.bucket.name, stored.key, wanted, version_id=stored.version_id
            )


def _locked_until(found: Object) -> datetime | None:
    text = (found.metadata or {}).get("x-amz-object-lock-retain-until-date")
    if not text:
        return None
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a moment without its zone: the head of the answer is cut off")
    return moment


def end_of(day: date) -> datetime:
    """The moment when ``day`` is over in Asia/Shanghai, in UTC as S3 writes it."""
    midnight = datetime.combine(day + timedelta(days=1), time.min, tzinfo=CHINA)
    return midnight.astimezone(UTC)


def last_day(moment: datetime) -> date:
    """The last whole or broken day in Asia/Shanghai before ``moment``."""
    return (moment - timedelta(microseconds=1)).astimezone(CHINA).date()


def upload_headers(sha256: str) -> dict[str, str | list[str] | tuple[str]]:
    """What goes up beside the bytes; AWS takes no locked object without a checksum algorithm."""
    return {
        "sha256": sha256,
        "x-amz-sdk-checksum-algorithm": "SHA256",
        _CHECKSUM: base64.b64encode(bytes.fromhex(sha256)).decode("ascii"),
    }


def _hex_of(checksum: str | None) -> str | None:
    """A SHA-256 that the store keeps; None for none, or for one over the parts of an upload."""
    try:
        digest = base64.b64decode(checksum or "", validate=True)
    except ValueError:
        return None
    return digest.hex() if len(digest) == hashlib.sha256().digest_size else None
