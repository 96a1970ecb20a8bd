"""Files attached to archived documents: pinned in the ledger, then stored, then recorded.

Whoever is killed in between leaves the bytes in the ledger; reconcile finds them there.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from archive.keys import digest_of
from archive.scans import cleaned, examine
from ledger import attachments, documents, trail
from ledger.attachments import PinnedAttachment
from ledger.database import Database
from schemas.codes import Problem
from schemas.documents import AttachedFile, AttachmentRole
from schemas.errors import Invalid, Misconfigured, Unavailable
from schemas.sentence import Sentence
from workers.clock import Clock
from workers.shelving import Shelf

#: files that are stored in one round
_BATCH = 20


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What became of a file that was brought."""

    #: False where the document had the same bytes already
    new: bool
    #: False where the store is away: reconcile stores it later
    stored: bool


def read_scan(
    content: bytes, *, name: str, role: AttachmentRole, brought_by: str, limit: int
) -> AttachedFile:
    """The file as it will stand with its document. Raises ``Invalid`` (``archive.scans``)."""
    scan = examine(content, limit=limit)
    return AttachedFile(
        role=role,
        media_type=scan.media_type,
        content=content,
        sha256=digest_of(content),
        pages=scan.pages,
        file_name=cleaned(name),
        brought_by=brought_by,
    )


def attach(
    database: Database, shelf: Shelf, document_id: str, file: AttachedFile, *, clock: Clock
) -> Outcome:
    """``file`` stands with the document, once, and is stored where the store answers.

    Raises ``Invalid`` (document_not_archived).
    """
    with database.writing() as connection:
        new = _add(connection, document_id, file, clock)
    with database.reading() as connection:
        pinned = attachments.pinned_of(connection, document_id)
    try:
        _store(database, shelf, pinned, clock)
    except Unavailable:
        return Outcome(new=new, stored=False)
    return Outcome(new=new, stored=True)


def store_loose(database: Database, shelf: Shelf, *, clock: Clock) -> int:
    """Attachments that were left in the ledger are stored; how many.

    One that the store refuses holds up none behind it. Raises ``Unavailable``, also for the
    refused ones once the others are stored.
    """
    refused: dict[str, Sentence] = {}
    stored = 0
    while pinned := _loose(database, but_for=refused):
        for attachment in pinned:
            try:
                _store(database, shelf, [attachment], clock)
                stored += 1
            except Misconfigured as error:
                refused[attachment.attachment_id] = error.sentence
    if refused:
        said = Sentence.joined(refused.values())
        raise Unavailable(said.zh, said.en)
    return stored


def _loose(database: Database, *, but_for: Iterable[str]) -> Sequence[PinnedAttachment]:
    with database.reading() as connection:
        return attachments.loose(connection, limit=_BATCH, but_for=but_for)


def _add(connection: Connection, document_id: str, file: AttachedFile, clock: Clock) -> bool:
    now = clock()
    row = documents.get(connection, document_id)
    if row is None or row["storage_key"] is None:
        raise Invalid([Problem.of("/number", "document_not_archived")])
    attachment_id = attachments.add(connection, document_id, file, at=now)
    if attachment_id is None:
        return False
    trail.note(
        connection,
        at=now,
        actor="operator",
        action="document_attached",
        subject=document_id,
        details={"attachment_id": attachment_id, "role": file.role, "sha256": file.sha256},
    )
    return True


def _store(
    database: Database, shelf: Shelf, pinned: Sequence[PinnedAttachment], clock: Clock
) -> None:
    for attachment in pinned:
        stored = shelf.put_attachment(attachment)
        with database.writing() as connection:
            attachments.record(connection, stored, at=clock())
