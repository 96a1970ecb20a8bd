"""Days of a query as moments: a day begins and ends at midnight in Asia/Shanghai."""

from datetime import date, datetime, time, timedelta

from schemas.zone import CHINA


def start_of(day: date | None) -> datetime | None:
    """The first moment of ``day``."""
    return None if day is None else datetime.combine(day, time.min, CHINA)


def end_of(day: date | None) -> datetime | None:
    """The first moment after ``day``."""
    return None if day is None else start_of(day + timedelta(days=1))


def lies_in(day: date, since: date | None, until: date | None) -> bool:
    """Whether ``day`` is between the two, both counted; None does not bound."""
    return (since is None or since <= day) and (until is None or day <= until)
