"""Renditions: what the archive adds beside sealed documents, found, pinned once, stored.

A rendition has the number that follows the last one of its document; the ledger takes a number
once, so of two that raise the same document one comes too late and drops what it made.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, and_, case, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from ledger.tables import documents, renditions
from schemas.documents import Issuer, Rendition, StoredObject
from schemas.levels import SealLevel


@dataclass(frozen=True, kw_only=True)
class Raisable:
    """A stored document that is below its level, whose last time stamp ends, or half raised."""

    document_id: str
    number: str
    agency: str
    issuer: Issuer
    year: int
    level: SealLevel
    wanted: SealLevel
    retain_until: date
    #: the sealed file's
    sealed_sha256: str
    #: what is built on: the sealed file, or the last rendition
    base: StoredObject
    #: the number of the rendition to make
    seq: int
    #: True where it has its level and is only to be stamped again
    renews: bool


@dataclass(frozen=True, kw_only=True)
class Pinned:
    """A rendition that is made and not stored yet."""

    document_id: str
    number: str
    agency: str
    year: int
    seq: int
    sha256: str
    level: SealLevel
    retain_until: date
    content: bytes = field(repr=False)


def raisable(
    connection: Connection,
    *,
    renew_before: datetime,
    at_least: SealLevel = SealLevel.B_B,
    agency: str | None = None,
    year: int | None = None,
    limit: int | None = None,
) -> list[Raisable]:
    """Stored documents below the level that was wanted, or ``at_least``, the oldest first.

    And those of B-LTA whose last time stamp's authority ends before ``renew_before``.
    """
    last = _last()
    level = func.coalesce(last.c.level, documents.c.level)
    until = func.coalesce(last.c.stamp_until, documents.c.stamp_until)
    below = or_(_rank(level) < _rank(documents.c.level_wanted), _rank(level) < at_least.rank)
    ends = and_(level == SealLevel.B_LTA, until < renew_before)
    query = (
        select(
            documents,
            last.c.seq.label("last_seq"),
            last.c.level.label("last_level"),
            last.c.sha256.label("last_sha256"),
            last.c.size.label("last_size"),
            last.c.storage_key.label("last_key"),
            last.c.version_id.label("last_version"),
        )
        .outerjoin(last, last.c.document_id == documents.c.document_id)
        .where(
            documents.c.storage_key.is_not(None),
            or_(last.c.seq.is_(None), last.c.storage_key.is_not(None)),
            or_(below, ends),
        )
        .order_by(documents.c.archived_at, documents.c.document_id)
        .limit(limit)
    )
    for column, value in ((documents.c.agency, agency), (documents.c.year, year)):
        if value is not None:
            query = query.where(column == value)
    return [_raisable(row, at_least) for row in connection.execute(query)]


def pinned(connection: Connection, limit: int | None = None) -> list[Pinned]:
    """Renditions that a process made and did not come to store."""
    query = (
        select(renditions, documents.c.number, documents.c.agency, documents.c.year)
        .add_columns(documents.c.retain_until)
        .join(documents, documents.c.document_id == renditions.c.document_id)
        .where(renditions.c.pinned.is_not(None))
        .order_by(renditions.c.document_id, renditions.c.seq)
        .limit(limit)
    )
    return [
        Pinned(
            document_id=row.document_id,
            number=row.number,
            agency=row.agency,
            year=row.year,
            seq=row.seq,
            sha256=row.sha256,
            level=SealLevel(row.level),
            retain_until=row.retain_until,
            content=row.pinned,
        )
        for row in connection.execute(query)
    ]


def pin(connection: Connection, of: Raisable, made: Rendition, *, at: datetime) -> bool:
    """``made`` is the document's next rendition, for good; False where another one is already."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    taken = connection.execute(
        dialect.insert(renditions)
        .values(
            document_id=of.document_id,
            seq=of.seq,
            base_sha256=of.base.sha256,
            sha256=made.sha256,
            size=len(made.content),
            level=made.level,
            stamp_until=made.stamp_until,
            made_at=at,
            pinned=made.content,
        )
        .on_conflict_do_nothing()
        # a count of rows is not to be had from every driver
        .returning(renditions.c.seq)
    )
    return taken.first() is not None


def stored(
    connection: Connection, document_id: str, seq: int, found: StoredObject, *, at: datetime
) -> None:
    """The rendition lies in the archive; its pinned bytes are dropped. Idempotent."""
    connection.execute(
        update(renditions)
        .where(
            renditions.c.document_id == document_id,
            renditions.c.seq == seq,
            renditions.c.pinned.is_not(None),
        )
        .values(storage_key=found.key, version_id=found.version_id, stored_at=at, pinned=None)
    )


def listing(
    connection: Connection, *, agency: str | None = None, year: int | None = None
) -> list[dict[str, Any]]:
    """Every stored rendition, with its document's number: for fixity and the search for orphans."""
    columns = [column for column in renditions.c if column.name != "pinned"]
    query = (
        select(*columns, documents.c.number, documents.c.agency, documents.c.year)
        .join(documents, documents.c.document_id == renditions.c.document_id)
        .where(renditions.c.storage_key.is_not(None))
        .order_by(documents.c.agency, documents.c.year, documents.c.seq, renditions.c.seq)
    )
    for column, value in ((documents.c.agency, agency), (documents.c.year, year)):
        if value is not None:
            query = query.where(column == value)
    return [dict(row._mapping) for row in connection.execute(query)]  # noqa: SLF001


def of_documents(connection: Connection, ids: Iterable[str]) -> dict[str, list[dict[str, Any]]]:
    """Document id → its renditions, the oldest first."""
    columns = [column for column in renditions.c if column.name != "pinned"]
    query = (
        select(*columns)
        .where(renditions.c.document_id.in_(list(ids)))
        .order_by(renditions.c.document_id, renditions.c.seq)
    )
    found: dict[str, list[dict[str, Any]]] = {}
    for row in connection.execute(query):
        found.setdefault(row.document_id, []).append(dict(row._mapping))  # noqa: SLF001
    return found


def _last() -> Any:
    """The last rendition of each document."""
    newest = (
        select(renditions.c.document_id, func.max(renditions.c.seq).label("seq"))
        .group_by(renditions.c.document_id)
        .subquery()
    )
    return (
        select(*(column for column in renditions.c if column.name != "pinned"))
        .join(
            newest,
            and_(
                newest.c.document_id == renditions.c.document_id, newest.c.seq == renditions.c.seq
            ),
        )
        .subquery()
    )


def _rank(column: Any) -> Any:
    return case({level.value: level.rank for level in SealLevel}, value=column, else_=0)


def _raisable(row: Any, at_least: SealLevel) -> Raisable:
    level = SealLevel(row.last_level or row.level or SealLevel.B_B)
    wanted = max(SealLevel(row.level_wanted or SealLevel.B_B), at_least, key=lambda w: w.rank)
    raised = row.last_seq is not None
    return Raisable(
        document_id=row.document_id,
        number=row.number,
        agency=row.agency,
        issuer=Issuer(row.issuer),
        year=row.year,
        level=level,
        wanted=wanted,
        retain_until=row.retain_until,
        sealed_sha256=row.sealed_sha256,
        base=StoredObject(
            key=row.last_key if raised else row.storage_key,
            version_id=row.last_version if raised else row.version_id,
            sha256=row.last_sha256 if raised else row.sealed_sha256,
            size=row.last_size if raised else row.size,
        ),
        seq=(row.last_seq or 0) + 1,
        renews=level.reaches(wanted),
    )
