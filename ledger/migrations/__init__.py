"""The ledger's migrations; Alembic runs them."""
