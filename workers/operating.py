"""What an operator orders: an event as any other, kept in the inbox and applied at once.

It comes from this installation's own command line, never over the broker: the inbox knows it by
its exchange, which no delivery can bear (``receiving``).
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cases.states import EventState
from ledger import inbox, trail
from ledger.database import Database
from ledger.inbox import Arrival
from schemas import messages
from schemas.configuration import Directory
from schemas.identifiers import new_id
from schemas.parsing import digest
from workers.applying import Apply
from workers.clock import Clock, local
from workers.permission import OPERATOR, OPERATOR_EXCHANGE
from workers.settings import Settings


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What became of an order."""

    state: EventState
    #: why it was rejected: {pointer, code, message, message_en}
    problems: tuple[Mapping[str, Any], ...] = ()


def order(
    database: Database,
    directory: Directory,
    settings: Settings,
    event_type: str,
    data: Mapping[str, Any],
    *,
    clock: Clock,
) -> Answer:
    """The order is in the inbox, and applied or rejected where nothing hinders it now.

    ``event_type`` is short (``document.void``), ``data`` the event's, with agency and case_no.
    RECEIVED or PARKED mean that ``hanyin work`` will apply it. Raises ``Unavailable``.
    """
    arrival = _arrival(event_type, data, clock)
    with database.writing() as connection:
        inbox.add(connection, [arrival])
        trail.note(
            connection,
            at=arrival.received_at,
            actor="operator",
            action="order_given",
            subject=arrival.event_id,
            details={"type": event_type},
        )
    apply = Apply(database=database, directory=directory, settings=settings, clock=clock)
    apply.case(arrival.agency, arrival.case_no)
    with database.reading() as connection:
        row = inbox.find(connection, OPERATOR, arrival.event_id or "")
    return Answer(state=EventState(row["state"]), problems=tuple(row["problems"] or ()))


def _arrival(event_type: str, data: Mapping[str, Any], clock: Clock) -> Arrival:
    now = clock()
    event = {
        "specversion": "1.0",
        "id": new_id(),
        "source": OPERATOR,
        "type": f"hanyin.{event_type}.v1",
        "time": local(now).isoformat(),
        "subject": data["case_no"],
        "datacontenttype": "application/json",
        "data": dict(data),
    }
    raw = messages.body(event)
    return Arrival(
        received_at=now,
        delivery_id=None,
        exchange=OPERATOR_EXCHANGE,
        routing_key=event["type"],
        user_id=None,
        raw=raw,
        raw_sha256=hashlib.sha256(raw).hexdigest(),
        source=OPERATOR,
        event_id=event["id"],
        type=event["type"],
        time=local(now),
        agency=data["agency"],
        case_no=data["case_no"],
        content_sha256=digest(raw),
    )
