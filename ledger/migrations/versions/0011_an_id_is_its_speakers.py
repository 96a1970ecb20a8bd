"""An id is taken within its speaker: who else names the same source takes none of his."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The ledger is of this revision; each event that is there is its RabbitMQ user's."""
    speaker: sa.Column[str] = sa.Column(
        "speaker", sa.String(length=255), server_default="", nullable=False
    )
    op.add_column("inbox", speaker)
    op.execute("UPDATE inbox SET speaker = user_id WHERE user_id IS NOT NULL")
    taken = sa.text("state IN ('applied', 'parked')")
    op.drop_index("uq_inbox_taken", "inbox")
    op.create_index(
        "uq_inbox_taken",
        "inbox",
        ["source", "event_id", "speaker"],
        unique=True,
        sqlite_where=taken,
        postgresql_where=taken,
    )
