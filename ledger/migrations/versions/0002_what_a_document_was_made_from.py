"""What a document was made from, who issued it, and what it encloses."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The ledger is of this revision."""
    with op.batch_alter_table("documents") as documents:
        documents.add_column(
            sa.Column("issuer", sa.String(length=20), server_default="agency", nullable=False)
        )
        documents.add_column(sa.Column("basis", sa.JSON(none_as_null=True), nullable=True))
        documents.add_column(sa.Column("numbers", sa.JSON(none_as_null=True), nullable=True))
    op.create_table(
        "enclosures",
        sa.Column("document_id", sa.String(length=36), nullable=False),
        sa.Column("place", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("enclosed_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"],
            ["documents.document_id"],
            name=op.f("fk_enclosures_document_id"),
        ),
        sa.ForeignKeyConstraint(
            ["enclosed_id"],
            ["documents.document_id"],
            name=op.f("fk_enclosures_enclosed_id"),
        ),
        sa.PrimaryKeyConstraint("document_id", "place", name=op.f("pk_enclosures")),
    )
