"""How often a worker ended with a document in hand is counted apart from its attempts."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The ledger is of this revision; workers of the one before count no deaths."""
    op.add_column(
        "documents", sa.Column("deaths", sa.Integer(), nullable=False, server_default="0")
    )
