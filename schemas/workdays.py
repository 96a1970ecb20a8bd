"""Working days: Monday to Friday, but for the holidays and the days worked instead of them.

The State Council announces both each autumn for the year to come
(国务院办公厅关于部分节假日安排的通知); who sets nothing has neither.
"""

from bisect import bisect_right
from datetime import date, timedelta
from functools import cached_property
from typing import Self

from pydantic import BaseModel, ConfigDict, model_validator

from schemas.model_faults import InvalidEntry

#: ``date.weekday()`` of Saturday
_SATURDAY = 5
_DAY = timedelta(days=1)


class WorkCalendar(BaseModel):
    """Which days are worked."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    #: days off that would be working days (法定节假日)
    holidays: frozenset[date] = frozenset()
    #: Saturdays and Sundays that are worked (调休上班)
    working_days: frozenset[date] = frozenset()

    @model_validator(mode="after")
    def _no_day_is_both(self) -> Self:
        if both := sorted(self.holidays & self.working_days):
            days = ", ".join(day.isoformat() for day in both)
            raise InvalidEntry(
                f"同时在 holidays 和 working_days 中：{days}",
                f"both in holidays and in working_days: {days}",
            )
        return self

    def works(self, day: date) -> bool:
        """True where ``day`` is a working day."""
        if day in self.working_days:
            return True
        return day.weekday() < _SATURDAY and day not in self.holidays

    def after(self, day: date, count: int) -> date:
        """The ``count``-th working day after ``day``, which is not counted; ``count`` ≥ 1."""
        while count:
            # so many days hold so many working days at most; they end with one where all are
            before, day = day, day + _DAY * count
            count -= self.between(before, day)
        return day

    def from_on(self, day: date) -> date:
        """``day`` itself where it is a working day, else the next one."""
        return day if self.works(day) else self.after(day, 1)

    def between(self, first: date, last: date) -> int:
        """The working days after ``first`` up to and with ``last``; 0 where there are none."""
        if last <= first:
            return 0
        weekdays = _weekdays_until(last) - _weekdays_until(first)
        return weekdays + _count(self._worked, first, last) - _count(self._off, first, last)

    @cached_property
    def _off(self) -> list[date]:
        """The holidays from Monday to Friday, in order."""
        return sorted(day for day in self.holidays if day.weekday() < _SATURDAY)

    @cached_property
    def _worked(self) -> list[date]:
        """The Saturdays and Sundays that are worked, in order."""
        return sorted(day for day in self.working_days if day.weekday() >= _SATURDAY)


def _weekdays_until(day: date) -> int:
    """The days from Monday to Friday since the calendar's first day, a Monday, with ``day``."""
    weeks, rest = divmod(day.toordinal(), 7)
    return weeks * _SATURDAY + min(rest, _SATURDAY)


def _count(days: list[date], first: date, last: date) -> int:
    """How many of ``days``, which are in order, lie after ``first`` up to and with ``last``."""
    return bisect_right(days, last) - bisect_right(days, first)
