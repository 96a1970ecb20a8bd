"""Names of producers, and the claims that begin with them."""

import secrets

from ledger.deaths import Patience
from workers.settings import Settings

#: bytes of a producer's name, and of what tells its claims apart; as hexadecimal digits, with a
#: hyphen, they fit into the ledger's column (36 characters)
_NAME, _REST = 9, 8


def new_worker() -> str:
    """A name that no other producer has."""
    return secrets.token_hex(_NAME)


def claim_token(worker: str) -> str:
    """A new claim's token, by which its producer is known."""
    return f"{worker}-{secrets.token_hex(_REST)}"


def patience_of(settings: Settings) -> Patience:
    """How long documents wait whose workers end, by the settings."""
    return Patience(first=settings.retry_seconds, attempts=settings.attempts)
