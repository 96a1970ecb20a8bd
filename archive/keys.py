"""Keys of objects: ``<agency>/<year>/<document id>/<sha256>.pdf``, attachments beside it.

Renditions stand below their document: ``…/<document id>/rendition-<number>/<sha256>.pdf``.

A key holds codes and digests, nothing personal. Its last part is the digest of the bytes, so that
an object can be checked without the ledger.
"""

import hashlib
import re

from schemas.errors import DigestMismatch

#: One part of a key: no leading dot, so neither ``..`` nor a hidden name is possible.
_PART = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,199}")

#: Bytes; S3's limit for a whole key.
_LONGEST = 1024

#: Probe objects lie below this prefix; it is no valid key, so no document can, and ``walk``
#: passes it by.
PROBE_PREFIX = ".probe/"


#: media type → what the key of such an object ends in
SUFFIXES = {
    "application/pdf": "pdf",
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/tiff": "tif",
}


def object_key(
    *,
    agency: str,
    year: int,
    document_id: str,
    sha256: str,
    media_type: str = "application/pdf",
) -> str:
    """The key of a sealed document or of what is attached to it; ``year`` is its number's."""
    return check_key(f"{agency}/{year:04d}/{document_id}/{sha256}.{SUFFIXES[media_type]}")


def rendition_key(*, agency: str, year: int, document_id: str, seq: int, sha256: str) -> str:
    """The key of what the archive added beside a sealed document, the ``seq``-th time."""
    return check_key(f"{agency}/{year:04d}/{document_id}/rendition-{seq}/{sha256}.pdf")


def is_key(key: str) -> bool:
    """Whether ``key`` stays in the archive and hides nothing."""
    return len(key) <= _LONGEST and all(_PART.fullmatch(part) for part in key.split("/"))


def check_key(key: str) -> str:
    """``key`` itself; ValueError where it is none."""
    if not is_key(key):
        raise ValueError(f"not a key of the archive: {key[:80]!r}")
    return key


def check_prefix(prefix: str) -> str:
    """``prefix`` itself; ValueError where no key can begin with it."""
    if prefix:
        check_key(prefix.removesuffix("/"))
    return prefix


def digest_of(content: bytes) -> str:
    """SHA-256 of ``content``, lower-case hex."""
    return hashlib.sha256(content).hexdigest()


def check_digest(key: str, content: bytes, sha256: str) -> None:
    """``content`` has the digest ``sha256``; else raises ``DigestMismatch``."""
    found = digest_of(content)
    if found != sha256:
        raise DigestMismatch(key, expected=sha256, found=found)
