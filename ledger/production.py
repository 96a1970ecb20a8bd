"""The work on documents: claimed, pinned, archived, or set aside.

A claim is a token with a lease. Whoever comes back after its lease has run out finds another
token and must drop what it made (``ClaimLost``); the pin is by compare-and-set, so a number is
sealed once (G3). What becomes of claims whose worker died is ``deaths``' matter.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Integer,
    Row,
    Select,
    Update,
    and_,
    bindparam,
    case,
    or_,
    select,
    update,
)

from cases.kinds import made_together_with
from cases.states import DOCUMENTS
from ledger import cases as case_rows
from ledger import watched
from ledger.card_holds import held_back
from ledger.deaths import USED_UP, Patience, postpone
from ledger.documents import planned
from ledger.readiness import can_be_done, queues
from ledger.tables import documents
from schemas.codes import Problem
from schemas.documents import (
    DocumentKind,
    DocumentState,
    PlannedDocument,
    SealedPdf,
    StoredObject,
)
from schemas.errors import ClaimLost


@dataclass(frozen=True, kw_only=True)
class Claim:
    """A document that this worker may work on until its lease runs out."""

    token: str
    document: PlannedDocument
    #: which attempt this is, if it comes to count: 1, 2, 3 …
    attempts: int
    #: how often a worker ended with it in hand
    deaths: int = 0
    #: where it is pinned already: the sealed bytes, which only need to be stored
    pinned: bytes | None = field(repr=False)
    sealed_sha256: str | None
    void: bool
    #: code of what went wrong the last time; None where nothing did
    problem: str | None = None


def _of_a_claim() -> Update:
    """Of the document that a claim names, and while it is claimed."""
    return update(documents).where(
        documents.c.document_id == bindparam("claimed"),
        documents.c.claim_token == bindparam("by"),
    )


# built once, with values apart: each letter asks them
_BEFORE: BindParameter[Any] = bindparam("before", expanding=True)
_PIN = _of_a_claim().where(documents.c.state.in_(_BEFORE), documents.c.sealed_sha256.is_(None))
_ARCHIVE = (
    _of_a_claim()
    .where(documents.c.pinned.is_not(None), documents.c.state.in_(_BEFORE))
    .values(
        state=case(
            (documents.c.state == DocumentState.VOID, documents.c.state),
            else_=bindparam("after"),
        ),
        pinned=None,
        claim_token=None,
        lease_until=None,
        attempts=0,
        deaths=0,
        next_attempt_at=None,
        error=None,
    )
)

#: of the settings' defaults
_PATIENCE = Patience(first=2, attempts=5)
_CLAIM = (
    update(documents)
    .where(documents.c.document_id.in_(bindparam("claimed", expanding=True)))
    .values(
        claim_token=bindparam("claim_token"),
        lease_until=bindparam("lease_until"),
        # who had it before and let its lease run out has ended, or will find another token
        deaths=documents.c.deaths + case((documents.c.claim_token.is_not(None), 1), else_=0),
    )
)


def claim(
    connection: Connection,
    *,
    token: str,
    now: datetime,
    lease: timedelta,
    limit: int,
    patience: Patience = _PATIENCE,
) -> list[Claim]:
    """Up to ``limit`` documents that are made together are this token's, stop letters first.

    What was tried before, or in whose making a worker ended, is claimed alone. No attempt is
    counted: it may never come to one (``put_off`` counts, and ``deaths``).
    """
    for queue in queues():
        first = _first(connection, queue, now, patience)
        if first is not None:
            break
    else:
        return []
    rows = [first]
    if limit > 1 and _is_fresh(first):
        values = {
            "now": now,
            "kinds": sorted(made_together_with(DocumentKind(first.kind))),
            "first": first.document_id,
            "others": limit - 1,
        }
        rows += connection.execute(_like_it(queue), values).all()
    # a stop of the same card may have been planned while these rows were waited for
    held = held_back(connection, [row.document_id for row in rows])
    rows = [row for row in rows if row.document_id not in held]
    if not rows:
        return []
    connection.execute(
        _CLAIM,
        {
            "claimed": [row.document_id for row in rows],
            "claim_token": token,
            "lease_until": now + lease,
        },
    )
    return [_claim(row, token) for row in rows]


def renew(connection: Connection, *, token: str, until: datetime) -> None:
    """What ``token`` still holds is its own until ``until``."""
    for queue in queues():
        connection.execute(_renew(queue), {"by": token, "until": until})


def pin(
    connection: Connection, claim: Claim, sealed: SealedPdf, *, template: str | None = None
) -> None:
    """The sealed bytes are the document's, for good; raises ``ClaimLost`` where they may not be.

    ``template`` is the digest of the Word file that the letter was made from.
    """
    changed = connection.execute(
        _PIN,
        {
            **_names(claim),
            "before": [DocumentState.PLANNED],
            "state": DOCUMENTS.check(DocumentState.PLANNED, DocumentState.PINNED),
            "sealed_sha256": sealed.sha256,
            "pinned": sealed.content,
            "sealed_at": sealed.sealed_at,
            "size": len(sealed.content),
            "pages": sealed.pages,
            # pages and digests of what it encloses are known only now
            "data": dict(claim.document.data),
            "certificate": {
                "subject": sealed.certificate_subject,
                "serial": sealed.certificate_serial,
            },
            "level": sealed.level,
            "level_wanted": sealed.level_wanted,
            "stamp_until": sealed.stamp_until,
            "template_sha256": template,
        },
    )
    if changed.rowcount != 1:
        raise ClaimLost(
            "文书由另一工作进程处理，或已作废", "the document is another worker's, or void"
        )


def archived(
    connection: Connection,
    claim: Claim,
    stored: StoredObject,
    *,
    retain_until: date,
    at: datetime,
) -> None:
    """The document is archived and its pinned bytes are dropped.

    A document that was voided after it was pinned keeps its object and stays void. Its case is
    locked; raises ``ClaimLost`` where another worker has it.
    """
    case_rows.lock(connection, [(claim.document.agency, claim.document.case_no)])
    changed = connection.execute(
        _ARCHIVE,
        {
            **_names(claim),
            # one that became void after it was pinned keeps its object and stays void
            "before": [*sorted(DOCUMENTS.before(DocumentState.ARCHIVED)), DocumentState.VOID],
            "after": DocumentState.ARCHIVED,
            "storage_key": stored.key,
            "version_id": stored.version_id,
            "retain_until": retain_until,
            "archived_at": at,
        },
    )
    if changed.rowcount != 1:
        raise ClaimLost(
            "文书由另一工作进程处理，或已归档",
            "the document is another worker's, or archived already",
        )
    watched.look_at(connection, [claim.document.document_id])


def set_aside(
    connection: Connection, claim: Claim, problem: Problem, *, again_at: datetime | None = None
) -> bool:
    """The document has failed and waits for an operator, or until ``again_at``.

    False where it was not ours to say, or is void: what is sealed is kept, so it stays to be done.
    """
    changed = connection.execute(
        update(documents)
        .where(*_ours(claim), documents.c.state.in_(sorted(DOCUMENTS.before(DocumentState.FAILED))))
        .values(
            state=DocumentState.FAILED,
            error=told(problem),
            claim_token=None,
            lease_until=None,
            next_attempt_at=again_at,
            # that its attempts are used up is found out before there is another one
            attempts=claim.attempts - (problem.code == USED_UP),
        )
    )
    return changed.rowcount == 1


def put_off(
    connection: Connection, claim: Claim, *, until: datetime, problem: Problem, counts: bool
) -> None:
    """The document is tried again at ``until``; ``counts`` tells whether this was an attempt."""
    connection.execute(
        update(documents)
        .where(*_ours(claim))
        .values(
            claim_token=None,
            lease_until=None,
            next_attempt_at=until,
            attempts=claim.attempts if counts else claim.attempts - 1,
            error=told(problem),
        )
    )


def told(problem: Problem) -> dict[str, str]:
    """What a document's ``error`` says: code, message, message_en."""
    return {
        "code": problem.code,
        "message": problem.message,
        "message_en": problem.message_en,
    }


