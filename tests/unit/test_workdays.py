"""Working days, and the deadlines that are counted in them."""

import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.deadlines import receipt_day, repayment_day, service_day
from schemas.errors import Misconfigured
from schemas.workdays import WorkCalendar
from tests.building.paper import AGENCY
from workers.calendar import load_calendar

PLAIN = WorkCalendar()
FRIDAY, SATURDAY, MONDAY = date(2026, 9, 25), date(2026, 9, 26), date(2026, 9, 28)
#: the day off and the Saturday worked instead are made up
AUTUMN = WorkCalendar(holidays=frozenset({MONDAY}), working_days=frozenset({SATURDAY}))


def test_monday_to_friday_are_worked_where_nobody_says_otherwise() -> None:
    assert [PLAIN.works(date(2026, 11, 23 + day)) for day in range(7)] == [True] * 5 + [False] * 2


def test_a_holiday_is_off_and_a_worked_saturday_counts() -> None:
    assert PLAIN.after(FRIDAY, 1) == MONDAY
    assert AUTUMN.after(FRIDAY, 1) == SATURDAY
    assert AUTUMN.after(FRIDAY, 2) == date(2026, 9, 29)


def test_the_day_itself_is_not_counted_and_the_last_one_is() -> None:
    assert PLAIN.between(FRIDAY, FRIDAY) == 0
    assert PLAIN.between(FRIDAY, MONDAY) == 1
    assert PLAIN.between(MONDAY, FRIDAY) == 0


def test_a_bank_has_its_working_days_from_the_day_after_in_chinas_time() -> None:
    # a Thursday evening in UTC is Friday in China
    sent = datetime(2026, 11, 19, 17, 0, tzinfo=UTC)
    assert receipt_day(sent, AGENCY, PLAIN) == date(2026, 11, 25)


def test_a_notice_is_due_on_the_next_working_day_where_its_last_day_is_off() -> None:
    archived = datetime(2026, 11, 18, 1, 0, tzinfo=UTC)
    assert service_day(archived, date(2026, 11, 18), AGENCY, PLAIN) == date(2026, 11, 30)


def test_a_notice_dated_later_than_it_was_made_is_counted_from_its_date() -> None:
    archived = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)
    assert service_day(archived, date(2026, 11, 3), AGENCY, PLAIN) == date(2026, 11, 13)


@pytest.mark.parametrize(
    "data",
    [{}, {"deadline_year": "2026", "deadline_month": "2", "deadline_day": "30"}],
    ids=["nothing", "no such day"],
)
def test_an_opinion_without_a_real_day_has_no_deadline(data: dict[str, str]) -> None:
    assert repayment_day(data) is None


def test_a_calendar_is_read_from_its_file(tmp_path: Path) -> None:
    file = tmp_path / "calendar.toml"
    file.write_text("holidays = [2026-09-28]\nworking_days = [2026-09-26]\n")
    assert load_calendar(file) == AUTUMN
    assert load_calendar(None) == PLAIN


@pytest.mark.parametrize(
    "text",
    [
        'holidays = ["soon"]',
        "holiday = []",
        "holidays = [2026-09-28]\nworking_days = [2026-09-28]",
        "holidays = [",
    ],
    ids=["no date", "no such name", "both", "no TOML"],
)
def test_a_wrong_calendar_is_an_error_that_names_the_setting(tmp_path: Path, text: str) -> None:
    file = tmp_path / "calendar.toml"
    file.write_text(text)
    with pytest.raises(Misconfigured, match="HANYIN_CALENDAR_FILE"):
        load_calendar(file)


def test_a_calendar_that_is_not_there_is_an_error_that_names_the_setting(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match="HANYIN_CALENDAR_FILE"):
        load_calendar(tmp_path / "none.toml")


_days = st.dates(min_value=date(2024, 1, 1), max_value=date(2024, 12, 31))


@st.composite
def _calendars(draw: st.DrawFn) -> WorkCalendar:
    off = draw(st.frozensets(_days, max_size=8))
    worked = draw(st.frozensets(_days, max_size=4))
    return WorkCalendar(holidays=off - worked, working_days=worked)


def _day_by_day(calendar: WorkCalendar, first: date, last: date) -> int:
    days = range(1, (last - first).days + 1)
    return sum(calendar.works(first + timedelta(days=each)) for each in days)


@given(calendar=_calendars(), first=_days, last=_days)
def test_working_days_are_as_many_as_are_counted_one_by_one(
    calendar: WorkCalendar, first: date, last: date
) -> None:
    assert calendar.between(first, last) == _day_by_day(calendar, first, last)


@given(calendar=_calendars(), day=_days, count=st.integers(1, 120))
def test_so_many_working_days_later_is_the_day_found_one_by_one(
    calendar: WorkCalendar, day: date, count: int
) -> None:
    found = calendar.after(day, count)
    assert calendar.works(found)
    assert _day_by_day(calendar, day, found) == count


def test_working_days_of_a_century_are_counted_at_once() -> None:
    began = time.process_time()
    for _ in range(1_000):
        PLAIN.between(date(1926, 1, 1), date(2026, 1, 1))
        PLAIN.after(date(1926, 1, 1), 20_000)
    # one by one it would be some 70 million days
    assert time.process_time() - began < 2
