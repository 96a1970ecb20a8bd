"""What time it is: handed to the stages, so that tests can hold it."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

#: a moment, aware
Clock = Callable[[], datetime]

#: the agencies' own time; what is printed is told in it
SHANGHAI = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """This moment, aware, in UTC."""
    return datetime.now(UTC)


def today(clock: Clock) -> date:
    """The date in Asia/Shanghai."""
    return clock().astimezone(SHANGHAI).date()


def local(moment: datetime) -> datetime:
    """The same moment on the agencies' clocks, to the second, as messages tell it."""
    return moment.astimezone(SHANGHAI).replace(microsecond=0)
