"""The database: inbox, cases, documents, number series, outbox, claims, audit trail.

SQLite and PostgreSQL behind the same SQLAlchemy Core code. A function that takes a
``Connection`` works inside its caller's transaction and commits nothing.
"""
