"""Alarms: rows of the trail that somebody has to see to, until they are done or over."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, insert, select, update

from ledger.tables import alarms, documents, trail

#: rows that one statement names; SQLite takes 32,766 values
_CHUNK = 500


@dataclass(frozen=True, kw_only=True)
class RaisedAlarm:
    """One raising of an alarm."""

    #: of its row in the trail
    seq: int
    at: datetime
    kind: str
    #: what it is about: a document's id, ``<agency>/<case>``, an agency
    subject: str | None
    details: Mapping[str, Any]
    #: of the document that it is about
    number: str | None
    #: of that document
    document_agency: str | None
    done_at: datetime | None
    #: who marked it as done; None: it ended by itself, or is open
    done_by: str | None

    @property
    def agency(self) -> str | None:
        """Whose alarm it is; None where it is the installation's."""
        if self.document_agency is not None:
            return self.document_agency
        said = self.details.get("agency") or (self.subject or "").partition("/")[0]
        return said if said.isascii() and said.isdigit() else None


def take_in(connection: Connection) -> None:
    """Alarms that workers of before this version put into the trail alone are open."""
    known = select(alarms.c.seq).where(alarms.c.seq == trail.c.seq).exists()
    missing = select(trail.c.seq, trail.c.at, trail.c.at).where(trail.c.alarm, ~known)
    columns = [alarms.c.seq, alarms.c.at, alarms.c.post_at]
    connection.execute(insert(alarms).from_select(columns, missing))


def unfinished(connection: Connection) -> list[RaisedAlarm]:
    """The open ones, the oldest first."""
    return _read(connection, alarms.c.done_at.is_(None), ~alarms.c.checked)


def finished(connection: Connection, *, limit: int | None = None) -> list[RaisedAlarm]:
    """Those that are done or over, the newest first."""
    return _read(connection, alarms.c.done_at.is_not(None), limit=limit, newest=True)


def to_check(connection: Connection) -> list[RaisedAlarm]:
    """Those that somebody marked as done and nobody has looked at since."""
    return _read(connection, *_UNCHECKED)


def due_posts(connection: Connection, *, now: datetime, limit: int) -> list[RaisedAlarm]:
    """Those that have to be told to the webhook now, the oldest first."""
    return _read(connection, alarms.c.post_at <= now, limit=limit)


def are_unchecked(connection: Connection) -> bool:
    """Whether ``to_check`` has any."""
    return connection.execute(select(alarms.c.seq).where(*_UNCHECKED).limit(1)).first() is not None


def close(
    connection: Connection, seqs: Collection[int], *, at: datetime, by: str | None = None
) -> int:
    """The open ones of these are done, said ``by`` somebody, or over; how many."""
    values = {"done_at": at, "done_by": by, "checked": by is None}
    return _update(connection, seqs, values, alarms.c.done_at.is_(None))


def mark_checked(connection: Connection, seqs: Collection[int]) -> None:
    """They are not looked at again."""
    _update(connection, seqs, {"checked": True})


def mark_posted(connection: Connection, seqs: Collection[int]) -> None:
    """The webhook has them."""
    _update(connection, seqs, {"post_at": None})


def postpone_posts(connection: Connection, *, now: datetime, until: datetime) -> None:
    """Whatever is due for the webhook is tried again at ``until``."""
    connection.execute(
        update(alarms)
        .where(alarms.c.post_at <= now)
        .values(posts=alarms.c.posts + 1, post_at=until)
    )


def give_up_posts(connection: Connection, *, before: datetime) -> int:
    """What was raised ``before`` is posted to nobody any more; how many."""
    late = update(alarms).where(alarms.c.post_at.is_not(None), alarms.c.at < before)
    return connection.execute(late.values(post_at=None)).rowcount


def tries(connection: Connection, seqs: Collection[int]) -> int:
    """How often the one of these that was tried most was tried."""
    query = select(alarms.c.posts).where(alarms.c.seq.in_(seqs))
    return max(connection.execute(query).scalars(), default=0)


_UNCHECKED = (alarms.c.done_at.is_not(None), ~alarms.c.checked)


def _read(
    connection: Connection,
    *wanted: ColumnElement[bool],
    limit: int | None = None,
    newest: bool = False,
) -> list[RaisedAlarm]:
    query = (
        select(
            *(trail.c.seq, trail.c.at, trail.c.subject, trail.c.details),
            trail.c.action.label("kind"),
            documents.c.number,
            documents.c.agency.label("document_agency"),
            *(alarms.c.done_at, alarms.c.done_by),
        )
        .select_from(alarms)
        .join(trail, trail.c.seq == alarms.c.seq)
        .outerjoin(documents, documents.c.document_id == trail.c.subject)
        .where(*wanted)
        .order_by(alarms.c.seq.desc() if newest else alarms.c.seq)
        .limit(limit)
    )
    return [
        RaisedAlarm(**{**row._mapping, "details": row.details or {}})  # noqa: SLF001 -- documented
        for row in connection.execute(query)
    ]


def _update(
    connection: Connection,
    seqs: Collection[int],
    values: Mapping[str, Any],
    *wanted: ColumnElement[bool],
) -> int:
    every = sorted(seqs)
    changed = 0
    for start in range(0, len(every), _CHUNK):
        mine = alarms.c.seq.in_(every[start : start + _CHUNK])
        changed += connection.execute(update(alarms).where(mine, *wanted).values(**values)).rowcount
    return changed
