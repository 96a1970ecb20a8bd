"""Of a message that is too large its head is kept, and how large it was."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The ledger is of this revision; what is in the inbox is whole."""
    op.add_column("inbox", sa.Column("raw_size", sa.BigInteger()))
