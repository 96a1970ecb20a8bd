"""Documents that wait because their issuer cannot seal: a key, a time-stamp server is away.

The fault is the agency's, not the letter's: no attempt is counted, and its unsealed documents
wait together.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, select, update

from ledger.production import Claim, put_off, told
from ledger.readiness import queues
from ledger.tables import documents
from schemas.codes import Problem
from schemas.codes_sealing import KEY_CODES
from schemas.documents import DocumentState, Issuer

#: what stops an agency's sealing and not a letter
_OF_AGENCY = frozenset(code.name for code in KEY_CODES)


@dataclass(frozen=True, kw_only=True)
class SealWait:
    """Documents of one agency that wait because it cannot seal."""

    agency: str
    #: code, message, message_en
    error: dict[str, str]
    documents: int


def wait_for_seal(
    connection: Connection, claim: Claim, *, until: datetime, problem: Problem
) -> int:
    """Unsealed documents of the same issuer that nobody works on, and this one, wait.

    They are tried again at ``until``, and no attempt is counted. How many have this problem newly.
    """
    error = told(problem)
    put_off(connection, claim, until=until, problem=problem, counts=False)
    waiting = and_(
        documents.c.agency == claim.document.agency,
        documents.c.issuer == claim.document.issuer,
        queues()[0],
        documents.c.state == DocumentState.PLANNED,
        documents.c.claim_token.is_(None),
        documents.c.attempts == 0,
    )
    before = connection.execute(
        select(documents.c.document_id, documents.c.error).where(waiting)
    ).all()
    connection.execute(update(documents).where(waiting).values(next_attempt_at=until, error=error))
    known = sum(1 for row in before if (row.error or {}).get("code") == problem.code)
    return len(before) - known + (claim.problem != problem.code)


def wake_issuer(connection: Connection, agency: str, issuer: Issuer) -> int:
    """The issuer's unsealed documents that waited without a fault of their own wait no longer."""
    changed = connection.execute(
        update(documents)
        .where(
            documents.c.agency == agency,
            documents.c.issuer == issuer,
            queues()[0],
            documents.c.state == DocumentState.PLANNED,
            documents.c.claim_token.is_(None),
            documents.c.attempts == 0,
            documents.c.next_attempt_at.is_not(None),
        )
        .values(next_attempt_at=None)
    )
    return changed.rowcount


def waiting_for_seal(connection: Connection) -> list[SealWait]:
    """Agencies whose planned documents wait because it cannot seal, with the last reason."""
    rows = connection.execute(
        select(documents.c.agency, documents.c.error)
        .where(
            queues()[0],
            documents.c.state == DocumentState.PLANNED,
            documents.c.attempts == 0,
            documents.c.next_attempt_at.is_not(None),
        )
        .order_by(documents.c.priority, documents.c.document_id)
    )
    found: dict[tuple[str, str], SealWait] = {}
    for agency, error in sorted(rows, key=lambda row: str(row.agency)):
        if not error or error["code"] not in _OF_AGENCY:
            continue
        place = (agency, error["code"])
        count = found[place].documents if place in found else 0
        found[place] = SealWait(agency=agency, error=error, documents=count + 1)
    return list(found.values())
