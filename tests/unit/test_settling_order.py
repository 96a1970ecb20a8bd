"""The order in which the events of a case that wait together are applied."""

from datetime import UTC, datetime, timedelta

from cases.states import EventState
from ledger.inbox import InboxEvent
from workers.settling import by_case

NINE = datetime(2026, 3, 5, 9, 0, tzinfo=UTC)
LATER = NINE + timedelta(microseconds=1)


def waiting(
    seq: int,
    time: datetime | None,
    *,
    source: str = "/a",
    event_id: str = "1",
    opens: bool = False,
    case_no: str = "1",
) -> InboxEvent:
    """The event that arrived as the ``seq``-th."""
    name = "overpayment.confirmed" if opens else "repayment.recorded"
    return InboxEvent(
        seq=seq,
        exchange="hanyin.events",
        user_id=None,
        raw=b"",
        raw_size=None,
        raw_sha256="",
        source=source,
        event_id=event_id,
        type=f"hanyin.{name}.v1",
        time=time,
        agency="430111",
        case_no=case_no,
        content_sha256=None,
        state=EventState.RECEIVED,
        attempts=0,
        in_batch=False,
    )


def order(*events: InboxEvent) -> list[int]:
    (group,) = by_case(events)
    return [event.seq for event in group]


def test_time_stands_before_source_and_source_before_arrival() -> None:
    first, second = waiting(4, NINE, source="/b"), waiting(3, LATER, source="/a")
    third, fourth = waiting(1, LATER, source="/b"), waiting(2, LATER, source="/b")
    assert order(fourth, third, second, first) == [4, 3, 1, 2]


def test_events_of_one_source_and_time_go_as_they_arrived_whatever_their_ids() -> None:
    names = ["9", "10", "a", "A", "刘", "0"]
    came = [waiting(seq, NINE, event_id=name) for seq, name in enumerate(names)]
    assert order(*reversed(came)) == [0, 1, 2, 3, 4, 5]


def test_texts_sort_by_code_point() -> None:
    sources = ["/10", "/9", "/A", "/a", "/刘", "/𠅤"]
    came = [waiting(seq, NINE, source=source) for seq, source in enumerate(sources)]
    assert order(*reversed(came)) == [0, 1, 2, 3, 4, 5]


def test_what_may_open_the_case_comes_first() -> None:
    assert order(waiting(1, NINE), waiting(2, LATER, opens=True)) == [2, 1]


def test_what_has_no_time_comes_before_what_has_one() -> None:
    assert order(waiting(1, NINE), waiting(2, None)) == [2, 1]


def test_cases_are_taken_in_sorted_order() -> None:
    groups = by_case([waiting(1, NINE, case_no="2"), waiting(2, NINE, case_no="1")])
    assert [group[0].case_no for group in groups] == ["1", "2"]
