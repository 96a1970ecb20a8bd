"""Documents that failed: found by kind, agency and when they failed."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from ledger.lives import LifeAction
from ledger.tables import documents, trail
from schemas.documents import DocumentKind, DocumentState


@dataclass(frozen=True, kw_only=True)
class FailureQuery:
    """Which failed documents are wanted; by default all."""

    #: empty: of any kind
    kinds: Collection[DocumentKind] = ()
    agency: str | None = None
    #: aware; those that failed then or later
    since: datetime | None = None


def failed(connection: Connection, query: FailureQuery) -> list[dict[str, Any]]:
    """The documents in state ``failed``, by agency, series, year and number.

    Each with document_id, number, agency, kind, case_no, state and error.
    """
    names = ("document_id", "number", "agency", "kind", "case_no", "state", "error")
    wanted = (
        select(*(documents.c[name] for name in names))
        .where(documents.c.state == DocumentState.FAILED)
        .order_by(documents.c.agency, documents.c.series, documents.c.year, documents.c.seq)
    )
    if query.kinds:
        wanted = wanted.where(documents.c.kind.in_(sorted(query.kinds)))
    if query.agency is not None:
        wanted = wanted.where(documents.c.agency == query.agency)
    if query.since is not None:
        recent = select(trail.c.subject).where(
            trail.c.subject == documents.c.document_id,
            trail.c.action == LifeAction.FAILED,
            trail.c.at >= query.since,
        )
        wanted = wanted.where(recent.exists())
    return [dict(row._mapping) for row in connection.execute(wanted)]  # noqa: SLF001
