"""Objects that are put once: the port; ``directory`` and ``s3`` are its adapters.

``opening`` chooses the adapter by the storage URL, ``keys`` says what an object's key looks like,
``fixity`` reads objects again, ``probe`` proves the lock on the real store.
"""

from collections.abc import Iterator
from datetime import date
from typing import Literal, Protocol

from schemas.documents import StoredObject

#: COMPLIANCE: nobody deletes before the end, not the account's owner either. GOVERNANCE: whoever
#: has the right ``s3:BypassGovernanceRetention`` may.
LockMode = Literal["COMPLIANCE", "GOVERNANCE"]


class Archive(Protocol):
    """Write-once storage of sealed documents, addressed by key and version id.

    Every method raises ``Unavailable`` where the store does not answer, ``Misconfigured`` where it
    answers that it does not let us, and ValueError for a key that ``keys.check_key`` refuses.
    """

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
        """``content`` lies under ``key`` durably, locked until ``retain_until`` if the store can.

        The lock ends with that day in Asia/Shanghai. Idempotent: where the key already holds an
        object with the same digest, that object is returned (adopted), its lock extended if it
        ends earlier, and nothing is written. Raises ``DigestMismatch`` where any version of the
        key holds other bytes, or where ``content`` does not have the digest ``sha256``.

        ``new``: the caller made these bytes a moment ago and never put them, and the key tells
        their digest, so that it need not be looked for what is there. Beside a ledger that was
        restored to before the same bytes were put, they lie there in two versions.
        """

    def get(self, key: str, version_id: str | None) -> bytes:
        """The bytes of that very version. Raises ``ObjectMissing``."""

    def stat(self, key: str, version_id: str | None) -> StoredObject | None:
        """What is stored there, or None; the digest is read from the bytes or the store's own."""

    def retained_until(self, key: str, version_id: str | None) -> date | None:
        """The last day of the object's retention; None where nothing is kept from deletion.

        Raises ``ObjectMissing``.
        """

    def walk(self, prefix: str = "") -> Iterator[StoredObject]:
        """Every object (every version) whose key begins with ``prefix``, in key order."""

    def close(self) -> None:
        """Connections are given back; the archive is not used again."""
