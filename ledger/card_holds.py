"""Cards that another case holds stopped: what may leave about them, and what it names (G5).

A card is its account number, whatever case and agency of the installation a stop letter is of. A
release is not made while another case holds its card; what is made names the other stops.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, FromClause, and_, bindparam, exists, or_, select

from cases.kinds import ENDS
from ledger.tables import documents
from schemas.documents import DocumentKind, DocumentState

_ENDS = sorted(ENDS)


@cache
def is_held_back() -> ColumnElement[bool]:
    """A release, not sealed yet, of a card that another case holds stopped.

    Not by a stop that itself waits for this release: that one holds nothing yet.
    """
    other = documents.alias("other_stop")
    end = documents.alias("its_end")
    counts = or_(end.c.state != DocumentState.VOID, end.c.leaving_at.is_not(None))
    holds = exists().where(
        _is_anothers(other, documents),
        or_(other.c.waits_for.is_(None), other.c.waits_for != documents.c.document_id),
        ~exists().where(end.c.about == other.c.document_id, end.c.kind.in_(_ENDS), counts),
    )
    return and_(
        documents.c.kind == DocumentKind.RELEASE_PAYMENT_LETTER,
        documents.c.sealed_sha256.is_(None),
        holds,
    )


def held_back(connection: Connection, document_ids: Sequence[str]) -> set[str]:
    """Those of the documents, locked by the caller, that may not be made now."""
    return set(connection.execute(_held_back_query(), {"these": document_ids}).scalars())


def others_stops(connection: Connection, document_id: str) -> list[tuple[str, str]]:
    """Agency and number of other cases' stops of the document's card that no bank saw ended."""
    found = connection.execute(_others_query(), {"mine": document_id})
    return [(row.agency, row.number) for row in found]


def last_end_on_its_way(
    connection: Connection, agency: str, case_no: str, account_number: str
) -> str | None:
    """The latest letter of another case that ends a stop of the card and cannot name a new one.

    It is being made or is made, and has not left. Those that are still to be made stay locked:
    their making begins after this transaction, and finds the stop that it plans.
    """
    values = {"agency": agency, "case_no": case_no, "account": account_number}
    rows = connection.execute(_unsent_query(), values).all()
    begun = [row.document_id for row in rows if row.claim_token or row.sealed_sha256]
    return begun[-1] if begun else None


def has_left(connection: Connection, document_id: str) -> bool:
    """Whether the broker has confirmed the letter."""
    query = select(documents.c.sent_at).where(documents.c.document_id == document_id)
    return connection.execute(query).scalar_one() is not None


def _is_anothers(other: FromClause, mine: FromClause) -> ColumnElement[bool]:
    """``other`` is a stop letter, not void, of the card of ``mine`` in another case."""
    return and_(
        other.c.account_number == mine.c.account_number,
        other.c.kind == DocumentKind.STOP_PAYMENT_LETTER,
        other.c.state != DocumentState.VOID,
        or_(other.c.agency != mine.c.agency, other.c.case_no != mine.c.case_no),
    )


@cache
def _held_back_query() -> Any:
    these = documents.c.document_id.in_(bindparam("these", expanding=True))
    return select(documents.c.document_id).where(these, is_held_back())


@cache
def _others_query() -> Any:
    mine, end = documents.alias("mine"), documents.alias("its_end")
    told = exists().where(
        end.c.about == documents.c.document_id,
        end.c.kind.in_(_ENDS),
        end.c.leaving_at.is_not(None),
    )
    return (
        select(documents.c.agency, documents.c.number)
        .join(mine, _is_anothers(documents, mine))
        .where(mine.c.document_id == bindparam("mine"), ~told)
        .order_by(documents.c.planned_at, documents.c.document_id)
    )


@cache
def _unsent_query() -> Any:
    return (
        select(documents.c.document_id, documents.c.claim_token, documents.c.sealed_sha256)
        .where(
            documents.c.account_number == bindparam("account"),
            documents.c.kind.in_(_ENDS),
            documents.c.sent_at.is_(None),
            documents.c.state != DocumentState.VOID,
            or_(
                documents.c.agency != bindparam("agency"),
                documents.c.case_no != bindparam("case_no"),
            ),
        )
        .order_by(documents.c.planned_at, documents.c.document_id)
        .with_for_update()
    )
