"""Months of the calendar, the unit in which benefits are paid and paid back."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Self

#: years that any date, month or time may lie in; keeps every conversion in range
FIRST_YEAR, LAST_YEAR = 1900, 2199
_DECEMBER = 12


@dataclass(frozen=True, order=True)
class Month:
    """A month of the calendar; compares and prints as ``2026-05``."""

    year: int
    month: int

    def __post_init__(self) -> None:
        if not (FIRST_YEAR <= self.year <= LAST_YEAR and 1 <= self.month <= _DECEMBER):
            raise ValueError("not a month of the years that are handled")

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"

    @classmethod
    def of(cls, day: date) -> Self:
        """The month that ``day`` lies in."""
        return cls(day.year, day.month)

    @classmethod
    def parse(cls, text: str) -> Self:
        """The month that ``text`` writes (``YYYY-MM``); ValueError otherwise."""
        match = re.fullmatch(r"([0-9]{4})-([0-9]{2})", text, re.ASCII)
        if match is None:
            raise ValueError("not a month YYYY-MM")
        return cls(int(match[1]), int(match[2]))

    @property
    def first_day(self) -> date:
        """The month's first day."""
        return date(self.year, self.month, 1)

    def months_to(self, last: "Month") -> int:
        """How many months from this to ``last``, both counted; 1 for the same month."""
        return (last.year - self.year) * 12 + last.month - self.month + 1

    def plus(self, months: int) -> "Month":
        """The month ``months`` later."""
        count = self.year * 12 + self.month - 1 + months
        return Month(count // 12, count % 12 + 1)
