"""What is decided and has not left: letters to be made, messages to be sent."""

from datetime import datetime

from sqlalchemy import Connection

from ledger import outbox, readiness


def exceeds(connection: Connection, most: int, *, now: datetime) -> bool:
    """Whether more than ``most`` documents and messages could be worked on now.

    What waits for somebody (an approver, a key, the letter before it) is not counted: the agencies
    that are in order must not be held up by the one that is not.
    """
    ready = readiness.count_ready(connection, now=now, most=most + 1)
    return ready + outbox.count_due(connection, most=most + 1 - ready) > most
