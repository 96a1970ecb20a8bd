"""Long listings, a page at a time: memory is level, and no transaction lasts as long as a reader.

Each page is looked for behind the last row of the one before (a keyset, not an offset), in a
reading transaction of its own: a listing that somebody pages through for hours keeps no old rows
alive. Its pages are of one moment each; what changes meanwhile is as it is when its page is read.
"""

from collections.abc import Iterator, Sequence
from itertools import count
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, literal, tuple_

#: rows that are read together
PAGE = 500


def paged(
    connection: Connection,
    query: Select[Any],
    key: Sequence[ColumnElement[Any]],
    *,
    limit: int | None = None,
) -> Iterator[list[Row[Any]]]:
    """The rows of ``query`` in the order of ``key``, at most ``limit``, in pages that hold some.

    ``key`` is unique, never null, among the columns of ``query``, and the order of an index: else
    each page sorts all rows that are left.
    """
    ordered = query.order_by(*key)
    page = ordered
    for begun in count(0, PAGE):
        size = PAGE if limit is None else min(PAGE, limit - begun)
        rows = list(connection.execute(page.limit(size))) if size > 0 else []
        if rows:
            last = rows[-1]._mapping  # noqa: SLF001 -- the documented way to a row's columns
            behind = (literal(last[column], column.type) for column in key)
            page = ordered.where(tuple_(*key) > tuple_(*behind))
            end_reading(connection)
            yield rows
        if len(rows) < PAGE:
            return


def end_reading(connection: Connection) -> None:
    """A connection that only reads sees no old moment any longer; others are left alone."""
    options = connection.get_execution_options()
    if options.get("hanyin_reads") and not options.get("hanyin_snapshot"):
        connection.rollback()
