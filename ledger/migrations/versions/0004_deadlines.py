"""Deadlines that passed and were told; indexes for what is watched and counted."""

import sqlalchemy as sa
from alembic import op

from ledger.instants import Instant

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The ledger is of this revision."""
    op.create_table(
        "deadlines",
        sa.Column("document_id", sa.String(length=36), nullable=False),
        sa.Column("deadline", sa.String(length=16), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("told_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.document_id"], name=op.f("fk_deadlines_document_id")
        ),
        sa.PrimaryKeyConstraint("document_id", "deadline", name=op.f("pk_deadlines")),
    )
    op.create_index("ix_documents_kind_archived_at", "documents", ["kind", "archived_at"])
    op.create_index(
        "ix_documents_unanswered",
        "documents",
        ["kind", "sent_at"],
        sqlite_where=sa.text("receipts IS NULL AND sent_at IS NOT NULL"),
        postgresql_where=sa.text("receipts IS NULL AND sent_at IS NOT NULL"),
    )
    op.create_index(
        "ix_trail_alarms",
        "trail",
        ["action"],
        sqlite_where=sa.text("alarm = 1"),
        postgresql_where=sa.text("alarm"),
    )
