"""The inbox: every message that came, kept whole, and what became of it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Row,
    and_,
    bindparam,
    func,
    insert,
    literal_column,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from cases.states import EVENTS, EventState
from ledger import packs
from ledger.instants import Instant
from ledger.literal import is_exactly, is_one_of
from ledger.pages import paged
from ledger.tables import inbox
from schemas.codes import Problem

#: when an event was settled, and its seq
Place = tuple[datetime, int]
#: before every event
FIRST_PLACE: Place = (datetime(1970, 1, 1, tzinfo=UTC), 0)


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """A message as it is written into the inbox; whatever could not be read is None."""

    received_at: datetime
    delivery_id: str | None
    exchange: str
    routing_key: str
    user_id: str | None
    raw: bytes = field(repr=False)
    #: bytes of a message that was too large to be kept: ``raw`` is its head; None: ``raw`` is whole
    raw_size: int | None = None
    #: of the whole message
    raw_sha256: str
    source: str | None
    event_id: str | None
    type: str | None
    time: datetime | None
    agency: str | None
    case_no: str | None
    content_sha256: str | None


@dataclass(frozen=True, kw_only=True)
class InboxEvent:
    """A row of the inbox, as the apply step sees it."""

    seq: int
    exchange: str
    user_id: str | None
    raw: bytes = field(repr=False)
    raw_size: int | None
    raw_sha256: str
    source: str | None
    event_id: str | None
    type: str | None
    time: datetime | None
    agency: str | None
    case_no: str | None
    content_sha256: str | None
    state: EventState
    #: work begun on it alone and not finished
    attempts: int
    #: work has begun on it together with others, and was not finished
    in_batch: bool

    @property
    def is_fresh(self) -> bool:
        """No work has begun on it: it may be done together with others."""
        return not (self.attempts or self.in_batch)


_RECEIVED = is_exactly(inbox.c.state, EventState.RECEIVED)

# what each event asks is built once, with values apart
_OLDEST = (
    select(inbox.c.agency, inbox.c.case_no)
    .where(_RECEIVED, inbox.c.attempts == 0)
    .order_by(inbox.c.seq)
    .limit(bindparam("most", type_=Integer))
)
_TRIED = (
    select(inbox.c.agency, inbox.c.case_no)
    .where(_RECEIVED, inbox.c.attempts > literal_column("0"))
    .order_by(inbox.c.attempts, inbox.c.seq)
    .limit(bindparam("most", type_=Integer))
)
_IN_ORDER = (
    select(inbox)
    .where(
        inbox.c.agency == bindparam("of_agency"),
        inbox.c.case_no == bindparam("of_case"),
        inbox.c.state == bindparam("in_state"),
    )
    .order_by(inbox.c.time, inbox.c.source, inbox.c.seq)
    .limit(bindparam("most", type_=Integer))
)
_PARKED_BEFORE = (
    select(inbox)
    .where(is_exactly(inbox.c.state, EventState.PARKED), inbox.c.settled_at < bindparam("moment"))
    .order_by(inbox.c.settled_at)
    .limit(bindparam("most", type_=Integer))
)
_PARKED_BEHIND = (
    select(inbox.c.settled_at, inbox.c.seq, inbox.c.agency, inbox.c.case_no)
    .where(
        is_exactly(inbox.c.state, EventState.PARKED),
        # by time, not by seq: else SQLite may go through all that is settled
        tuple_(inbox.c.settled_at, inbox.c.seq)
        > tuple_(bindparam("since", type_=Instant), bindparam("after")),
    )
    .order_by(inbox.c.settled_at, inbox.c.seq)
    .limit(bindparam("most", type_=Integer))
)
_THESE = inbox.c.seq.in_(bindparam("seqs", expanding=True))
_LOCK = (
    select(inbox)
    .where(_THESE, inbox.c.state.in_([EventState.RECEIVED, EventState.PARKED]))
    .order_by(inbox.c.seq)
    .with_for_update()
)
_WAITING = inbox.c.state.in_([EventState.RECEIVED, EventState.PARKED])
_COUNT_ATTEMPT = update(inbox).where(_THESE, _WAITING).values(attempts=inbox.c.attempts + 1)
_FORGIVE = (
    update(inbox)
    .where(_THESE, _WAITING, inbox.c.attempts > 0)
    .values(attempts=inbox.c.attempts - 1)
)
_BEGIN_BATCH = update(inbox).where(_THESE, _WAITING).values(in_batch=True)
_TAKEN_BY = select(inbox.c.content_sha256).where(
    inbox.c.source == bindparam("source"),
    inbox.c.event_id == bindparam("event_id"),
    inbox.c.speaker.in_(bindparam("speakers", expanding=True)),
    is_one_of(inbox.c.state, [EventState.APPLIED, EventState.PARKED]),
)
_SETTLE = (
    update(inbox)
    .where(
        inbox.c.seq == bindparam("this"),
        inbox.c.state.in_(bindparam("before", expanding=True)),
    )
    .values(
        state=bindparam("state"),
        settled_at=bindparam("settled_at"),
        attempts=0,
        in_batch=False,
        speaker=bindparam("of_speaker"),
        problems=bindparam("problems"),
        warnings=bindparam("warnings"),
    )
)


def add(connection: Connection, arrivals: Sequence[Arrival]) -> None:
    """Every arrival is in the inbox; a copy that is there (same delivery id) is not doubled."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    state = EVENTS.start(EventState.RECEIVED)
    connection.execute(
        dialect.insert(inbox).on_conflict_do_nothing(index_elements=["delivery_id"]),
        [{**asdict(arrival), "state": state, "attempts": 0} for arrival in arrivals],
    )


