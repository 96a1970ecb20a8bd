"""The objects that the ledger names, and those whose bytes it still holds."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, bindparam, literal, select

from ledger.tables import attachments, documents, renditions


@dataclass(frozen=True, kw_only=True)
class Held:
    """A sealed document, an attachment or a rendition, void documents' too."""

    agency: str
    #: of its document's number
    year: int
    number: str
    document_id: str
    sha256: str
    media_type: str
    #: of a rendition; None for what is none
    seq: int | None
    #: True for a letter and its renditions, False for what is attached to it
    sealed: bool
    #: None while its bytes are pinned in the ledger
    storage_key: str | None
    version_id: str | None
    retain_until: date | None


def held(
    connection: Connection, *, agency: str | None = None, year: int | None = None
) -> Iterator[Held]:
    """Everything that has an object or will have one; ``year`` is that of documents' numbers."""
    those: list[ColumnElement[bool]] = [documents.c.sealed_sha256.is_not(None)]
    if agency is not None:
        those.append(documents.c.agency == agency)
    if year is not None:
        those.append(documents.c.year == year)
    yield from _documents(connection, those)
    yield from _attachments(connection, those)
    yield from _renditions(connection, those)


def of_documents(connection: Connection, ids: Iterable[str]) -> Iterator[Held]:
    """Everything that stands with these documents and has an object or will have one."""
    those: list[ColumnElement[bool]] = [
        documents.c.sealed_sha256.is_not(None),
        documents.c.document_id.in_(sorted(ids)),
    ]
    yield from _documents(connection, those)
    yield from _attachments(connection, those)
    yield from _renditions(connection, those)


def letters(connection: Connection, ids: Iterable[str]) -> dict[str, Held]:
    """The sealed letters among these documents, by document id."""
    found = connection.execute(_LETTERS, {"these": sorted(ids)})
    return {row.document_id: _held(row) for row in found}


def known_documents(connection: Connection) -> set[str]:
    """The ids of all documents, whatever became of them."""
    return set(connection.execute(select(documents.c.document_id)).scalars())


_OF_DOCUMENT = (
    documents.c.agency,
    documents.c.year,
    documents.c.number,
    documents.c.document_id,
    documents.c.retain_until,
)
_PDF = literal("application/pdf").label("media_type")
_NO_SEQ = literal(None).label("seq")
_SEALED, _NOT_SEALED = literal(value=True).label("sealed"), literal(value=False).label("sealed")
_OF_LETTER = select(
    *_OF_DOCUMENT,
    documents.c.storage_key,
    documents.c.version_id,
    documents.c.sealed_sha256.label("sha256"),
    _PDF,
    _NO_SEQ,
    _SEALED,
)
# built once, with values apart: the relay asks it for each batch
_LETTERS = _OF_LETTER.where(
    documents.c.sealed_sha256.is_not(None),
    documents.c.document_id.in_(bindparam("these", expanding=True)),
)


def _documents(connection: Connection, those: list[ColumnElement[bool]]) -> Iterator[Held]:
    return map(_held, connection.execute(_OF_LETTER.where(*those)))


def _attachments(connection: Connection, those: list[ColumnElement[bool]]) -> Iterator[Held]:
    own = (attachments.c.storage_key, attachments.c.version_id, attachments.c.sha256)
    query = select(*_OF_DOCUMENT, *own, attachments.c.media_type, _NO_SEQ, _NOT_SEALED)
    return map(_held, connection.execute(query.join_from(documents, attachments).where(*those)))


def _renditions(connection: Connection, those: list[ColumnElement[bool]]) -> Iterator[Held]:
    own = (renditions.c.storage_key, renditions.c.version_id, renditions.c.sha256)
    query = select(*_OF_DOCUMENT, *own, _PDF, renditions.c.seq, _SEALED)
    return map(_held, connection.execute(query.join_from(documents, renditions).where(*those)))


def _held(row: Row[Any]) -> Held:
    return Held(**row._mapping)  # noqa: SLF001
