"""Files that stand with a document: pinned here first, stored afterwards, listed with it.

Their bytes are in the ledger from the transaction that adds them to the one that records where
they are stored, so that whoever is killed in between loses nothing; the same bytes are added to
a document once.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, bindparam, func, insert, select, update

from ledger.tables import attachments, documents
from schemas.documents import AttachedFile, StoredObject
from schemas.identifiers import new_id

#: document ids in one query; a database takes some ten thousand values at a time
_AT_ONCE = 1000

# what each letter asks is built once, with values apart
_LOCK_DOCUMENT = (
    select(documents.c.document_id)
    .where(documents.c.document_id == bindparam("of_document"))
    .with_for_update()
)
_THERE = select(attachments.c.sha256, attachments.c.position).where(
    attachments.c.document_id == bindparam("of_document")
)
_RECORD = (
    update(attachments)
    .where(attachments.c.attachment_id == bindparam("this"), attachments.c.pinned.is_not(None))
    .values(pinned=None)
)


@dataclass(frozen=True, kw_only=True)
class PinnedAttachment:
    """An attachment whose bytes still have to be stored, and where its document's are."""

    attachment_id: str
    document_id: str
    agency: str
    #: of its document's number
    year: int
    #: its document's date of issue, from which the years of keeping count
    issued_on: date
    media_type: str
    sha256: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class StoredAttachment:
    """An attachment and where it is stored now."""

    attachment_id: str
    place: StoredObject
    retain_until: date


def add(
    connection: Connection, document_id: str, file: AttachedFile, *, at: datetime
) -> str | None:
    """``file`` stands with its document, its bytes pinned; the new id.

    None where the document has an attachment of the same bytes already: nothing was changed.
    The document is locked.
    """
    mine = {"of_document": document_id}
    connection.execute(_LOCK_DOCUMENT, mine).one()
    places = {row.sha256: row.position for row in connection.execute(_THERE, mine)}
    if file.sha256 in places:
        return None
    attachment_id = new_id()
    connection.execute(
        insert(attachments),
        {
            "attachment_id": attachment_id,
            "document_id": document_id,
            "position": max(places.values(), default=0) + 1,
            "role": file.role,
            "media_type": file.media_type,
            "sha256": file.sha256,
            "size": len(file.content),
            "pages": file.pages,
            "file_name": file.file_name,
            "brought_by": file.brought_by,
            "template_sha256": file.template_sha256,
            "added_at": at,
            "pinned": file.content,
        },
    )
    return attachment_id


def pinned_of(connection: Connection, document_id: str) -> list[PinnedAttachment]:
    """The document's attachments that are not stored yet, in their order."""
    return _pinned(connection, attachments.c.document_id == document_id)


def loose(
    connection: Connection, *, limit: int, but_for: Iterable[str] = ()
) -> list[PinnedAttachment]:
    """Attachments that are not stored yet and that no production of their document will store.

    Those whose ids are in ``but_for`` are left out.
    """
    others = attachments.c.attachment_id.not_in(list(but_for))
    return _pinned(connection, and_(_is_loose(), others), limit=limit)


def count_loose(connection: Connection) -> int:
    """How many attachments wait to be stored beside those of documents in production."""
    query = (
        select(func.count())
        .select_from(attachments.join(documents))
        .where(attachments.c.pinned.is_not(None), _is_loose())
    )
    return int(connection.execute(query).scalar_one())


def record(connection: Connection, stored: StoredAttachment, *, at: datetime) -> bool:
    """Where it is stored is on record and its pinned bytes are dropped; False where it was so."""
    changed = connection.execute(
        _RECORD,
        {
            "this": stored.attachment_id,
            "storage_key": stored.place.key,
            "version_id": stored.place.version_id,
            "retain_until": stored.retain_until,
            "archived_at": at,
        },
    )
    return changed.rowcount == 1


def of_documents(
    connection: Connection, document_ids: Iterable[str]
) -> dict[str, list[dict[str, Any]]]:
    """The rows of these documents' attachments, without bytes: document id → in their order."""
    columns = [column for column in attachments.c if column.name != "pinned"]
    query = select(*columns).order_by(attachments.c.document_id, attachments.c.position)
    wanted = sorted(set(document_ids))
    found: dict[str, list[dict[str, Any]]] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        some = attachments.c.document_id.in_(wanted[start : start + _AT_ONCE])
        for row in connection.execute(query.where(some)):
            found.setdefault(row.document_id, []).append(dict(row._mapping))  # noqa: SLF001
    return found


def _is_loose() -> ColumnElement[bool]:
    """The document's own bytes are stored (or there will be none): its production is over."""
    return and_(documents.c.sealed_sha256.is_not(None), documents.c.pinned.is_(None))


def _pinned(
    connection: Connection, which: ColumnElement[bool], *, limit: int | None = None
) -> list[PinnedAttachment]:
    query = (
        select(attachments, documents.c.agency, documents.c.year, documents.c.issued_on)
        .join(documents)
        .where(attachments.c.pinned.is_not(None), which)
        # ids are in the order of their making, and the index of what is pinned is in theirs
        .order_by(attachments.c.attachment_id)
        .limit(limit)
    )
    return [_one(row) for row in connection.execute(query)]


def _one(row: Row[Any]) -> PinnedAttachment:
    names = [name for name in PinnedAttachment.__dataclass_fields__ if name != "content"]
    return PinnedAttachment(content=row.pinned, **{name: getattr(row, name) for name in names})
