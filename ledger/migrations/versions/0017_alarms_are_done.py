"""Each alarm of the trail has a row that says whether it is done, and whether it was posted."""

import sqlalchemy as sa
from alembic import op

from ledger.instants import Instant

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The ledger is of this revision."""
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "alarms",
        sa.Column("seq", number, sa.ForeignKey("trail.seq"), primary_key=True),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("done_at", Instant()),
        sa.Column("done_by", sa.String(length=80)),
        sa.Column("checked", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("posts", sa.Integer(), nullable=False, server_default="0"),
        sa.Column("post_at", Instant()),
    )
    waiting = sa.text("post_at IS NOT NULL")
    op.create_index(
        "ix_alarms_post_at", "alarms", ["post_at"], sqlite_where=waiting, postgresql_where=waiting
    )
    op.create_index("ix_alarms_checked", "alarms", ["checked", "done_at"])
    # what was raised before is open until somebody says otherwise, and is posted to nobody
    op.execute("INSERT INTO alarms (seq, at) SELECT seq, at FROM trail WHERE alarm")
