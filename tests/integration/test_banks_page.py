"""The program of docs/banks.md answers a letter on a real RabbitMQ, as a bank's user."""

import json
import os
import re
import secrets
import subprocess
import sys
from pathlib import Path
from typing import Any

import pika
import pytest

from schemas.exchanges import RECEIPTS
from tests.building.events import example
from tests.building.installation import Installation, example_file
from tests.building.working import with_variables
from tests.servers.rabbitmq import RabbitMQ
from workers.brokers.permissions import bank_permissions, bank_topic_permissions
from workers.brokers.topology import REJECTIONS_QUEUE, rejections_queue
from workers.directory import load_directory

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "config" / "demo.toml"
TYPE = "hanyin.letter.receipted.v1"


def program() -> str:
    """The one program of the page."""
    page = (ROOT / "docs" / "banks.md").read_text(encoding="utf-8")
    (found,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    return str(found)


def test_the_program_has_some_twenty_lines() -> None:
    assert len(program().splitlines()) <= 24


class BankOfAbc:
    """A bank's user as ``hanyin migrate --permissions`` sets him up, and an installation of his."""

    def __init__(
        self, servers: Installation, server: RabbitMQ, vhost: str, folder: Path, user: str
    ) -> None:
        file = folder / "directory.toml"
        plain = DEMO.read_text(encoding="utf-8")
        assert plain.count('"bank-abc"') == 1
        file.write_text(plain.replace('"bank-abc"', f'"{user}"'), encoding="utf-8")
        self.installed = with_variables(servers, {"HANYIN_DIRECTORY_FILE": str(file)})
        directory = load_directory(file)
        (rule,) = [rule for rule in bank_permissions(directory) if rule.user == user]
        may = {"configure": rule.configure, "write": rule.write, "read": rule.read}
        self.url = server.add_user(user, vhost=vhost, **may)
        (topic,) = [rule for rule in bank_topic_permissions(directory) if rule.user == user]
        server.control(*topic.words(vhost))
        self.user = user

    def run(self, folder: Path) -> None:
        """The page's program, until nothing is left."""
        where = {"BANK": "abc", "AMQP_URL": self.url}
        subprocess.run(
            [sys.executable, "-W", "ignore", "-c", program()],
            env={**os.environ, **where},
            cwd=folder,
            check=True,
            timeout=120,
        )

    def send(self, event: dict[str, Any]) -> None:
        said = pika.BasicProperties(user_id=self.user, delivery_mode=2)
        with pika.BlockingConnection(pika.URLParameters(self.url)) as connection:
            channel = connection.channel()
            channel.confirm_delivery()
            channel.basic_publish(RECEIPTS, TYPE, json.dumps(event), said, mandatory=True)

    def read(self, queue: str) -> dict[str, Any]:
        with pika.BlockingConnection(pika.URLParameters(self.url)) as connection:
            _, _, body = connection.channel().basic_get(queue, auto_ack=True)
        found: dict[str, Any] = json.loads(body)
        return found


@pytest.fixture
def bank(
    on_servers: Installation, rabbitmq_server: RabbitMQ, rabbitmq_vhost: str, tmp_path: Path
) -> BankOfAbc:
    user = f"abc-{secrets.token_hex(4)}"
    return BankOfAbc(on_servers, rabbitmq_server, rabbitmq_vhost, tmp_path, user)


def test_a_bank_answers_from_what_it_gets_and_reads_what_was_refused(
    bank: BankOfAbc, tmp_path: Path
) -> None:
    bank.installed.publish(example_file("01"))
    bank.installed.run("work", "--drain")
    bank.run(tmp_path)
    unknown = example("07") | {"id": "unknown"}
    unknown["data"]["document"] = {"reference": "unknown"}
    bank.send(unknown)
    bank.installed.run("work", "--drain", "--only", "receive,apply,relay")
    states = {row["id"]: row["state"] for row in bank.installed.rows("events", "list")}
    assert sorted(states.values()) == ["applied", "applied", "rejected"]
    told = bank.read(rejections_queue("abc"))
    assert told["data"]["event"]["id"] == "unknown"
    assert [error["code"] for error in told["data"]["errors"]] == ["not_found"]
    for queue in (rejections_queue("icbc"), REJECTIONS_QUEUE):
        with pytest.raises(pika.exceptions.ChannelClosedByBroker, match="ACCESS_REFUSED"):
            bank.read(queue)
