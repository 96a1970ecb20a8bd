"""Who speaks: whether the sender of an event may say it (G7)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from schemas.codes import Problem
from schemas.configuration import Directory, Source
from schemas.errors import Invalid
from schemas.exchanges import RECEIPTS

if TYPE_CHECKING:
    from ledger.inbox import InboxEvent

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
    bank: str | None = None
    #: within it, and the event's source, an id is unique: the RabbitMQ user; "" where the source is
    #: one user's alone, whatever he is called by now, and where there are no users (embedded)
    space: str = ""
    #: the spaces in which an id of his may be taken: that, and what he was called before
    spaces: tuple[str, ...] = ("",)


def speaker_of(event: "InboxEvent", directory: Directory, *, has_users: bool = True) -> Speaker:
    """Who sent ``event``; ``has_users``: whether the broker knows its publishers (RabbitMQ).

    Raises ``Invalid`` (``not_found``) where that one may not speak for the event's agency: the
    same answer whether the case exists or not, given before anything is looked up.
    """
    if event.source == OPERATOR or event.exchange == OPERATOR_EXCHANGE:
        return _operator(event)
    user = event.user_id or ""
    bank = directory.bank_of_user(event.user_id)
    if bank is not None:
        if event.type != _RECEIPT:
            raise Invalid([Problem.of("", "not_found")])
        # whatever source it names, it takes no id from whom that source belongs to
        return Speaker(bank=bank.name, space=user, spaces=(user,))
    if event.exchange == RECEIPTS:
        raise Invalid([Problem.of("", "not_found")])
    source = _source_of(event, directory, has_users=has_users)
    if source is None or source.user is None:
        return Speaker(space=user, spaces=(user,))
    return Speaker(spaces=("", source.user))


def sender_problems(source_name: str, agency: str | None, directory: Directory) -> list[Problem]:
    """Why workers with this directory would refuse the event's source or agency; [] where none.

    For whoever sends: the workers themselves say ``not_found``, and nothing of what there is.
    """
    source = directory.source_of(source_name)
    found: list[Problem] = []
    if agency is None:
        # a bank's answer need not name it, and a bank is no source
        return found
    if source is None:
        known = _listed(entry.source for entry in directory.sources)
        found.append(Problem.of("/source", "source_unknown", source=source_name, known=known))
    if directory.agency(agency) is None:
        known = _listed(entry.code for entry in directory.agencies)
        found.append(Problem.of("/data/agency", "agency_unknown", agency=agency, known=known))
    elif source is not None and agency not in source.agencies:
        values = {"source": source_name, "agency": agency, "known": _listed(source.agencies)}
        found.append(Problem.of("/data/agency", "agency_not_of_source", **values))
    return found


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names) or "–"


def _operator(event: "InboxEvent") -> Speaker:
    """An operator speaks for every agency here; a message that only says so does not."""
    if event.source != OPERATOR or event.exchange != OPERATOR_EXCHANGE:
        raise Invalid([Problem.of("/source", "not_found")])
    return Speaker()


def _source_of(event: "InboxEvent", directory: Directory, *, has_users: bool) -> Source | None:
    """The event's source; raise ``Invalid`` unless that may say it, by that user.

    None for an unreadable envelope: parsing says what is wrong with it.
    """
    if event.source is None or event.agency is None:
        return None
    source = directory.source_of(event.source)
    if source is None or event.agency not in source.agencies:
        raise Invalid([Problem.of("/source", "not_found")])
    is_unknown = event.user_id is None and not has_users
    if source.user not in (None, event.user_id) and not is_unknown:
        raise Invalid([Problem.of("/source", "not_found")])
    return source
