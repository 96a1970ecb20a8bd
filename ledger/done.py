"""What was done between two looks at the ledger: for the last line of a drain."""

from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from cases.states import EventState
from ledger import counting
from ledger.lives import LifeAction
from ledger.tables import trail


@dataclass(frozen=True, kw_only=True)
class Mark:
    """How far the ledger was at a look."""

    #: events by state
    events: dict[str, int]
    #: the last row of the trail; 0: none
    trail: int


#: before the first look at a ledger that was not there
NOTHING_YET = Mark(events={}, trail=0)


@dataclass(frozen=True, kw_only=True)
class Done:
    """What came of the work since a mark, whoever did it."""

    applied: int
    rejected: int
    #: documents that were sealed and stored
    archived: int
    #: letters that the broker took for a bank
    sent: int


def mark(connection: Connection) -> Mark:
    """How far the ledger is now."""
    last = connection.execute(select(func.max(trail.c.seq))).scalar()
    return Mark(events=counting.events(connection), trail=last or 0)


def since(connection: Connection, before: Mark) -> Done:
    """What was done after ``before``."""
    now = counting.events(connection)
    rows = connection.execute(
        select(trail.c.action, func.count())
        .where(trail.c.seq > before.trail)
        .where(trail.c.action.in_([LifeAction.ARCHIVED, LifeAction.SENT]))
        .group_by(trail.c.action)
    )
    noted = {str(action): count for action, count in rows}

    def more(state: EventState) -> int:
        return max(0, now.get(state, 0) - before.events.get(state, 0))

    return Done(
        applied=more(EventState.APPLIED),
        rejected=more(EventState.REJECTED),
        archived=noted.get(LifeAction.ARCHIVED, 0),
        sent=noted.get(LifeAction.SENT, 0),
    )
