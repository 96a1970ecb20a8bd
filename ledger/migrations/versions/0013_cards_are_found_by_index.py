"""The letters about a card are found by its number, whatever case they are of."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The ledger is of this revision."""
    about_a_card = sa.text("account_number IS NOT NULL")
    op.create_index(
        "ix_documents_account_number",
        "documents",
        ["account_number"],
        sqlite_where=about_a_card,
        postgresql_where=about_a_card,
    )
