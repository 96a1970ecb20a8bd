"""Claims on work that only one process may do at a time."""

from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from ledger.tables import claims

# built once, with values apart: the relay takes its claim with every message
_FREE = or_(
    claims.c.token.is_(None),
    claims.c.token == bindparam("by"),
    claims.c.lease_until < bindparam("now"),
)
_TAKE = (
    update(claims)
    .where(claims.c.name == bindparam("called"), _FREE)
    .values(token=bindparam("by"), lease_until=bindparam("until"))
)


def take(connection: Connection, name: str, *, token: str, now: datetime, lease: timedelta) -> bool:
    """True when ``token`` holds ``name`` until ``now + lease`` (taken, or its own renewed)."""
    values = {"called": name, "by": token, "now": now, "until": now + lease}
    if connection.execute(_TAKE, values).rowcount:
        return True
    # it is another's, or nobody has ever taken it
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    connection.execute(dialect.insert(claims).values(name=name).on_conflict_do_nothing())
    return connection.execute(_TAKE, values).rowcount == 1


def holds(connection: Connection, name: str, *, token: str, until: datetime) -> bool:
    """True where ``token`` holds ``name`` for sure until then."""
    mine = select(claims.c.lease_until).where(claims.c.name == name, claims.c.token == token)
    lease = connection.execute(mine).scalar_one_or_none()
    return lease is not None and lease >= until


def held(connection: Connection, name: str, *, token: str) -> bool:
    """True while ``token`` holds ``name``, whatever its lease; the row is locked."""
    holder = connection.execute(
        select(claims.c.token).where(claims.c.name == name).with_for_update()
    ).scalar_one_or_none()
    return holder == token


def give_back(connection: Connection, name: str, *, token: str) -> None:
    """``name`` is free where ``token`` held it."""
    connection.execute(
        update(claims)
        .where(claims.c.name == name, claims.c.token == token)
        .values(token=None, lease_until=None)
    )


def give_back_all(connection: Connection) -> None:
    """Every claim is free: for the one process that owns an embedded home."""
    connection.execute(update(claims).values(token=None, lease_until=None))
