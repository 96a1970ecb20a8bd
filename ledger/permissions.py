"""Who may do what in the ledger's database on PostgreSQL, as SQL: for ``psql`` and for a test.

The tables belong to whoever runs ``hanyin migrate``. Nobody else changes what the trail says.
"""

from collections.abc import Collection

from ledger.tables import deadlines, metadata, outbox, trail, usage, watched

#: what ``hanyin work`` and people's commands log in as
WORKER = "hanyin-work"
#: what only reads: reports, copies
READER = "hanyin-read"
_REVISION = "alembic_version"


def grants(database: str, *, worker: str = WORKER, reader: str = READER) -> list[str]:
    """The statements that give both roles, which exist, what they need and no more.

    To be said by the tables' owner, and again after every ``hanyin migrate``.
    """
    tables = sorted(table.name for table in metadata.sorted_tables)
    changed = [name for name in tables if name != trail.name]
    # what is counted by day, packed when it is old, or watched while it runs
    passing = [table.name for table in (deadlines, outbox, usage, watched)]
    work, read = _quoted(worker), _quoted(reader)
    return [
        f"GRANT CONNECT ON DATABASE {_quoted(database)} TO {work}, {read}",
        f"GRANT USAGE ON SCHEMA public TO {work}, {read}",
        f"GRANT SELECT ON {_all([*tables, _REVISION])} TO {work}, {read}",
        f"GRANT INSERT ON {_all(tables)} TO {work}",
        f"GRANT UPDATE ON {_all(changed)} TO {work}",
        f"GRANT DELETE ON {_all(passing)} TO {work}",
        f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {work}",
    ]


def _all(names: Collection[str]) -> str:
    return ", ".join(map(_quoted, names))


def _quoted(name: str) -> str:
    """An identifier (PostgreSQL, 4.1.1)."""
    return '"' + name.replace('"', '""') + '"'
