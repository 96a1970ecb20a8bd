"""Who speaks: whether the sender of an event may say it (G7)."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from schemas.codes import Problem
from schemas.configuration import Bank, Directory
from schemas.errors import Invalid

if TYPE_CHECKING:
    from ledger.inbox import InboxEvent

#: the exchange that banks answer to
RECEIPTS = "hanyin.receipts"
#: the source of what an operator orders on the command line (``workers.operating``)
OPERATOR = "/hanyin/operator"
#: what stands in the inbox instead of an exchange for it; ``receiving`` lets no delivery bear it
OPERATOR_EXCHANGE = "(operator)"
#: the one type that a bank may send
_RECEIPT = "hanyin.letter.receipted.v1"


@dataclass(frozen=True, kw_only=True)
class Speaker:
    """Who sent the event."""

    #: the bank's configured name where a bank's RabbitMQ user sent it; None: an upstream system
    bank: str | None


def speaker_of(event: "InboxEvent", directory: Directory) -> Speaker:
    """Who sent ``event``.

    Raises ``Invalid`` (``not_found``) where that one may not speak for the event's agency: the
    same answer whether the case exists or not, given before anything is looked up.
    """
    if event.source == OPERATOR or event.exchange == OPERATOR_EXCHANGE:
        return _operator(event)
    bank = _bank_of_user(event.user_id, directory)
    if bank is not None:
        if event.type != _RECEIPT:
            raise Invalid([Problem.of("", "not_found")])
        return Speaker(bank=bank.name)
    if event.exchange == RECEIPTS:
        raise Invalid([Problem.of("", "not_found")])
    _demand_source(event, directory)
    return Speaker(bank=None)


def _operator(event: "InboxEvent") -> Speaker:
    """An operator speaks for every agency here; a message that only says so does not."""
    if event.source != OPERATOR or event.exchange != OPERATOR_EXCHANGE:
        raise Invalid([Problem.of("/source", "not_found")])
    return Speaker(bank=None)


def _demand_source(event: "InboxEvent", directory: Directory) -> None:
    """An unreadable envelope passes: parsing says what is wrong with it."""
    if event.source is None or event.agency is None:
        return
    source = directory.source_of(event.source)
    if source is None or event.agency not in source.agencies:
        raise Invalid([Problem.of("/source", "not_found")])
    if source.user is not None and source.user != event.user_id:
        raise Invalid([Problem.of("/source", "not_found")])


def _bank_of_user(user: str | None, directory: Directory) -> Bank | None:
    if user is None:
        return None
    return next((bank for bank in directory.banks if bank.user == user), None)
