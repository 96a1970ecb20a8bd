"""Deadlines are found by the day on which they are looked at; what was met since is marked."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

#: what waits for an answer, a service or money; what was reported is looked at once more, so that
#: what was met since is marked
_WATCHED = """
INSERT INTO watched (document_id, look_on)
SELECT document_id, {day} FROM documents
WHERE state IN ('archived', 'announced') AND (
    (kind = 'stop_payment_letter' AND sent_at IS NOT NULL AND receipts IS NULL)
    OR kind = 'audit_opinion'
    OR (kind IN ('recovery_notice', 'suspension_notice', 'resumption_notice') AND services IS NULL)
)
UNION
SELECT document_id, {day} FROM deadlines
"""


def upgrade() -> None:
    """The ledger is of this revision; reconcile looks at what is watched, in small batches."""
    op.create_table(
        "watched",
        sa.Column("document_id", sa.String(length=36), nullable=False),
        sa.Column("look_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("document_id", name=op.f("pk_watched")),
    )
    day = "DATE '1970-01-01'" if op.get_bind().dialect.name == "postgresql" else "'1970-01-01'"
    op.execute(_WATCHED.format(day=day))
    op.create_index("ix_watched_look_on", "watched", ["look_on", "document_id"])
    op.add_column(
        "deadlines", sa.Column("met", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.create_index(
        "ix_deadlines_unmet",
        "deadlines",
        ["deadline", "document_id"],
        sqlite_where=sa.text("met = 0"),
        postgresql_where=sa.text("NOT met"),
    )
    # deaths alone: what failed and is tried again by itself
    waits = sa.text("state = 'failed' AND next_attempt_at IS NOT NULL")
    op.create_index(
        "ix_documents_failed_again",
        "documents",
        ["next_attempt_at"],
        sqlite_where=waits,
        postgresql_where=waits,
    )