def waiting_cases(connection: Connection, *, limit: int) -> list[tuple[str | None, str | None]]:
    """The (agency, case_no) pairs of received events that are next, each once, sorted.

    Of the oldest ``limit`` on which no work was begun alone, and of as many others, those with
    the fewest attempts first: what ends its worker again and again is not in the way of others.
    """
    pairs = {
        (row.agency, row.case_no)
        for next_ones in (_OLDEST, _TRIED)
        for row in connection.execute(next_ones, {"most": limit})
    }
    return sorted(pairs, key=lambda pair: (pair[0] or "", pair[1] or ""))


def raw_of(connection: Connection, seq: int) -> bytes | None:
    """The event's bytes as they came, wherever they lie; None where there is no such event.

    Of one that was too large, or too much, its head alone was kept.
    """
    query = select(inbox.c.raw, inbox.c.raw_sha256, inbox.c.state).where(inbox.c.seq == seq)
    row = connection.execute(query).one_or_none()
    return None if row is None else _whole(connection, seq, row)


def _whole(connection: Connection, seq: int, row: Any) -> bytes:
    packed = row.state == EventState.APPLIED and not row.raw
    return packs.raw_of(connection, seq, row.raw_sha256) if packed else bytes(row.raw)


def of_cases(
    connection: Connection,
    pairs: Iterable[tuple[str | None, str | None]],
    states: Iterable[EventState],
    *,
    limit: int | None = None,
) -> list[InboxEvent]:
    """The events of these cases in these states; events that name no case count as one case."""
    given = list(pairs)
    numbers: dict[str, list[str]] = {}
    for agency, case_no in given:
        if agency is not None and case_no is not None:
            numbers.setdefault(agency, []).append(case_no)
    # not as pairs: SQLite finds those by no index
    wanted: list[ColumnElement[bool]] = [
        and_(inbox.c.agency == agency, inbox.c.case_no.in_(case_nos))
        for agency, case_nos in numbers.items()
    ]
    if sum(map(len, numbers.values())) != len(given):
        wanted.append(or_(inbox.c.agency.is_(None), inbox.c.case_no.is_(None)))
    if not wanted:
        return []
    query = (
        select(inbox)
        .where(or_(*wanted), inbox.c.state.in_(list(states)))
        .order_by(inbox.c.seq)
        .limit(limit)
    )
    rows = connection.execute(query).all()
    return [replace(_event(row), raw=_whole(connection, row.seq, row)) for row in rows]


def lock(connection: Connection, seqs: Sequence[int]) -> list[InboxEvent]:
    """Those of ``seqs`` that still wait (received or parked), locked, in order of arrival."""
    return [_event(row) for row in connection.execute(_LOCK, {"seqs": seqs})]


def in_order(
    connection: Connection, pair: tuple[str, str], state: EventState, *, limit: int
) -> list[InboxEvent]:
    """The first ``limit`` events of one case in ``state``, in the order of their application."""
    agency, case_no = pair
    values = {"of_agency": agency, "of_case": case_no, "in_state": state, "most": limit}
    return [_event(row) for row in connection.execute(_IN_ORDER, values)]


def parked_before(connection: Connection, moment: datetime, *, limit: int) -> list[InboxEvent]:
    """The events that have been parked the longest, since before ``moment``."""
    values = {"moment": moment, "most": limit}
    return [_event(row) for row in connection.execute(_PARKED_BEFORE, values)]


def parked_cases(
    connection: Connection, after: Place, *, limit: int
) -> tuple[set[tuple[str, str]], Place]:
    """The cases of the first parked events behind ``after``, and where to go on."""
    values = {"since": after[0], "after": after[1], "most": limit}
    rows = connection.execute(_PARKED_BEHIND, values).all()
    pairs = {(row.agency, row.case_no) for row in rows}
    return pairs, (rows[-1].settled_at, rows[-1].seq) if len(rows) == limit else FIRST_PLACE


def keep_head(connection: Connection, event: InboxEvent, *, length: int) -> None:
    """Of the message its head, size and digest are kept, as of one that is too large."""
    if event.raw_size is None and len(event.raw) > length:
        head = {"raw": event.raw[:length], "raw_size": len(event.raw)}
        connection.execute(update(inbox).where(inbox.c.seq == event.seq).values(**head))


