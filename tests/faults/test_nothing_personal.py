"""A whole run, good and bad: nothing that names a person or opens a door is in what it prints.

Registers, books and the letters themselves name people; that is what they are for, and they are
not looked at here.
"""

import copy
import json
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.building.installation import Installation, example_file
from tests.building.working import with_variables
from tests.servers.process import free_port
from workers import bootstrap

pytestmark = [pytest.mark.office, pytest.mark.timeout(300)]

#: members whose values name a person, his card, or where he can be found
_PERSONAL = frozenset(
    {
        "name",
        "id_number",
        "personal_no",
        "phone",
        "address",
        "account_name",
        "account_number",
        "paid_to",
        "facts",
        "received_by",
        "payer",
    }
)
#: who handles a case is an official, whom letters and registers name
_OFFICIAL = frozenset({"handler", "approved_by"})
NAMES = ("01", "02", "03", "04", "05", "06", "11", "21", "31", "51", "61")


def events() -> list[dict[str, Any]]:
    return [json.loads(example_file(name).read_text()) for name in NAMES]


def personal(value: Any, key: str = "") -> Iterator[str]:
    """Every planted text in an event."""
    if isinstance(value, dict):
        for name, member in value.items():
            if name not in _OFFICIAL:
                yield from personal(member, name)
    elif isinstance(value, list):
        for member in value:
            yield from personal(member, key)
    elif isinstance(value, str) and key in _PERSONAL and len(value) > 1:
        yield value


def bad_events() -> list[bytes]:
    """The same people in events that are wrong in all manner of ways."""
    good = json.loads(example_file("24").read_text())
    people = list(personal(good["data"]))
    made = []
    for pointer in (["party", "id_number"], ["party", "died_on"], ["facts"], ["overpayments"]):
        for value in (people[0], people[1], [people[0]], {people[0]: people[1]}, 7):
            wrong = copy.deepcopy(good)
            place = wrong["data"]
            for step in pointer[:-1]:
                place = place[step]
            place[pointer[-1]] = value
            made.append(json.dumps(wrong, ensure_ascii=False).encode())
    wrong = copy.deepcopy(good) | {"type": f"hanyin.{people[0]}.v1"}
    made.append(json.dumps(wrong, ensure_ascii=False).encode())
    wrong = copy.deepcopy(good)
    wrong["data"][people[0]] = people[1]
    # a case number is told everywhere; a name is none
    wrong["data"]["case_no"] = wrong["subject"] = good["data"]["party"]["name"]
    made.append(json.dumps(wrong, ensure_ascii=False).encode())
    made.append(json.dumps(good, ensure_ascii=False).encode()[:-40])
    return made


def planted() -> set[str]:
    found = {text for event in events() for text in personal(event["data"])}
    return found | set(personal(json.loads(example_file("24").read_text())["data"]))


def said(installation: Installation, *words: str) -> str:
    """All that a command prints, whatever its exit code."""
    ended = installation.ended(*words, within=200)
    return ended.stdout + ended.stderr


def everything(installation: Installation, folder: Path) -> dict[str, str]:
    """What each way of telling said, by its name."""
    port = free_port()
    more = {"HANYIN_METRICS_LISTEN": f"127.0.0.1:{port}", "HANYIN_LOG_LEVEL": "debug"}
    watched = with_variables(installation, more)
    wrong = folder / "wrong.json"
    wrong.write_bytes(bad_events()[0])
    told = {"publish": said(watched, "publish", str(wrong))}
    told["publish"] += said(watched, "publish", *(str(example_file(name)) for name in NAMES))
    watched.put_straight(bad_events())
    log = folder / "log"
    tree = watched.started("work", log=log)
    try:
        told["metrics"] = _metrics(port)
    finally:
        tree.terminate()
        tree.wait(60)
    told["work"] = log.read_text()
    told["work --drain"] = said(watched, "work", "--drain")
    for words in (("doctor",), ("archive", "fixity"), ("archive", "reconcile"), ("keys", "show")):
        told[" ".join(words)] = said(watched, *words)
    archive = bootstrap.open_store(watched.settings())
    told["object keys"] = "\n".join(stored.key for stored in archive.walk())
    archive.close()
    rejections = watched.letters("rejections.all")
    told["rejections"] = json.dumps(
        [message["data"].get("problems") for message in rejections], ensure_ascii=False
    )
    return told


def _metrics(port: int) -> str:
    for _ in range(150):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=5) as answer:
                time.sleep(3)
                return str(answer.read().decode())
        except OSError:
            time.sleep(0.2)
    raise AssertionError("nothing is served")


def test_nothing_personal_and_no_secret_is_told(installation: Installation, tmp_path: Path) -> None:
    told = everything(installation, tmp_path)
    assert len(json.loads(told["rejections"])) >= len(bad_events()) - 1
    # the same people may be named in what is not looked at, so the test sees their names at all
    assert any(text in installation.run("ledger", "--json") for text in planted())
    secrets = {
        value for key, value in installation.variables.items() if "SECRET" in key or "PASS" in key
    }
    url = installation.variables.get("HANYIN_DATABASE_URL", "")
    if "@" in url:
        secrets.add(url.split("@")[0].rsplit(":", 1)[1])
    leaks = {
        (where, line)
        for where, words in told.items()
        for line in words.splitlines()
        for text in planted() | secrets
        if text in line
    }
    assert leaks == set()
