"""签发: who drafted, checked and approved a document, and when; kept as JSON with it.

``{"drafted": {name, at}, "checked": {name, at}, "approved": {name, post, at}}``: a step that
nobody has taken is left out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from cases.states import DOCUMENTS
from ledger.tables import documents
from schemas.documents import DocumentState
from schemas.people import Approver

#: what a letter prints of its approver (签发人, GB/T 9704-2012, 7.2.6)
_PRINTED = "signatory"


@dataclass(frozen=True, kw_only=True)
class SignOff:
    """An approver's word that documents may be made."""

    approved_by: Approver
    #: who drafted them; None: as the ledger has it
    drafted_by: str | None = None
    #: who checked them; None: nobody is named
    checked_by: str | None = None


def drafted(name: str | None, at: datetime) -> dict[str, Any] | None:
    """What is known when a document is planned."""
    return None if name is None else {"drafted": _step(at, name=name)}


def approve(connection: Connection, document_id: str, word: SignOff, *, at: datetime) -> bool:
    """The document waits to be produced, its approver printed where its kind prints one.

    False where it does not wait for an approver: nothing was changed.
    """
    mine = documents.c.document_id == document_id
    row = connection.execute(
        select(documents.c.data, documents.c.signoff, documents.c.state)
        .where(mine)
        .with_for_update()
    ).one_or_none()
    if row is None or row.state != DocumentState.AWAITING_APPROVAL:
        return False
    changed = connection.execute(
        update(documents)
        .where(mine, documents.c.state == DocumentState.AWAITING_APPROVAL)
        .values(
            state=DOCUMENTS.check(DocumentState.AWAITING_APPROVAL, DocumentState.PLANNED),
            signoff=_signed(row.signoff or {}, word, at),
            data=_printed(row.data, word.approved_by),
        )
    )
    return changed.rowcount == 1


def _signed(before: Mapping[str, Any], word: SignOff, at: datetime) -> dict[str, Any]:
    approver = word.approved_by
    signed = dict(before)
    if word.drafted_by is not None:
        signed["drafted"] = _step(at, name=word.drafted_by)
    if word.checked_by is not None:
        signed["checked"] = _step(at, name=word.checked_by)
    return {**signed, "approved": _step(at, name=approver.name, post=approver.post)}


def _printed(data: Mapping[str, Any], approver: Approver) -> dict[str, Any]:
    """The frozen data; of a kind that prints its approver, with the one who did approve."""
    return {**data, _PRINTED: approver.name} if _PRINTED in data else dict(data)


def _step(at: datetime, **who: str) -> dict[str, str]:
    return {**who, "at": at.isoformat()}
