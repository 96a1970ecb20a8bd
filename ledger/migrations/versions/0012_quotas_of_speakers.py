"""What each speaker has used up on a day; how long an event has been parked."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The ledger is of this revision; nothing is used up."""
    op.create_table(
        "usage",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("speaker", sa.String(length=262), nullable=False),
        sa.Column("agency", sa.String(length=6), nullable=False),
        sa.Column("case_no", sa.String(length=100), nullable=False),
        sa.Column("parked", sa.Integer(), nullable=False),
        sa.Column("rejected", sa.Integer(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("warned", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("day", "speaker", "agency", "case_no", name=op.f("pk_usage")),
    )
    parked = sa.text("state = 'parked'")
    op.create_index(
        "ix_inbox_parked_since",
        "inbox",
        ["settled_at"],
        sqlite_where=parked,
        postgresql_where=parked,
    )