def begin_batch(connection: Connection, seqs: Sequence[int]) -> None:
    """Work on ``seqs`` together begins; committed before it does, and counted against none."""
    connection.execute(_BEGIN_BATCH, {"seqs": seqs})


def count_attempt(connection: Connection, seqs: Sequence[int]) -> int:
    """Each of ``seqs`` that still waits has one attempt more; how many wait.

    Committed before the work on it alone begins.
    """
    return connection.execute(_COUNT_ATTEMPT, {"seqs": seqs}).rowcount


def forgive_attempt(connection: Connection, seqs: Sequence[int]) -> None:
    """Each of ``seqs`` has one attempt less: what ended the work was no fault of the event."""
    connection.execute(_FORGIVE, {"seqs": seqs})


def taken_by(
    connection: Connection, source: str, event_id: str, *, speakers: Sequence[str] = ("",)
) -> str | None:
    """The content digest of the accepted or parked event of ``speakers`` with this id, or None."""
    values = {"source": source, "event_id": event_id, "speakers": speakers}
    row = connection.execute(_TAKEN_BY, values).first()
    return None if row is None else str(row.content_sha256)


def find(connection: Connection, source: str, event_id: str) -> dict[str, Any]:
    """The row of the event that came last under this id, without its bytes; it must be there."""
    columns = [column for column in inbox.c if column.name != "raw"]
    query = (
        select(*columns)
        .where(inbox.c.source == source, inbox.c.event_id == event_id)
        .order_by(inbox.c.seq.desc())
        .limit(1)
    )
    return dict(connection.execute(query).one()._mapping)  # noqa: SLF001


def settle(
    connection: Connection,
    seq: int,
    state: EventState,
    *,
    at: datetime,
    problems: Sequence[Problem] = (),
    warnings: Sequence[Problem] = (),
    speaker: str = "",
) -> None:
    """The event stands in ``state``, with its reasons and warnings; its attempts start anew.

    Accepted or parked, it takes its id within ``speaker`` and its source. Raises ValueError where
    no step leads there from where it stands: a defect of the caller.
    """
    values = {
        "this": seq,
        "before": sorted(EVENTS.before(state)),
        "of_speaker": speaker,
        "state": state,
        "settled_at": at,
        "problems": [asdict(problem) for problem in problems] or None,
        "warnings": [asdict(warning) for warning in warnings] or None,
    }
    if connection.execute(_SETTLE, values).rowcount != 1:
        raise ValueError(f"{EVENTS.title} {seq}: no step leads to {state} from where it stands")


def count(connection: Connection, state: EventState) -> int:
    """How many events stand in ``state``."""
    query = select(func.count()).select_from(inbox).where(inbox.c.state == state)
    return int(connection.execute(query).scalar_one())


def count_all(connection: Connection) -> int:
    """How many events ever came."""
    return int(connection.execute(select(func.count()).select_from(inbox)).scalar_one())


def replay(connection: Connection, seqs: Sequence[int], *, at: datetime) -> int:
    """Rejected events among ``seqs`` are in the inbox once more, as new arrivals; how many."""
    state = EVENTS.check(EventState.REJECTED, EventState.RECEIVED)
    rows = connection.execute(
        select(inbox).where(inbox.c.seq.in_(seqs), inbox.c.state == EventState.REJECTED)
    ).all()
    for row in rows:
        values = dict(row._mapping)  # noqa: SLF001 -- the documented way to a row's columns
        for name in ("seq", "delivery_id", "problems", "warnings", "settled_at", "speaker"):
            values.pop(name)
        values |= {"received_at": at, "state": state}
        values |= {"attempts": 0, "in_batch": False}
        connection.execute(insert(inbox).values(**values))
    return len(rows)


def listing(
    connection: Connection, states: Iterable[EventState], *, limit: int | None = None
) -> list[dict[str, Any]]:
    """All rows of ``pages``, for those that are known to be few."""
    return [row for page in pages(connection, states, limit=limit) for row in page]


def pages(
    connection: Connection, states: Iterable[EventState], *, limit: int | None = None
) -> Iterator[list[dict[str, Any]]]:
    """The events in these states, newest last, without their bytes, a page at a time."""
    wanted = set(states)
    query = select(*(column for column in inbox.c if column.name != "raw"))
    if wanted != set(EventState):
        query = query.where(inbox.c.state.in_(sorted(wanted)))
    for page in paged(connection, query, [inbox.c.seq], limit=limit):
        yield [dict(row._mapping) for row in page]  # noqa: SLF001


def _event(row: Row[Any]) -> InboxEvent:
    names = InboxEvent.__dataclass_fields__
    values = {name: getattr(row, name) for name in names}
    return InboxEvent(**{**values, "state": EventState(row.state)})
