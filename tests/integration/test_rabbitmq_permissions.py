"""The permissions of ``workers.brokers.permissions`` on a real RabbitMQ."""

import secrets
from dataclasses import replace

import pytest

from schemas.configuration import Bank, Directory, Source
from schemas.errors import Misconfigured
from tests.building.brokers import BrokerUnderTest, event, letter, names, receive
from tests.servers.rabbitmq import RabbitMQ
from workers.brokers import OutgoingMessage, PublishOutcome
from workers.brokers.permissions import program_permission, reader_permission, rules
from workers.brokers.topology import (
    DOCUMENTS_QUEUE,
    EVENTS,
    INTAKE_QUEUE,
    LETTERS,
    RECEIPTS,
    letters_queue,
)

RECEIPT_TYPE = "hanyin.letter.receipted.v1"


class Installation:
    """A virtual host with the users of a directory, permitted what the rules say."""

    def __init__(self, server: RabbitMQ, vhost: str) -> None:
        self._server, self._vhost = server, vhost
        #: users are the server's, not the virtual host's
        self._suffix = vhost[-8:]
        self.directory = Directory(
            agencies=[],
            banks=[
                Bank(name="icbc", codes=["102"], user=self.user("icbc")),
                Bank(name="abc", codes=["103"], user=self.user("abc")),
            ],
            sources=[
                Source(slug="county", source="/c", agencies=[], user=self.user("county")),
            ],
        )
        self._urls = {
            name: self._add(name) for name in ("icbc", "abc", "county", "workers", "archivist")
        }
        own = [
            program_permission(self.user("workers")),
            reader_permission(self.user("archivist"), DOCUMENTS_QUEUE),
        ]
        for rule in [*own, *rules(self.directory)]:
            server.control(*rule.words(vhost))

    def user(self, name: str) -> str:
        return f"{name}-{self._suffix}"

    def as_user(self, name: str) -> BrokerUnderTest:
        return BrokerUnderTest(url=self._urls[name], directory=self.directory)

    def _add(self, name: str) -> str:
        password = secrets.token_hex(8)
        self._server.control("add_user", self.user(name), password)
        return f"amqp://{self.user(name)}:{password}@{self._server.address}/{self._vhost}"


@pytest.fixture
def installation(rabbitmq_server: RabbitMQ, rabbitmq_vhost: str) -> Installation:
    installed = Installation(rabbitmq_server, rabbitmq_vhost)
    installed.as_user("workers").declare()
    return installed


def receipt(name: str) -> OutgoingMessage:
    return replace(event(name), exchange=RECEIPTS, routing_key=RECEIPT_TYPE)


def test_everybody_can_do_what_is_theirs_and_nothing_else(installation: Installation) -> None:
    # one test: each user of RabbitMQ costs a second
    _a_bank_reads_its_own_letters(installation)
    _a_bank_answers_under_its_own_name(installation)
    for queue in (letters_queue("abc"), DOCUMENTS_QUEUE, INTAKE_QUEUE):
        _may_not_read(installation, "icbc", queue)
    _may_not_publish(installation, "icbc", event("e1"))
    _may_not_publish(installation, "icbc", replace(event("e1"), exchange=RECEIPTS))
    _may_not_publish(installation, "icbc", letter("l1", bank="abc"))
    _may_not_publish(installation, "county", receipt("e1"))
    _may_not_read(installation, "county", INTAKE_QUEUE)
    _may_not_read(installation, "archivist", letters_queue("icbc"))
    for user in ("icbc", "county", "archivist"):
        with pytest.raises(Misconfigured):
            installation.as_user(user).declare()


def _a_bank_reads_its_own_letters(installation: Installation) -> None:
    installation.as_user("workers").publish(letter("l1", bank="icbc"), letter("l2", bank="abc"))
    mailbox = installation.as_user("icbc").mailbox()
    assert names(mailbox.read(letters_queue("icbc"), limit=5, remove=True)) == ["l1"]


def _a_bank_answers_under_its_own_name(installation: Installation) -> None:
    bank = installation.as_user("icbc")
    forged = replace(receipt("e2"), user_id=installation.user("abc"))
    assert bank.publish(receipt("e1")) == [PublishOutcome.CONFIRMED]
    assert bank.publish(forged) == [PublishOutcome.REFUSED]
    intake = installation.as_user("workers").intake()
    (delivery,) = receive(intake, 1)
    intake.close()
    assert (delivery.exchange, delivery.user_id) == (RECEIPTS, installation.user("icbc"))


def _may_not_read(installation: Installation, user: str, queue: str) -> None:
    with pytest.raises(Misconfigured, match="ACCESS_REFUSED"):
        installation.as_user(user).mailbox().read(queue, limit=1, remove=False)


def _may_not_publish(installation: Installation, user: str, message: OutgoingMessage) -> None:
    assert message.exchange in (EVENTS, RECEIPTS, LETTERS)
    with pytest.raises(Misconfigured, match="ACCESS_REFUSED"):
        installation.as_user(user).publish(message)
