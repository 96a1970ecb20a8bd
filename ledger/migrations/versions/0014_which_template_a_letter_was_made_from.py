"""A letter and its form keep the digest of the Word file that they were made from."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The ledger is of this revision; letters of before have no digest."""
    for table in ("documents", "attachments"):
        op.add_column(table, sa.Column("template_sha256", sa.String(64)))
