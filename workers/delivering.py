"""What is handed out is what was asked for: the object is its document's, and its seal says so.

A ledger that somebody rewrote may name another letter's object, digest and all. Objects lie under
the ids of their documents, where nobody but this program puts any, and a seal names its number.
"""

from collections.abc import Callable

from archive import Archive
from archive.keys import check_digest, object_key, rendition_key
from ledger.holdings import Held
from schemas.errors import ObjectMissing, WrongLetter
from signing.naming import number_named

#: how the number that a seal names is read from the file
Reading = Callable[[bytes], str | None]


def fetch(archive: Archive, held: Held, *, reading: Reading = number_named) -> bytes:
    """The bytes of the letter, rendition or attachment that ``held`` names, and no other's.

    Nobody waits for the strict ``reading`` (``signing.statement``) where letters leave by the
    thousand. Raises ``WrongLetter``, ``DigestMismatch``, ``ObjectMissing`` or ``Unavailable``.
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
    check_digest(key, content, held.sha256)
    if held.sealed and (found := reading(content)) != held.number:
        raise WrongLetter(held.number, found or "-")
    return content


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
