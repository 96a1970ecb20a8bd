"""The permissions of ``workers.brokers.permissions`` on a real RabbitMQ."""

import os
import secrets
import shlex
import stat
import subprocess
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import amqp
import pytest

from schemas.configuration import Bank, Directory, Source
from schemas.errors import Misconfigured
from schemas.exchanges import DOCUMENTS, EVENTS, LETTERS, RECEIPTS, REJECTIONS
from schemas.identifiers import new_id
from tests.building.brokers import BrokerUnderTest, event, letter, names, raw_connection, receive
from tests.building.installation import Installation as WholeInstallation
from tests.servers.rabbitmq import RabbitMQ
from workers.brokers import OutgoingMessage, PublishOutcome, opening
from workers.brokers.opening import counts_are_open, demand_topology
from workers.brokers.permissions import (
    Permission,
    declarer_permission,
    every_rule,
    program_permission,
    publisher_permission,
    reader_permission,
    receiver_permission,
    relay_permission,
    rules,
)
from workers.brokers.topology import (
    DOCUMENTS_QUEUE,
    INTAKE_QUEUE,
    REJECTIONS_QUEUE,
    letters_queue,
    rejections_queue,
)
from workers.directory import load_directory

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
        roles: dict[str, Callable[[str], Permission]] = {
            "workers": program_permission,
            "migrate": declarer_permission,
            "receive": receiver_permission,
            "relay": relay_permission,
            "publish": publisher_permission,
            "archivist": partial(reader_permission, queue=DOCUMENTS_QUEUE),
        }
        names = ("icbc", "abc", "county", *roles)
        self._urls = {name: self._add(name) for name in names}
        own = [permission(self.user(name)) for name, permission in roles.items()]
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
    installed.as_user("migrate").declare()
    return installed


def receipt(name: str) -> OutgoingMessage:
    return replace(event(name), exchange=RECEIPTS, routing_key=RECEIPT_TYPE)


def document(name: str) -> OutgoingMessage:
    return replace(event(name), exchange=DOCUMENTS)


def test_everybody_can_do_what_is_theirs_and_nothing_else(installation: Installation) -> None:
    # one test: each user of RabbitMQ costs a second
    _a_bank_reads_its_own_letters(installation)
    _a_bank_answers_under_its_own_name(installation)
    for queue in (letters_queue("abc"), rejections_queue("abc"), DOCUMENTS_QUEUE, INTAKE_QUEUE):
        _may_not_read(installation, "icbc", queue)
    _may_not_publish(installation, "icbc", event("e1"))
    _may_not_publish(installation, "icbc", replace(event("e1"), exchange=RECEIPTS))
    _may_not_publish(installation, "icbc", letter("l1", bank="abc"))
    _may_not_publish(installation, "county", receipt("e1"))
    _may_not_read(installation, "county", INTAKE_QUEUE)
    _may_not_read(installation, "archivist", letters_queue("icbc"))
    for user in ("icbc", "county", "archivist", "receive", "relay", "publish"):
        with pytest.raises(Misconfigured):
            installation.as_user(user).declare()
    _each_part_of_the_program_does_its_own(installation)
    _each_part_of_the_program_does_nothing_else(installation)
    _nobody_gets_round_the_exchanges(installation)
    _who_has_no_right_to_a_queue_counts_it_only_on_an_old_server(installation)


def _who_has_no_right_to_a_queue_counts_it_only_on_an_old_server(
    installation: Installation,
) -> None:
    """What the server does is what ``hanyin doctor`` says that it does."""
    for user in ("icbc", "county", "archivist"):
        url = installation.as_user(user).url
        with closing(raw_connection(url)) as connection:
            channel = connection.channel()
            if counts_are_open(url) is not None:
                assert channel.queue_declare(letters_queue("abc"), passive=True).message_count >= 0
            else:
                with pytest.raises(amqp.AccessRefused):
                    channel.queue_declare(letters_queue("abc"), passive=True)


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


