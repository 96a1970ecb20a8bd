"""Days of a query as moments: a day begins and ends at midnight in Asia/Shanghai."""

from datetime import date, datetime, time, timedelta

from schemas.zone import CHINA


def start_of(day: date | None) -> datetime | None:
    """The first moment of ``day``."""
    return None if day is None else datetime.combine(day, time.min, CHINA)


def end_of(day: date | None) -> datetime | None:
    """The first moment after ``day``."""
    return None if day is None else start_of(day + timedelta(days=1))
