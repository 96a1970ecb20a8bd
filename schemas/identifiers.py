"""Identifiers that sort by the time they were made (UUID version 7, RFC 9562)."""

import uuid6


def new_id() -> str:
    """A new UUIDv7 as 36 characters, lower case."""
    return str(uuid6.uuid7())