def _each_part_of_the_program_does_its_own(installation: Installation) -> None:
    assert installation.as_user("publish").publish(event("p1")) == [PublishOutcome.CONFIRMED]
    intake = installation.as_user("receive").intake()
    assert names(receive(intake, 1)) == ["p1"]
    intake.close()
    left = [letter("l3", bank="abc"), document("d1"), replace(document("r1"), exchange=REJECTIONS)]
    assert installation.as_user("relay").publish(*left) == [PublishOutcome.CONFIRMED] * 3
    for user in ("receive", "relay", "publish"):
        demand_topology(installation.as_user(user).url, installation.directory)
    more = installation.directory.model_copy(update={"banks": [Bank(name="new", codes=["999"])]})
    with pytest.raises(Misconfigured, match=r"letters\.bank\.new.*hanyin migrate"):
        demand_topology(installation.as_user("relay").url, more)


def _each_part_of_the_program_does_nothing_else(installation: Installation) -> None:
    for user in ("receive", "relay", "publish", "migrate"):
        for queue in (letters_queue("abc"), DOCUMENTS_QUEUE, REJECTIONS_QUEUE):
            _may_not_read(installation, user, queue)
    for user in ("relay", "publish"):
        _may_not_read(installation, user, INTAKE_QUEUE)
    for user in ("receive", "migrate", "relay"):
        _may_not_publish(installation, user, event("e1"))
    for user in ("receive", "migrate", "publish"):
        _may_not_publish(installation, user, letter("l1", bank="abc"))
    _may_not_publish(installation, "relay", receipt("e1"))


#: what the rights of nobody but who declares may reach, on a channel of py-amqp
_WAYS_ROUND: list[Callable[[Any], object]] = [
    lambda channel: channel.basic_publish_confirm(
        amqp.Message("x"), exchange="", routing_key=INTAKE_QUEUE
    ),
    lambda channel: channel.queue_bind(letters_queue("icbc"), exchange=LETTERS, routing_key="#"),
    lambda channel: channel.queue_unbind(letters_queue("icbc"), exchange=LETTERS, routing_key="#"),
    lambda channel: channel.queue_declare("", exclusive=True),
    lambda channel: channel.queue_delete(letters_queue("icbc")),
    lambda channel: channel.queue_purge(letters_queue("abc")),
    lambda channel: channel.exchange_delete(LETTERS),
    lambda channel: channel.exchange_bind(EVENTS, LETTERS, routing_key="#"),
]


def _nobody_gets_round_the_exchanges(installation: Installation) -> None:
    """Not by the default exchange, which leads into every queue, nor by a binding of one's own."""
    for user in ("icbc", "county", "archivist", "receive", "relay", "publish"):
        url = installation.as_user(user).url
        for deed in _WAYS_ROUND:
            with closing(raw_connection(url)) as connection:
                channel = connection.channel()
                with pytest.raises(amqp.AccessRefused):
                    deed(channel)


def _may_not_read(installation: Installation, user: str, queue: str) -> None:
    with pytest.raises(Misconfigured, match="ACCESS_REFUSED"):
        installation.as_user(user).mailbox().read(queue, limit=1, remove=False)


def _may_not_publish(installation: Installation, user: str, message: OutgoingMessage) -> None:
    assert message.exchange in (EVENTS, RECEIPTS, LETTERS, DOCUMENTS)
    with pytest.raises(Misconfigured, match="ACCESS_REFUSED"):
        installation.as_user(user).publish(message)


