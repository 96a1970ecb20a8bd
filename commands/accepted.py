"""What the ledger knows already of the events that are to be published."""

import json
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import Any

from sqlalchemy import Connection

from cases.states import EventState
from commands.session import Session
from ledger import inbox
from ledger.inbox import InboxEvent
from schemas.codes import Problem
from schemas.parsing import digest
from schemas.pointers import Path, pointer
from sheets.drafting import Draft
from sheets.places import Fault
from workers import bootstrap

#: accepted, or on the way to it: their ids are not free
_STANDING = (EventState.APPLIED, EventState.PARKED, EventState.RECEIVED)
#: drafts that are looked up together
_CHUNK = 200

_Key = tuple[str | None, str | None]


def mark_accepted(session: Session, drafts: Sequence[Draft]) -> set[str]:
    """The ids of those that the ledger has already, as they are.

    A draft whose id stands there with other content has a fault at each cell that differs.
    Where there is no ledger yet, nothing is known.
    """
    if not drafts or not bootstrap.has_ledger(session.settings):
        return set()
    with session.ledger() as database, database.reading() as connection:
        return {
            str(draft.event["id"])
            for start in range(0, len(drafts), _CHUNK)
            for draft in _known(connection, drafts[start : start + _CHUNK])
        }


def _known(connection: Connection, drafts: Sequence[Draft]) -> Iterator[Draft]:
    standing = _standing(connection, drafts)
    for draft in drafts:
        others = standing.get((draft.event["source"], draft.event["id"]), [])
        if any(other.content_sha256 == digest(draft.raw) for other in others):
            yield draft
        elif others:
            _tell_changes(draft, others[0])


def _standing(connection: Connection, drafts: Sequence[Draft]) -> dict[_Key, list[InboxEvent]]:
    pairs = sorted({(d.event["data"]["agency"], d.event["data"]["case_no"]) for d in drafts})
    found: dict[_Key, list[InboxEvent]] = {}
    for event in inbox.of_cases(connection, pairs, _STANDING):
        found.setdefault((event.source, event.event_id), []).append(event)
    return found


def _tell_changes(draft: Draft, accepted: InboxEvent) -> None:
    problem = Problem.of("", "accepted_otherwise")
    pointers = _differences(json.loads(accepted.raw), draft.event)
    for place in dict.fromkeys(draft.place_of(where) for where in pointers):
        draft.faults.append(Fault(place=place, problem=problem, value=draft.values.get(place)))


def _differences(old: Any, new: Any, path: Path = ()) -> Iterator[str]:
    """Pointers to what is not the same in two JSON values."""
    if isinstance(old, dict) and isinstance(new, dict):
        for name in sorted(old.keys() | new.keys()):
            yield from _differences(old.get(name), new.get(name), (*path, name))
    elif isinstance(old, list) and isinstance(new, list):
        for index, (before, after) in enumerate(zip_longest(old, new)):
            yield from _differences(before, after, (*path, index))
    elif old != new:
        yield pointer(path)
