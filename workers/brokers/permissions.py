"""Who may do what on RabbitMQ, as data: for ``rabbitmqctl``, for the docs and for a test.

RabbitMQ itself checks that ``user-id`` is the publisher's login; these rules see to it that a
bank reads its own letters only, and that nobody but the program declares or binds anything.
"""

import re
from dataclasses import dataclass

from schemas.configuration import Directory
from schemas.exchanges import DEAD, DOCUMENTS, EVENTS, LETTERS, RECEIPTS, REJECTIONS
from workers.brokers.topology import (
    DEAD_QUEUE,
    DOCUMENTS_QUEUE,
    INTAKE_QUEUE,
    RECEIPT_TYPE,
    REJECTIONS_QUEUE,
    UNASSIGNED_QUEUE,
    letters_queue,
    rejections_queue,
)

NOTHING = "^$"
#: the program's own exchanges and queues
OWN = r"^(hanyin|letters|documents|rejections)\..*$"


@dataclass(frozen=True, kw_only=True)
class Permission:
    """One ``rabbitmqctl set_permissions``: three regular expressions over names."""

    user: str
    configure: str
    write: str
    read: str

    def words(self, virtual_host: str) -> list[str]:
        """The command's words after ``rabbitmqctl``."""
        patterns = [self.configure, self.write, self.read]
        return ["set_permissions", "-p", virtual_host, self.user, *patterns]


@dataclass(frozen=True, kw_only=True)
class TopicPermission:
    """One ``rabbitmqctl set_topic_permissions``: regular expressions over routing keys."""

    user: str
    exchange: str
    write: str
    read: str

    def words(self, virtual_host: str) -> list[str]:
        """The command's words after ``rabbitmqctl``."""
        patterns = [self.write, self.read]
        return ["set_topic_permissions", "-p", virtual_host, self.user, self.exchange, *patterns]


def program_permission(user: str) -> Permission:
    """One user for the whole program: declares, publishes and reads whatever is its own."""
    return Permission(user=user, configure=OWN, write=OWN, read=OWN)


def declarer_permission(user: str) -> Permission:
    """``hanyin migrate`` declares and binds, and neither publishes an event nor reads a letter.

    What binds may write the queue and read the exchange; what dead-letters may read the queue and
    write the exchange (RabbitMQ, "Access Control").
    """
    queues = r"^(hanyin\.intake(\.dead)?|(letters|documents|rejections)\..*)$"
    exchanges = _only(EVENTS, RECEIPTS, LETTERS, DOCUMENTS, REJECTIONS, DEAD)
    return Permission(
        user=user,
        configure=OWN,
        write=f"{queues}|{_only(DEAD)}",
        read=f"{exchanges}|{_only(INTAKE_QUEUE)}",
    )


def receiver_permission(user: str) -> Permission:
    """``hanyin work --only receive`` reads the intake and what fell out of it."""
    read = _only(INTAKE_QUEUE, DEAD_QUEUE)
    return Permission(user=user, configure=NOTHING, write=NOTHING, read=read)


def relay_permission(user: str) -> Permission:
    """``hanyin work --only relay`` publishes what leaves and reads nothing."""
    write = _only(LETTERS, DOCUMENTS, REJECTIONS)
    return Permission(user=user, configure=NOTHING, write=write, read=NOTHING)


def publisher_permission(user: str) -> Permission:
    """``hanyin publish``, or an upstream system: events, and nothing else."""
    return Permission(user=user, configure=NOTHING, write=_only(EVENTS), read=NOTHING)


def reader_permission(user: str, queue: str) -> Permission:
    """``user`` reads one queue (``documents.all`` for an archivist's system) and no more."""
    return Permission(user=user, configure=NOTHING, write=NOTHING, read=_only(queue))


def bank_permissions(directory: Directory) -> list[Permission]:
    """Each bank that has a user reads its own queues and answers on ``hanyin.receipts``."""
    return [
        Permission(
            user=bank.user,
            configure=NOTHING,
            write=_only(RECEIPTS),
            read=_only(letters_queue(bank.name), rejections_queue(bank.name)),
        )
        for bank in directory.banks
        if bank.user is not None
    ]


def bank_topic_permissions(directory: Directory) -> list[TopicPermission]:
    """What a bank sends on ``hanyin.receipts`` is a receipt."""
    return [
        TopicPermission(user=bank.user, exchange=RECEIPTS, write=RECEIPT_TYPE, read=NOTHING)
        for bank in directory.banks
        if bank.user is not None
    ]


def source_permissions(directory: Directory) -> list[Permission]:
    """Each source that has a user publishes on ``hanyin.events`` and reads nothing."""
    users = sorted({source.user for source in directory.sources if source.user is not None})
    return [publisher_permission(user) for user in users]


def rules(directory: Directory) -> list[Permission | TopicPermission]:
    """Every rule for the users that the directory names, banks first."""
    return [
        *bank_permissions(directory),
        *bank_topic_permissions(directory),
        *source_permissions(directory),
    ]


def program_rules() -> list[Permission]:
    """A user for each part of the program, each with what that part needs."""
    return [
        declarer_permission("hanyin-migrate"),
        receiver_permission("hanyin-receive"),
        relay_permission("hanyin-relay"),
        publisher_permission("hanyin-publish"),
    ]


def reader_rules() -> list[Permission]:
    """A user for each queue that somebody of the agency's own reads."""
    return [
        reader_permission("hanyin-read-documents", DOCUMENTS_QUEUE),
        reader_permission("hanyin-read-rejections", REJECTIONS_QUEUE),
        reader_permission("hanyin-read-unassigned", UNASSIGNED_QUEUE),
    ]


def every_rule(directory: Directory) -> list[Permission | TopicPermission]:
    """The rules of the program's parts, of the readers, and of whom the directory names."""
    return [*program_rules(), *reader_rules(), *rules(directory)]


def _only(*names: str) -> str:
    """A regular expression for exactly these names."""
    one = "|".join(map(re.escape, names))
    return f"^{one}$" if len(names) == 1 else f"^({one})$"