@pytest.mark.parametrize(
    ("version", "told"),
    [((3, 10, 8), "3.10.8"), ((4, 2, 5), "4.2.5"), ((4, 2, 6), None), ((4, 3, 3), None), ((), "?")],
)
def test_which_servers_keep_counts_from_others_is_known(
    version: tuple[int, ...], told: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(opening, "version_of", lambda _address: version)
    assert counts_are_open("amqp://h/v") == told


def test_a_server_that_tells_a_user_only_of_its_own_is_asked_for_that(
    installation: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    # as RabbitMQ does from 4.2.6 on: the receiver has a right to the intake alone
    looked: list[str] = []
    real = amqp.Channel.queue_declare

    def as_later(self: amqp.Channel, queue: str = "", **more: Any) -> Any:
        if more.get("passive"):
            looked.append(queue)
        if more.get("passive") and not queue.startswith("hanyin.intake"):
            # refused by this server for want of a right, which closes the channel as well
            return real(self, queue, durable=True)
        return real(self, queue, **more)

    monkeypatch.setattr(amqp.Channel, "queue_declare", as_later)
    receiver = installation.as_user("receive")
    demand_topology(receiver.url, installation.directory)
    assert INTAKE_QUEUE in looked
    assert letters_queue("abc") in looked
    with closing(raw_connection(installation.as_user("workers").url)) as connection:
        connection.channel().queue_delete(INTAKE_QUEUE)
    with pytest.raises(Misconfigured, match=r"hanyin\.intake"):
        demand_topology(receiver.url, installation.directory)


def test_the_rights_are_told_as_commands(on_servers: WholeInstallation) -> None:
    lines = on_servers.run("migrate", "--permissions").splitlines()
    told = [shlex.split(line) for line in lines if line.startswith("rabbitmqctl set_")]
    vhost = on_servers.variables["HANYIN_BROKER_URL"].rpartition("/")[2]
    directory = load_directory(None)
    assert told == [["rabbitmqctl", *rule.words(vhost)] for rule in every_rule(directory)]
    users = {rule.user for rule in every_rule(directory)}
    assert {line.split()[2] for line in lines if line.startswith("rabbitmqctl add_")} == users
    banks = {bank.user for bank in directory.banks}
    assert {"hanyin-receive", "hanyin-read-documents", "hanyin-read-rejections"} | banks <= users


def test_the_commands_make_users_and_roles_whose_passwords_nobody_sees(
    on_servers: WholeInstallation, rabbitmq_server: RabbitMQ, tmp_path: Path
) -> None:
    """The lines run as they are, but for names that are this test's own and for ``psql``."""
    own = f"reader-{new_id()}"
    asked = ("hanyin-read-documents", "hanyin-work")
    lines = [
        line
        for line in on_servers.run("migrate", "--permissions").splitlines()
        if line == "umask 077" or any(name in line for name in asked)
    ]
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "rabbitmqctl").write_text(f'#!/bin/sh\nexec "{rabbitmq_server.program}" "$@"\n')
    (programs / "psql").write_text(
        f'#!/bin/sh\necho "$@" >>"{tmp_path}/said"\ncat >>"{tmp_path}/said"\n'
    )
    for program in programs.iterdir():
        program.chmod(0o755)
    script = "\n".join(line.replace("hanyin-read-documents", own) for line in lines)
    path = f"{programs}:{os.environ['PATH']}"
    environment = {**rabbitmq_server.environment, "PATH": path}
    subprocess.run(
        ["/bin/sh"], input=script.encode(), cwd=tmp_path, env=environment, check=True, timeout=120
    )
    password = (tmp_path / f"{own}.password").read_text().strip()
    assert stat.S_IMODE((tmp_path / f"{own}.password").stat().st_mode) == 0o600
    rabbitmq_server.control("authenticate_user", own, password)
    assert password not in script
    work = (tmp_path / "hanyin-work.password").read_text().strip()
    said = (tmp_path / "said").read_text()
    assert f"CREATE ROLE \"hanyin-work\" LOGIN PASSWORD '{work}'" in said
    rabbitmq_server.control("delete_user", own)


def test_stages_that_do_not_speak_to_the_broker_need_no_login(
    on_servers: WholeInstallation,
) -> None:
    without = {**on_servers.variables, "HANYIN_BROKER_URL": "amqp://nobody:x@127.0.0.1:1/"}
    deaf = WholeInstallation(name="servers", variables=without)
    deaf.run("work", "--only", "apply,reconcile", "--drain")
    deaf.run("work", "--only", "relay", "--drain", codes=(5,))
