"""签发: an approver lets documents go that wait for him. For the command line and the console."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from ledger import signoff, trail
from ledger.database import Database
from ledger.lives import LifeAction
from ledger.signoff import SignOff
from schemas.errors import AlreadyDone
from workers.clock import Clock


class NotWaiting(AlreadyDone):
    """A document that was to be approved does not wait for an approver; nothing was changed."""

    def __init__(self, document_id: str) -> None:
        self.document_id = document_id
        super().__init__(
            f"文书 {document_id} 不在等待签发",
            f"document {document_id} does not wait for an approver",
        )


def approve(
    database: Database, document_ids: Sequence[str], word: SignOff, *, clock: Clock
) -> None:
    """Every one of the documents waits to be produced; all of them, or none.

    Raises ``NotWaiting`` for the first that does not wait for an approver.
    """
    now = clock()
    with database.writing() as connection:
        # sorted, so that two approvers can never wait for each other
        for document_id in sorted(set(document_ids)):
            _approve(connection, document_id, word, now)


def _approve(connection: Connection, document_id: str, word: SignOff, now: datetime) -> None:
    if not signoff.approve(connection, document_id, word, at=now):
        raise NotWaiting(document_id)
    trail.note(
        connection, at=now, actor="operator", action=LifeAction.APPROVED, subject=document_id
    )
