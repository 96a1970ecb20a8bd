"""Texts as long as the contract's; work on events begun together or alone; parked in chunks."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

#: what these columns hold from now on, in characters
_LENGTHS = {
    ("cases", "case_no"): 100,
    ("cases", "state"): 40,
    ("inbox", "state"): 40,
    ("trail", "subject"): 107,
    ("documents", "case_no"): 100,
    ("documents", "state"): 40,
    ("documents", "role"): 40,
    ("documents", "issuer"): 40,
    ("documents", "level"): 40,
    ("documents", "level_wanted"): 40,
    ("attachments", "role"): 40,
    ("deadlines", "deadline"): 40,
    ("outbox", "state"): 40,
    ("renditions", "level"): 40,
}


def upgrade() -> None:
    """The ledger is of this revision; nothing in it changes."""
    # SQLite holds any length in these columns as they are, and cannot change them
    if op.get_bind().dialect.name == "postgresql":
        for (table, column), length in _LENGTHS.items():
            op.execute(f"ALTER TABLE {table} ALTER COLUMN {column} TYPE VARCHAR({length})")
        op.execute('ALTER TABLE inbox ALTER COLUMN source TYPE TEXT COLLATE "C"')
    for table, column in (("inbox", "in_batch"), ("cases", "parked_due")):
        added: sa.Column[bool] = sa.Column(
            column, sa.Boolean(), server_default=sa.false(), nullable=False
        )
        op.add_column(table, added)
    _make_indexes()


def _make_indexes() -> None:
    op.drop_index("ix_inbox_agency_case_no_state", "inbox")
    op.create_index(
        "ix_inbox_in_order", "inbox", ["agency", "case_no", "state", "time", "source", "seq"]
    )
    tried = sa.text("state = 'received' AND attempts > 0")
    parked = sa.text("state = 'parked'")
    for name, columns, where in (
        ("ix_inbox_tried", ["attempts", "seq"], tried),
        ("ix_inbox_parked", ["agency", "case_no"], parked),
    ):
        op.create_index(name, "inbox", columns, sqlite_where=where, postgresql_where=where)
    op.create_index(
        "ix_cases_parked_due",
        "cases",
        ["agency", "case_no"],
        sqlite_where=sa.text("parked_due = 1"),
        postgresql_where=sa.text("parked_due"),
    )
