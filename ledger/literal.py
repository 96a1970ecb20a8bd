"""Values that stand in the statement itself, not beside it.

A database uses a partial index only where the statement shows that it suffices (sqlite.org,
"Partial Indexes", 3; PostgreSQL, 11.8): a parameter does not show it.
"""

from collections.abc import Sequence

from sqlalchemy import Column, ColumnElement, literal_column


def is_one_of(column: Column[str], values: Sequence[str]) -> ColumnElement[bool]:
    """``column IN ('a', 'b')``, as the index has it; ``values`` are ours, never from outside."""
    return column.in_([_quoted(value) for value in values])


def is_exactly(column: Column[str], value: str) -> ColumnElement[bool]:
    """``column = 'a'``, as the index has it; ``value`` is ours, never from outside."""
    return column == _quoted(value)


def _quoted(value: str) -> ColumnElement[str]:
    """The value in the statement's text. ``ValueError`` where it is not a name of ours."""
    if not value.isidentifier() or not value.isascii():
        raise ValueError(f"{value!r} does not stand in a statement")
    return literal_column(f"'{value}'")
