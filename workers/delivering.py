"""What is handed out is what was asked for: the object is its document's, and its seal says so.

A ledger that somebody rewrote may name another letter's object, digest and all. Objects lie under
the ids of their documents, where nobody but this program puts any, and a seal names its number.
"""

from archive import Archive
from archive.keys import check_digest, object_key, rendition_key
from ledger.holdings import Held
from schemas.errors import ObjectMissing, WrongLetter
from signing.naming import number_named


def fetch(archive: Archive, held: Held) -> bytes:
    """The bytes of the letter, rendition or attachment that ``held`` names, and no other's.

    Raises ``WrongLetter``, ``DigestMismatch``, ``ObjectMissing`` or ``Unavailable``.
    """
    try:
        key = key_of(held)
    except (KeyError, ValueError):
        raise WrongLetter(held.number, "-") from None
    if held.storage_key is None:
        raise ObjectMissing(key)
    if held.storage_key != key:
        raise WrongLetter(held.number, held.storage_key)
    content = archive.get(key, held.version_id)
    require_own(held, content)
    return content


def require_own(held: Held, content: bytes) -> None:
    """``content`` has the digest on record, and its seal names the number.

    Raises ``DigestMismatch`` or ``WrongLetter``.
    """
    check_digest(key_of(held), content, held.sha256)
    if held.sealed and (found := number_named(content)) != held.number:
        raise WrongLetter(held.number, found or "-")


def key_of(held: Held) -> str:
    """The only key under which this program stores what ``held`` names."""
    if held.seq is not None:
        return rendition_key(
            agency=held.agency,
            year=held.year,
            document_id=held.document_id,
            seq=held.seq,
            sha256=held.sha256,
        )
    return object_key(
        agency=held.agency,
        year=held.year,
        document_id=held.document_id,
        sha256=held.sha256,
        media_type=held.media_type,
    )
