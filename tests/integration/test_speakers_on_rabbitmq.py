"""On a real RabbitMQ a source is its user's alone, and `work` does not start without one."""

import json
import secrets
from pathlib import Path

from tests.building.installation import Installation, example_file
from tests.building.working import with_variables
from tests.servers.rabbitmq import RabbitMQ

DEMO = Path(__file__).parents[2] / "config" / "demo.toml"


def with_source(installation: Installation, folder: Path, words: str) -> Installation:
    """The installation with the demo's directory, its source said to be ``words``."""
    file = folder / "directory.toml"
    plain = DEMO.read_text()
    assert plain.count("anonymous = true ") == 1
    file.write_text(plain.replace("anonymous = true ", f"{words} # "))
    return with_variables(installation, {"HANYIN_DIRECTORY_FILE": str(file)})


def states(installation: Installation) -> list[tuple[str, str]]:
    return [(row["id"], row["state"]) for row in installation.rows("events", "list")]


def test_work_is_refused_while_a_source_is_anybodys_and_doctor_names_it(
    on_servers: Installation, tmp_path: Path
) -> None:
    unguarded = with_source(on_servers, tmp_path, "")
    ended = unguarded.ended("work", "--drain", "--only", "receive,apply")
    assert ended.returncode not in {0, 3}
    assert "/hunan/430111/*" in ended.stderr
    assert "anonymous = true" in ended.stderr
    assert "Traceback" not in ended.stderr
    rows = json.loads(unguarded.ended("doctor", "--json").stdout)
    (row,) = [row for row in rows if row["name"] == "source yuhua"]
    assert not row["ok"]
    rows = json.loads(on_servers.ended("doctor", "--json").stdout)
    (row,) = [row for row in rows if row["name"] == "source yuhua"]
    assert row["ok"]
    assert "any RabbitMQ user" in row["detail"]


def test_another_systems_user_does_not_speak_for_a_source(
    on_servers: Installation, rabbitmq_server: RabbitMQ, rabbitmq_vhost: str, tmp_path: Path
) -> None:
    users = [f"{name}-{secrets.token_hex(4)}" for name in ("yuhua", "furong")]
    may = {"configure": "^$", "write": "^hanyin\\.events$", "read": "^$"}
    urls = [rabbitmq_server.add_user(user, vhost=rabbitmq_vhost, **may) for user in users]
    installed = with_source(on_servers, tmp_path, f'user = "{users[0]}"')
    for url in reversed(urls):
        sender = with_variables(installed, {"HANYIN_BROKER_URL": url})
        sender.publish(example_file("24"))
    installed.run("work", "--drain", "--only", "receive,apply")
    event = json.loads(example_file("24").read_bytes())
    assert states(installed) == [(event["id"], "rejected"), (event["id"], "applied")]
