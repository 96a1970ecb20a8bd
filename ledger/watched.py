"""Which documents' deadlines are looked at, and when: a queue that is short however many are done.

A document is in it from the moment in which a deadline begins to run. Whatever may change that
brings it to the front again (``look_again``); a look leaves it with the day after its next
deadline, or takes it out where no deadline runs.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Date,
    bindparam,
    delete,
    literal,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from cases.kinds import SERVED
from ledger.pages import paged
from ledger.tables import documents, watched
from schemas.documents import DocumentKind, DocumentState

#: sorts before every day: looked at now, whatever the clock says
NOW = date(1970, 1, 1)
#: states of a document that can be handed out
READY = [DocumentState.ARCHIVED, DocumentState.ANNOUNCED]
#: kinds that a deadline can run for
KINDS = sorted({*SERVED, DocumentKind.AUDIT_OPINION, DocumentKind.STOP_PAYMENT_LETTER})

# what each event and each letter asks is built once, with values apart
_OF_CASE = (
    documents.c.agency == bindparam("of_agency"),
    documents.c.case_no == bindparam("of_case"),
    documents.c.state.in_([*READY, DocumentState.VOID]),
)
_THESE = (documents.c.document_id.in_(bindparam("these", expanding=True)),)
_DUE = (
    select(watched.c.document_id)
    .where(watched.c.look_on <= bindparam("today"))
    .order_by(watched.c.look_on, watched.c.document_id)
)
_MINE = watched.c.document_id.in_(bindparam("these", expanding=True))
_LOCK = (
    select(watched.c.document_id)
    .where(_MINE, watched.c.look_on <= bindparam("today"))
    .order_by(watched.c.document_id)
    .with_for_update(skip_locked=True)
)
_LATER = (
    update(watched)
    .where(watched.c.document_id == bindparam("this"))
    .values(look_on=bindparam("next_day"))
)


def look_again(connection: Connection, agency: str, case_no: str) -> None:
    """The case's documents are looked at: what it owes or what was said of them has changed."""
    _bring_forward(connection, _OF_CASE, {"of_agency": agency, "of_case": case_no})


def look_at(connection: Connection, document_ids: Collection[str]) -> None:
    """These documents are looked at, where their kind has deadlines: one may begin to run."""
    if document_ids:
        _bring_forward(connection, _THESE, {"these": sorted(document_ids)})


def look_at_all(connection: Connection) -> None:
    """All that is watched is looked at now: terms and holidays may be others since."""
    connection.execute(update(watched).where(watched.c.look_on > NOW).values(look_on=NOW))


def archived_since(connection: Connection, moment: datetime) -> list[str]:
    """The ids of documents archived since then that a deadline can run for."""
    query = select(documents.c.document_id).where(
        documents.c.kind.in_(KINDS), documents.c.archived_at >= moment
    )
    return list(connection.execute(query).scalars())


def due(connection: Connection, *, today: date, limit: int | None = None) -> list[str]:
    """The ids of the documents that are to be looked at, the longest waiting first."""
    return list(connection.execute(_DUE.limit(limit), {"today": today}).scalars())


def due_pages(connection: Connection, *, today: date) -> Iterator[list[str]]:
    """All of ``due``, a page at a time."""
    key = (watched.c.look_on, watched.c.document_id)
    for page in paged(connection, select(*key).where(watched.c.look_on <= today), key):
        yield [row.document_id for row in page]


def lock(connection: Connection, document_ids: Collection[str], *, today: date) -> list[str]:
    """Those of them that are still to be looked at and that nobody else looks at or changes.

    The place in the queue is locked before the document: an event that changes the case meanwhile
    puts the document back behind this transaction.
    """
    mine = connection.execute(_LOCK, {"these": document_ids, "today": today}).scalars().all()
    query = (
        select(documents.c.document_id)
        .where(documents.c.document_id.in_(mine))
        .order_by(documents.c.document_id)
        .with_for_update(skip_locked=True)
    )
    return list(connection.execute(query).scalars())


def put_back(connection: Connection, next_days: Sequence[tuple[str, date]]) -> None:
    """Each document is looked at again on its day."""
    rows = [{"this": document_id, "next_day": day} for document_id, day in next_days]
    if rows:
        connection.execute(_LATER, rows)


def take_out(connection: Connection, document_ids: Collection[str]) -> None:
    """No deadline runs for these documents."""
    if document_ids:
        connection.execute(delete(watched).where(watched.c.document_id.in_(sorted(document_ids))))


def _bring_forward(
    connection: Connection, which: tuple[ColumnElement[bool], ...], values: Mapping[str, Any]
) -> None:
    connection.execute(_to_the_front(connection.dialect.name, which), values)


@cache
def _to_the_front(dialect: str, which: tuple[ColumnElement[bool], ...]) -> Any:
    found = (
        select(documents.c.document_id, literal(NOW, Date()))
        .where(*which, documents.c.kind.in_(KINDS))
        # the order of locks
        .order_by(documents.c.document_id)
    )
    insert = (postgresql if dialect == "postgresql" else sqlite).insert(watched)
    return insert.from_select(["document_id", "look_on"], found).on_conflict_do_update(
        index_elements=["document_id"], set_={"look_on": NOW}
    )
