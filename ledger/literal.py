"""Values that stand in the statement itself, not beside it.

A database uses a partial index only where the statement shows that it suffices (sqlite.org,
"Partial Indexes", 3; PostgreSQL, 11.8): a parameter does not show it.
"""

from collections.abc import Sequence

from sqlalchemy import Column, ColumnElement, bindparam


def is_one_of(column: Column[str], values: Sequence[str]) -> ColumnElement[bool]:
    """``column IN ('a', 'b')``, as the index has it; ``values`` are ours, never from outside."""
    plain = [str(value) for value in values]
    return column.in_(bindparam(None, plain, expanding=True, literal_execute=True))


def is_exactly(column: Column[str], value: str) -> ColumnElement[bool]:
    """``column = 'a'``, as the index has it; ``value`` is ours, never from outside."""
    return column == bindparam(None, str(value), literal_execute=True)
