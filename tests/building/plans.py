"""Which tables a database would go through whole for each statement that was asked."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Engine, event

#: tables that grow with the letters
GROWING = frozenset(
    {
        "attachments",
        "cases",
        "deadlines",
        "documents",
        "enclosures",
        "inbox",
        "outbox",
        "renditions",
        "trail",
    }
)
#: indexes of what is still to be done: however much is done, they are short
SHORT = frozenset(
    {
        "ix_attachments_work",
        "ix_cases_parked_due",
        "ix_documents_failed_again",
        "ix_documents_void_pinned",
        "ix_documents_work",
        "ix_inbox_parked",
        "ix_inbox_parked_since",
        "ix_inbox_tried",
        "ix_outbox_held",
        "ix_outbox_work",
    }
)
_SQLITE = re.compile(r"^SCAN (\w+)(?: USING (?:COVERING )?INDEX (\w+))?")
_ALIAS = re.compile(r"\b(\w+) AS (\w+)\b")


@dataclass(kw_only=True)
class Asked:
    """The statements that were asked in a block, each once, with values of its last asking."""

    statements: dict[str, Any] = field(default_factory=dict)

    @contextmanager
    def listening(self) -> Iterator[None]:
        """What any engine of this process is asked is kept."""
        event.listen(Engine, "before_cursor_execute", self._keep)
        try:
            yield
        finally:
            event.remove(Engine, "before_cursor_execute", self._keep)

    def scans(self, connection: Connection) -> dict[str, set[str]]:
        """Of each statement that goes through a growing table whole: which ones."""
        explain = _of_postgresql if connection.dialect.name == "postgresql" else _of_sqlite
        found = {
            statement: set(explain(connection, statement, values)) & GROWING
            for statement, values in self.statements.items()
        }
        return {statement: tables for statement, tables in found.items() if tables}

    def _keep(self, *said: Any) -> None:
        _, _, statement, values, _, many = said
        if statement.split(None, 1)[0] in {"SELECT", "INSERT", "UPDATE", "DELETE", "WITH"}:
            self.statements[statement] = values[0] if many else values


def _of_sqlite(connection: Connection, statement: str, values: Any) -> Iterator[str]:
    names = {alias: table for table, alias in _ALIAS.findall(statement)}
    for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values):
        scan = _SQLITE.match(row.detail)
        if scan and scan[2] not in SHORT:
            table: str = scan[1]
            yield names.get(table, table)


def _of_postgresql(connection: Connection, statement: str, values: Any) -> Iterator[str]:
    (plan,) = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", values).scalar_one()
    yield from _walk(plan["Plan"])


def _walk(node: dict[str, Any]) -> Iterator[str]:
    """Tables read whole: in their order, or by an index without a condition on it."""
    whole = node["Node Type"] == "Seq Scan" or (
        "Index Name" in node
        and "Index Cond" not in node
        and node["Index Name"] not in SHORT
        and "Relation Name" in node
    )
    if whole:
        yield str(node["Relation Name"])
    for child in node.get("Plans", ()):
        yield from _walk(child)
