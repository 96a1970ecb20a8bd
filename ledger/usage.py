"""What each speaker has used up on a day: parked and rejected events, and bytes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, bindparam, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from ledger.tables import usage

#: speaker, agency and case number; the latter two are "" for all that the speaker sent
Key = tuple[str, str, str]

_OF = select(usage).where(
    usage.c.day == bindparam("on_day"),
    usage.c.speaker == bindparam("of_speaker"),
    usage.c.agency == bindparam("of_agency"),
    usage.c.case_no == bindparam("of_case"),
)
_COUNTS = ("parked", "rejected", "bytes")


@dataclass(kw_only=True)
class Used:
    """How much of a day's quotas is used up."""

    parked: int = 0
    rejected: int = 0
    bytes: int = 0
    #: an alarm was raised that a quota is used up
    warned: bool = False


def of(connection: Connection, key: Key, *, day: date) -> Used:
    """What ``key`` has used up on ``day``."""
    speaker, agency, case_no = key
    values = {"on_day": day, "of_speaker": speaker, "of_agency": agency, "of_case": case_no}
    row = connection.execute(_OF, values).one_or_none()
    if row is None:
        return Used()
    return Used(parked=row.parked, rejected=row.rejected, bytes=row.bytes, warned=row.warned)


def add(connection: Connection, used: Mapping[Key, Used], *, day: date) -> None:
    """``used`` comes to what was used up; rows are locked in sorted order until the end."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    insert = dialect.insert(usage)
    more = {name: usage.c[name] + insert.excluded[name] for name in _COUNTS}
    more["warned"] = usage.c.warned | insert.excluded.warned
    rows = [
        {"day": day, "speaker": speaker, "agency": agency, "case_no": case_no, **vars(each)}
        for (speaker, agency, case_no), each in sorted(used.items())
    ]
    if rows:
        connection.execute(
            insert.on_conflict_do_update(index_elements=list(usage.primary_key), set_=more), rows
        )


def forget(connection: Connection, *, before: date) -> None:
    """What was used up on days before ``before`` is not kept."""
    connection.execute(delete(usage).where(usage.c.day < before))
