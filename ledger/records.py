"""Documents looked up by number, for whoever holds a letter and asks whether it is ours."""

from sqlalchemy import ColumnElement, Connection, Row, or_, select

from ledger.tables import documents
from schemas.documents import DocumentState
from schemas.records import Record, RecordStanding


def records_of(connection: Connection, number: str) -> list[Record]:
    """Every document with this number; agencies may have series of the same name."""
    query = select(documents).where(documents.c.number == number)
    return [_record(connection, row) for row in connection.execute(query).all()]


def _record(connection: Connection, row: Row[tuple[object, ...]]) -> Record:
    successor = connection.execute(
        select(documents.c.number)
        .where(_stands_for(row), documents.c.state != DocumentState.VOID)
        .order_by(documents.c.planned_at.desc())
    ).scalar()
    if successor is not None:
        standing = RecordStanding.REPLACED
    elif row.state == DocumentState.VOID:
        standing = RecordStanding.VOID
    else:
        standing = RecordStanding.IN_FORCE
    return Record(
        number=row.number, sha256=row.sealed_sha256, standing=standing, replaced_by=successor
    )


def _stands_for(row: Row[tuple[object, ...]]) -> ColumnElement[bool]:
    """The document that names this one as what it replaces, or is named by it."""
    return or_(documents.c.replaces == row.document_id, documents.c.document_id == row.replaced_by)
