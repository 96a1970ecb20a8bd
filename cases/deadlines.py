"""By which day something should have been done about a document, and which documents are served.

All days are calendar days in Asia/Shanghai; a deadline has passed when its last day is over.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from cases.dates import day_in_china
from schemas.configuration import Agency
from schemas.workdays import WorkCalendar


def repayment_day(data: Mapping[str, Any]) -> date | None:
    """The day by which an audit opinion wants its money; None where ``data`` names none.

    Read from what is printed (``data``, frozen with the number): an opinion that was issued anew
    after a correction has no ``audit.opened`` of its own.
    """
    try:
        return date(*(int(data[f"deadline_{part}"]) for part in ("year", "month", "day")))
    except (KeyError, TypeError, ValueError):
        return None


def receipt_day(sent_at: datetime, agency: Agency, calendar: WorkCalendar) -> date:
    """The last of the working days that a bank has to answer; the day it was sent is not one."""
    return calendar.after(day_in_china(sent_at), agency.receipt_days)


def service_day(
    archived_at: datetime, issued_on: date, agency: Agency, calendar: WorkCalendar
) -> date:
    """The last of the days in which a document is to be served.

    Counted from the day on which it could be handed out; where the last one is no working day it
    is the next that is (民事诉讼法(2023), 85, by analogy).
    """
    ready = max(day_in_china(archived_at), issued_on)
    return calendar.from_on(ready + timedelta(days=agency.service_days))