def let_lie(connection: Connection, claim: Claim) -> None:
    """The claim is given back untouched, at once free for others (a worker that stops)."""
    connection.execute(
        update(documents).where(*_ours(claim)).values(claim_token=None, lease_until=None)
    )


def retry(connection: Connection, document_id: str) -> bool:
    """A failed document waits to be produced again, a void one to be stored.

    False where it had not failed.
    """
    void = and_(
        documents.c.state == DocumentState.VOID,
        documents.c.pinned.is_not(None),
        documents.c.next_attempt_at.is_not(None),
        documents.c.claim_token.is_(None),
    )
    failed = or_(documents.c.state == DocumentState.FAILED, void)
    mine = (documents.c.document_id == document_id, failed)
    query = select(documents.c.sealed_sha256, documents.c.state).where(*mine)
    found = connection.execute(query).first()
    if found is None:
        return False
    state = DocumentState(found.state)
    if state is not DocumentState.VOID:
        again = DocumentState.PLANNED if found.sealed_sha256 is None else DocumentState.PINNED
        state = DOCUMENTS.check(state, again)
    connection.execute(
        update(documents)
        .where(*mine)
        .values(state=state, attempts=0, deaths=0, next_attempt_at=None, error=None)
    )
    return True


def _first(
    connection: Connection, queue: ColumnElement[bool], now: datetime, patience: Patience
) -> Row[Any] | None:
    """The most urgent document that may be worked on now; those that end workers wait."""
    while True:
        found = connection.execute(_first_of(queue), {"now": now}).first()
        if found is None or not postpone(connection, found, now=now, patience=patience):
            return found


