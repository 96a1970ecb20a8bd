"""The order in which the events of one case that wait together are applied.

It hangs on what the events say, never on when they came: whatever order they came in, the
case ends the same (contract, "When the case comes late").
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Protocol, TypeVar


class Placed(Protocol):
    """Anything that has an event's place in time: an event, or the inbox row that holds it."""

    @property
    def time(self) -> datetime:
        """The event's time, aware."""

    @property
    def source(self) -> str:
        """The event's CloudEvents source."""

    @property
    def id(self) -> str:
        """The event's id, unique within its source."""


Waiting = TypeVar("Waiting", bound=Placed)

#: Sorts by the instant, then by source and id, code point by code point.
SortKey = tuple[datetime, str, str]


def sort_key(time: datetime, source: str, event_id: str) -> SortKey:
    """The place of an event among those of its case; no two accepted events share one.

    The offset of ``time`` plays no part: the same instant is the same place. Source and id are
    compared by code point, so a database's collation must not sort in its stead. ValueError
    where ``time`` has no offset.
    """
    if time.utcoffset() is None:
        raise ValueError("an event's time has an offset")
    return (time.astimezone(UTC), source, event_id)


def in_order(waiting: Iterable[Waiting]) -> list[Waiting]:
    """The events of one case in the order in which they are applied."""
    return sorted(waiting, key=lambda event: sort_key(event.time, event.source, event.id))
