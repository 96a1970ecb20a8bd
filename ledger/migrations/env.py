"""Alembic's environment: the connection is handed in by ``ledger.migration``."""

from alembic import context

from ledger.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # SQLite cannot alter a column in place
    render_as_batch=True,
    transactional_ddl=True,
)
context.run_migrations()
