"""Text strings and dates (ISO 32000-2, 7.9.2 and 7.9.4)."""

import re
from datetime import UTC, datetime, timedelta, timezone

from signing.syntax.values import Value

_UTF_16, _UTF_8 = b"\xfe\xff", b"\xef\xbb\xbf"
_DATE = re.compile(rb"D:(\d{14})(?:Z(?:00'00'?)?|([+-])(\d\d)'(\d\d)'?)")


def text_of(value: Value) -> str | None:
    """The characters of a text string; None where it is none, or not in Unicode or ASCII."""
    if not isinstance(value, bytes):
        return None
    try:
        if value.startswith(_UTF_16):
            return value.removeprefix(_UTF_16).decode("utf-16-be")
        if value.startswith(_UTF_8):
            return value.removeprefix(_UTF_8).decode("utf-8")
        return value.decode("ascii")
    except UnicodeDecodeError:
        return None


def date_of(value: Value) -> datetime | None:
    """The moment that a date with its seconds and its zone says, UTC; None for any other."""
    found = _DATE.fullmatch(value) if isinstance(value, bytes) else None
    if found is None:
        return None
    sign, hours, minutes = found[2], int(found[3] or 0), int(found[4] or 0)
    offset = timedelta(hours=hours, minutes=minutes) * (-1 if sign == b"-" else 1)
    try:
        local = datetime.strptime(found[1].decode("ascii"), "%Y%m%d%H%M%S")  # noqa: DTZ007 -- the zone is in the next line
        return local.replace(tzinfo=timezone(offset)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
