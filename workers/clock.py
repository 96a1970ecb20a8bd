"""What time it is: handed to the stages, so that tests can hold it."""

from collections.abc import Callable
from datetime import UTC, date, datetime

from schemas.zone import CHINA

#: a moment, aware
Clock = Callable[[], datetime]


def now() -> datetime:
    """This moment, aware, in UTC."""
    return datetime.now(UTC)


def today(clock: Clock) -> date:
    """The date in Asia/Shanghai."""
    return clock().astimezone(CHINA).date()


def local(moment: datetime) -> datetime:
    """The same moment on the agencies' clocks, to the second, as messages tell it."""
    return moment.astimezone(CHINA).replace(microsecond=0)
