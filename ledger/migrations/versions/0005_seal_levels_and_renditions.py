"""The level of each seal, and what the archive adds beside sealed documents."""

import sqlalchemy as sa
from alembic import op

from ledger.instants import Instant

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The ledger is of this revision; what was sealed before is of level B-B, which was wanted."""
    with op.batch_alter_table("documents", schema=None) as batch_op:
        batch_op.add_column(sa.Column("level", sa.String(length=8), nullable=True))
        batch_op.add_column(sa.Column("level_wanted", sa.String(length=8), nullable=True))
        batch_op.add_column(sa.Column("stamp_until", Instant(), nullable=True))
    op.execute(
        "UPDATE documents SET level = 'B-B', level_wanted = 'B-B' WHERE sealed_sha256 IS NOT NULL"
    )
    op.create_table(
        "renditions",
        sa.Column("document_id", sa.String(length=36), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("base_sha256", sa.String(length=64), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("level", sa.String(length=8), nullable=False),
        sa.Column("stamp_until", Instant(), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.Column("pinned", sa.LargeBinary(), nullable=True),
        sa.Column("storage_key", sa.Text(), nullable=True),
        sa.Column("version_id", sa.Text(), nullable=True),
        sa.Column("stored_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["documents.document_id"],
            name=op.f("fk_renditions_document_id_documents"),
        ),
        sa.PrimaryKeyConstraint("document_id", "seq", name=op.f("pk_renditions")),
    )
