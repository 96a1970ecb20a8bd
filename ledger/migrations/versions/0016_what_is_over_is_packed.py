"""What is over and old lies packed; reconcile packs it, in small batches."""

import sqlalchemy as sa
from alembic import op

from ledger.instants import Instant

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The ledger is of this revision; nothing is packed yet."""
    sequence = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "packs",
        sa.Column("holds", sa.String(length=40), nullable=False),
        sa.Column("first_seq", sequence, autoincrement=False, nullable=False),
        sa.Column("last_seq", sequence, nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("holds", "first_seq", name=op.f("pk_packs")),
    )
    if op.get_bind().dialect.name == "postgresql":
        # it is compressed already
        op.execute("ALTER TABLE packs ALTER COLUMN content SET STORAGE EXTERNAL")
