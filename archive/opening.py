"""Storage URL → archive: ``file:///dir``, ``s3+https://host:port/bucket``, ``s3+http://…``.

The client of an S3 store is loaded where there is one.
"""

# ruff: noqa: PLC0415 -- see above

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from archive import Archive, LockMode
from archive.directory import DirectoryArchive
from schemas.errors import Misconfigured

#: "Bucket naming rules" of Amazon S3.
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")


def open_archive(
    url: str,
    *,
    access_key: str | None = None,
    secret_key: str | None = None,
    region: str = "us-east-1",
    lock_mode: LockMode = "COMPLIANCE",
    ca_file: Path | None = None,
) -> Archive:
    """The archive at ``url``; an S3 store is not asked for anything before the first use.

    ``ca_file`` holds the certificates (PEM) that a store of one's own is trusted by, in place of
    the public ones. Raises ``Misconfigured`` for a URL or credentials that cannot be used.
    """
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise Misconfigured(
            "HANYIN_STORAGE_URL 不是 URL", "HANYIN_STORAGE_URL is not a URL"
        ) from error
    match parts.scheme:
        case "file":
            return DirectoryArchive(_directory(parts))
        case "s3+https" | "s3+http":
            return _open_s3(
                _place(parts), _credentials(access_key, secret_key), region, lock_mode, ca_file
            )
    raise Misconfigured(
        "HANYIN_STORAGE_URL 须以 file:///、s3+https:// 或 s3+http:// 开头",
        "HANYIN_STORAGE_URL begins with none of file:///, s3+https:// and s3+http://",
    )


def _open_s3(
    place: "_Place",
    credentials: tuple[str, str],
    region: str,
    lock_mode: LockMode,
    ca_file: Path | None,
) -> Archive:
    from minio import Minio

    from archive.s3 import S3Archive
    from archive.s3_bucket import Bucket
    from archive.s3_pool import store_pool

    pool = store_pool(secure=place.secure, ca_file=ca_file)
    client = Minio(place.host, *credentials, secure=place.secure, region=region, http_client=pool)
    bucket = Bucket(client, pool, name=place.bucket, place=str(place), mode=lock_mode)
    return S3Archive(client, bucket)


@dataclass(frozen=True, kw_only=True)
class _Place:
    """Where a bucket is."""

    secure: bool
    #: name or address, with the port where it is not the scheme's own
    host: str
    bucket: str

    def __str__(self) -> str:
        return f"s3+http{'s' if self.secure else ''}://{self.host}/{self.bucket}"


def _directory(parts: SplitResult) -> Path:
    path = Path(unquote(parts.path))
    if parts.netloc or parts.query or parts.fragment or not path.is_absolute() or path == Path("/"):
        raise Misconfigured(
            "HANYIN_STORAGE_URL：目录请写成 file:///绝对/路径",
            "HANYIN_STORAGE_URL: write a directory as file:///absolute/path",
        )
    return path


def _place(parts: SplitResult) -> _Place:
    if "@" in parts.netloc:
        raise Misconfigured(
            "HANYIN_STORAGE_URL 含有账号密码；请写在 "
            "HANYIN_STORAGE_ACCESS_KEY 和 HANYIN_STORAGE_SECRET_KEY 中",
            "HANYIN_STORAGE_URL holds credentials; they belong into HANYIN_STORAGE_ACCESS_KEY and"
            " HANYIN_STORAGE_SECRET_KEY",
        )
    bucket = parts.path.strip("/")
    if not _BUCKET.fullmatch(bucket) or parts.query or parts.fragment:
        raise Misconfigured(
            "HANYIN_STORAGE_URL：存储桶请写成 s3+https://host:port/bucket",
            "HANYIN_STORAGE_URL: write a bucket as s3+https://host:port/bucket",
        )
    return _Place(secure=parts.scheme == "s3+https", host=_host(parts), bucket=bucket)


def _host(parts: SplitResult) -> str:
    try:
        port = parts.port
    except ValueError as error:
        raise Misconfigured(
            "HANYIN_STORAGE_URL：端口不是 65535 以内的数字",
            "HANYIN_STORAGE_URL: the port is no number up to 65535",
        ) from error
    if not parts.hostname:
        raise Misconfigured("HANYIN_STORAGE_URL 没有主机名", "HANYIN_STORAGE_URL names no host")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{host}:{port}" if port else host


def _credentials(access_key: str | None, secret_key: str | None) -> tuple[str, str]:
    if not access_key or not secret_key:
        raise Misconfigured(
            "S3 存储需要 HANYIN_STORAGE_ACCESS_KEY 和 HANYIN_STORAGE_SECRET_KEY",
            "an S3 store needs HANYIN_STORAGE_ACCESS_KEY and HANYIN_STORAGE_SECRET_KEY",
        )
    return access_key, secret_key
