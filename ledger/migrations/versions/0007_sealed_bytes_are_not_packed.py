"""Sealed bytes are kept as they are: they are packed already, and packing them took long."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The ledger is of this revision; what PostgreSQL has packed before stays so."""
    if op.get_bind().dialect.name == "postgresql":
        for table in ("documents", "attachments"):
            op.execute(f"ALTER TABLE {table} ALTER COLUMN pinned SET STORAGE EXTERNAL")
