"""What is overdue and what no bank has answered is listed in an index's order."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

#: index → table, columns, condition on SQLite and on PostgreSQL; each had other columns before
_INDEXES = {
    "ix_documents_unanswered": (
        "documents",
        ["sent_at", "agency", "series", "year", "seq"],
        "receipts IS NULL AND sent_at IS NOT NULL",
        "receipts IS NULL AND sent_at IS NOT NULL",
    ),
    "ix_deadlines_unmet": (
        "deadlines",
        ["deadline", "last_day", "document_id"],
        "met = 0",
        "NOT met",
    ),
}


def upgrade() -> None:
    """The ledger is of this revision."""
    for name, (table, columns, of_sqlite, of_postgresql) in _INDEXES.items():
        op.drop_index(name, table)
        op.create_index(
            name,
            table,
            columns,
            sqlite_where=sa.text(of_sqlite),
            postgresql_where=sa.text(of_postgresql),
        )
