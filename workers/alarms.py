"""Alarms that are over are closed, and one that was marked as done and is true comes back."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, Row, select

from cases.cards import without_card
from cases.case import CaseState
from cases.dates import day_in_china
from ledger import alarms, cases, seal_waits, trail
from ledger.alarms import RaisedAlarm
from ledger.database import Database
from ledger.outbox import OutboxState
from ledger.tables import documents, outbox
from ledger.watch import Watch
from schemas.documents import DocumentState

#: documents that one statement names
_CHUNK = 500
_MADE = {DocumentState.ARCHIVED, DocumentState.ANNOUNCED, DocumentState.VOID}


class Standing(StrEnum):
    """What the ledger knows of an alarm."""

    TRUE = "true"
    OVER = "over"
    #: only a person can tell
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """Everything that was raised about the same thing and is open."""

    raised: tuple[RaisedAlarm, ...]
    standing: Standing

    @property
    def id(self) -> int:
        """By which people call it: that of its first raising."""
        return self.raised[0].seq

    @property
    def seqs(self) -> list[int]:
        """Its rows in the trail."""
        return [each.seq for each in self.raised]


def troubles(connection: Connection, watch: Watch, now: datetime) -> list[Trouble]:
    """What is open and not over, the oldest first."""
    found = alarms.unfinished(connection)
    standing = _Look(connection, watch, now).standing(found)
    groups: dict[tuple[Any, ...], list[RaisedAlarm]] = {}
    for each in found:
        if standing[each.seq] is not Standing.OVER:
            groups.setdefault(_same(each), []).append(each)
    return [
        Trouble(raised=tuple(group), standing=standing[group[-1].seq]) for group in groups.values()
    ]


def settle(database: Database, watch: Watch, now: datetime) -> int:
    """What is over is closed; how many rows were. Raises ``Unavailable``."""
    # a large ledger is read for seconds, in which others may write
    with database.reading() as connection:
        standing = _Look(connection, watch, now).standing(alarms.unfinished(connection))
    over = [seq for seq, how in standing.items() if how is Standing.OVER]
    if not over:
        return 0
    with database.writing() as connection:
        return alarms.close(connection, over, at=now)


def bring_back(connection: Connection, watch: Watch, now: datetime) -> int:
    """What was marked as done and is true all the same is raised again; how many alarms."""
    marked = alarms.to_check(connection)
    if not marked:
        return 0
    standing = _Look(connection, watch, now).standing(marked)
    alarms.mark_checked(connection, [each.seq for each in marked])
    again = {_same(each): each for each in marked if standing[each.seq] is Standing.TRUE}
    for each in again.values():
        trail.note(
            connection,
            at=now,
            actor="reconcile",
            action=each.kind,
            subject=each.subject,
            details={**each.details, "again": each.seq},
            alarm=True,
        )
    return len(again)


def _same(alarm: RaisedAlarm) -> tuple[Any, ...]:
    """Raisings with the same are one trouble."""
    names = ("deadline", "pointer", "speaker", "document_id")
    return (alarm.kind, alarm.subject, *(alarm.details.get(name) for name in names))


class _Look:
    """One look at the ledger; what several alarms ask is asked once."""

    def __init__(self, connection: Connection, watch: Watch, now: datetime) -> None:
        self._connection = connection
        self._watch = watch
        self._now = now

    def standing(self, found: Sequence[RaisedAlarm]) -> dict[int, Standing]:
        """How each of them stands, by its row in the trail."""
        by_kind: dict[str, list[RaisedAlarm]] = {}
        for each in found:
            by_kind.setdefault(each.kind, []).append(each)
        return {
            each.seq: standing
            for kind, some in by_kind.items()
            for each, standing in zip(
                some, _TELLS.get(kind, _Look.unknown)(self, some), strict=True
            )
        }

    def unknown(self, found: Sequence[RaisedAlarm]) -> Iterable[Standing]:
        """Only a person can tell."""
        return [Standing.UNKNOWN] * len(found)

    def agency_cannot_seal(self, found: Sequence[RaisedAlarm]) -> Iterable[Standing]:
        """True while letters of the agency wait for its seal."""
        waiting = {each.agency for each in seal_waits.waiting_for_seal(self._connection)}
        return (_true_or_over(each.subject in waiting) for each in found)

    def bank_unknown(self, found: Sequence[RaisedAlarm]) -> Iterable[Standing]:
        """True while the directory lacks the bank; then somebody has to hand the letter over."""
        rows = self._documents(each.subject for each in found)
        for each in found:
            row = rows.get(each.subject)
            if row is None or row.state == DocumentState.VOID:
                yield Standing.OVER
            elif self._watch.directory.bank_of(row.bank_code or "") is None:
                yield Standing.TRUE
            else:
                yield Standing.UNKNOWN

    def deadline_passed(self, found: Sequence[RaisedAlarm]) -> Iterable[Standing]:
        """True while the deadline is not met."""
        names = sorted({each.subject for each in found if each.subject})
        passed = {
            (look.document.document_id, each.deadline.value)
            for chunk in _chunks(names)
            for look in self._watch.look(self._connection, [*chunk], self._now)
            for each in look.passed
        }
        return (
            _true_or_over((each.subject, each.details.get("deadline")) in passed) for each in found
        )

    def document_failed(self, found: Sequence[RaisedAlarm]) -> Iterable[Standing]:
        """True while the document stands as failed."""
        rows = self._documents(each.subject for each in found)
        for each in found:
            row = rows.get(each.subject)
            yield _true_or_over(row is not None and row.state == DocumentState.FAILED)

    def letter_held_back(self, found: Sequence[RaisedAlarm]) -> Iterable[Standing]:
        """True while a message that carries the letter waits with an error."""
        query = select(outbox.c.document_id).where(
            outbox.c.state.in_([OutboxState.WAITING, OutboxState.LEAVING]),
            outbox.c.carries,
            outbox.c.error.is_not(None),
        )
        held = set(self._connection.execute(query).scalars())
        return (_true_or_over(each.subject in held) for each in found)

    def letter_refused(self, found: Sequence[RaisedAlarm]) -> Iterable[Standing]:
        """Over when the letter is void."""
        names = [each.details.get("document_id") for each in found]
        rows = self._documents(names)
        for name in names:
            row = rows.get(name)
            void = row is not None and row.state == DocumentState.VOID
            yield Standing.OVER if void else Standing.UNKNOWN

    def nobody_to_stop(self, found: Sequence[RaisedAlarm]) -> Iterable[Standing]:
        """Over when the case is cleared, or knows the card of each benefit that has to stop."""
        for each in found:
            case = self._case(each)
            over = case is not None and (
                case.state is CaseState.CLEARED or not without_card(case.facts)
            )
            yield Standing.OVER if over else Standing.UNKNOWN

    def qualification_unknown(self, found: Sequence[RaisedAlarm]) -> Iterable[Standing]:
        """Over when it is known, or the case is open again."""
        for each in found:
            case = self._case(each)
            known = case is not None and (
                case.state is not CaseState.CLEARED or case.still_qualified is not None
            )
            yield Standing.OVER if known else Standing.UNKNOWN

    def quota_used_up(self, found: Sequence[RaisedAlarm]) -> Iterable[Standing]:
        """Over the next day."""
        today = day_in_china(self._now)
        return (
            Standing.UNKNOWN if day_in_china(each.at) == today else Standing.OVER for each in found
        )

    def void_document_not_stored(self, found: Sequence[RaisedAlarm]) -> Iterable[Standing]:
        """True until it is stored."""
        rows = self._documents(each.subject for each in found)
        for each in found:
            row = rows.get(each.subject)
            yield _true_or_over(row is not None and row.storage_key is None)

    def workers_end_with_document(self, found: Sequence[RaisedAlarm]) -> Iterable[Standing]:
        """Over when the document is made or void."""
        rows = self._documents(each.subject for each in found)
        for each in found:
            row = rows.get(each.subject)
            over = row is not None and row.state in _MADE
            yield Standing.OVER if over else Standing.UNKNOWN

    def _documents(self, ids: Iterable[str | None]) -> Mapping[str | None, Row[*tuple[Any, ...]]]:
        names = sorted({name for name in ids if name})
        columns = (documents.c.document_id, documents.c.state, documents.c.bank_code)
        return {
            row.document_id: row
            for chunk in _chunks(names)
            for row in self._connection.execute(
                select(*columns, documents.c.storage_key).where(documents.c.document_id.in_(chunk))
            )
        }

    def _case(self, alarm: RaisedAlarm) -> Any:
        agency, _, case_no = (alarm.subject or "").partition("/")
        return cases.load(self._connection, agency, case_no)


def _chunks(names: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(names), _CHUNK):
        yield names[start : start + _CHUNK]


def _true_or_over(true: bool) -> Standing:  # noqa: FBT001 -- the word says it
    return Standing.TRUE if true else Standing.OVER


#: kind of alarm → how it is known whether it is true; of others only a person can tell
_TELLS: Mapping[str, Callable[[_Look, Sequence[RaisedAlarm]], Iterable[Standing]]] = {
    "agency_cannot_seal": _Look.agency_cannot_seal,
    "bank_unknown": _Look.bank_unknown,
    "deadline_passed": _Look.deadline_passed,
    "document_failed": _Look.document_failed,
    "letter_held_back": _Look.letter_held_back,
    "letter_refused": _Look.letter_refused,
    "nobody_to_stop": _Look.nobody_to_stop,
    "qualification_unknown": _Look.qualification_unknown,
    "quota_bytes_used_up": _Look.quota_used_up,
    "quota_parked_used_up": _Look.quota_used_up,
    "quota_rejected_used_up": _Look.quota_used_up,
    "void_document_not_stored": _Look.void_document_not_stored,
    "workers_end_with_document": _Look.workers_end_with_document,
}