@cache
def _renew(queue: ColumnElement[bool]) -> Update:
    """Of what is still to be done: the claims of all that was done are not looked through."""
    mine = documents.c.claim_token == bindparam("by")
    return update(documents).where(queue, mine).values(lease_until=bindparam("until"))


@cache
def _first_of(queue: ColumnElement[bool]) -> Select[Any]:
    return _locked(_ready(queue).limit(1))


@cache
def _like_it(queue: ColumnElement[bool]) -> Select[Any]:
    """Documents that are made together with the first one, new as it is."""
    fresh = (
        documents.c.attempts == 0,
        documents.c.deaths == 0,
        documents.c.claim_token.is_(None),
        documents.c.sealed_sha256.is_(None),
    )
    return _locked(
        _ready(queue)
        .where(documents.c.kind.in_(bindparam("kinds", expanding=True)), *fresh)
        .where(documents.c.document_id != bindparam("first"))
        .limit(bindparam("others", type_=Integer))
    )


def _ready(queue: ColumnElement[bool]) -> Select[Any]:
    return (
        select(documents)
        .where(can_be_done(), queue)
        .order_by(documents.c.priority, documents.c.document_id)
    )


def _locked(query: Select[Any]) -> Select[Any]:
    return query.with_for_update(skip_locked=True, of=documents)


def _is_fresh(row: Row[Any]) -> bool:
    untouched = not row.attempts and not row.deaths and row.claim_token is None
    return untouched and row.sealed_sha256 is None


def _names(claim: Claim) -> dict[str, str]:
    return {"claimed": claim.document.document_id, "by": claim.token}


def _ours(claim: Claim) -> tuple[ColumnElement[bool], ...]:
    return (
        documents.c.document_id == claim.document.document_id,
        documents.c.claim_token == claim.token,
    )


def _claim(row: Row[Any], token: str) -> Claim:
    return Claim(
        token=token,
        document=planned(row),
        attempts=row.attempts + 1,
        deaths=row.deaths + (row.claim_token is not None),
        pinned=row.pinned,
        sealed_sha256=row.sealed_sha256,
        void=row.state == DocumentState.VOID,
        problem=(row.error or {}).get("code"),
    )
