"""What waits to be made or sent is found without looking at all that waits."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_VOID_PINNED = sa.text("state = 'void' AND pinned IS NOT NULL")
_HELD = sa.text("next_attempt_at IS NOT NULL AND state IN ('waiting', 'leaving')")


def upgrade() -> None:
    """The ledger is of this revision; only indexes are new."""
    op.create_index(
        "ix_documents_void_pinned",
        "documents",
        ["document_id"],
        sqlite_where=_VOID_PINNED,
        postgresql_where=_VOID_PINNED,
    )
    op.create_index("ix_documents_replaces", "documents", ["replaces"])
    op.create_index(
        "ix_outbox_held",
        "outbox",
        ["next_attempt_at"],
        sqlite_where=_HELD,
        postgresql_where=_HELD,
    )
