"""Where no installation is, whoever reads makes none, and says which folder it is about."""

import json
import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.building.installation import Installation, example_file

READING = [
    ("register",),
    ("register", "--json"),
    ("ledger",),
    ("service",),
    ("receipts",),
    ("due",),
    ("trail",),
    ("alarms",),
    ("alarms", "done", "1", "--by", "x"),
    ("case", "show", "x"),
    ("events", "list"),
    ("events", "rejected"),
    ("events", "parked"),
    ("events", "replay", "1"),
    ("documents", "list"),
    ("documents", "show", "x"),
    ("documents", "get", "x", "-o", "x.pdf"),
    ("documents", "retry", "--all-failed"),
    ("archive", "fixity"),
    ("archive", "reconcile"),
    ("archive", "raise"),
    ("keys", "show"),
    ("keys", "demo"),
]


@pytest.fixture
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, and nothing set."""
    folder = tmp_path / "folder"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def quick(variables: Mapping[str, str] | None = None) -> Installation:
    return Installation(name="new", variables=variables or {}, forked=True)


@pytest.mark.parametrize("words", READING, ids=" ".join)
def test_whoever_reads_makes_no_installation_and_says_where_none_is(
    nowhere: Path, words: tuple[str, ...]
) -> None:
    ended = quick().ended(*words)
    assert ended.returncode == 4
    assert str(nowhere / "var") in ended.stderr.replace("\n", "")
    assert "HANYIN_HOME" in ended.stderr
    assert list(nowhere.iterdir()) == []


def test_nor_does_whoever_verifies(nowhere: Path, tmp_path: Path) -> None:
    file = tmp_path / "x.pdf"
    file.write_bytes(b"%PDF-1.7\n")
    quick().run("verify", str(file), codes=(1, 2))
    assert list(nowhere.iterdir()) == []


def test_a_home_that_is_set_and_empty_is_none_either(nowhere: Path, tmp_path: Path) -> None:
    home = tmp_path / "set"
    home.mkdir()
    ended = quick({"HANYIN_HOME": str(home)}).ended("register")
    assert (ended.returncode, list(home.iterdir())) == (4, [])
    assert str(home) in ended.stderr.replace("\n", "")


def test_whoever_publishes_makes_one_and_says_where_once(nowhere: Path) -> None:
    new = quick()
    wrong = nowhere / "wrong.json"
    wrong.write_text("{}")
    assert new.ended("publish", str(wrong)).returncode == 1
    wrong.unlink()
    assert list(nowhere.iterdir()) == []
    said = new.ended("publish", str(example_file("24"))).stderr
    assert f"a new installation: {nowhere / 'var'}" in said
    assert "new installation" not in new.ended("publish", str(example_file("24"))).stderr
    # what was published and not worked on yet is an installation
    assert new.rows("register") == []


def test_the_bare_command_says_which_home_it_uses(nowhere: Path) -> None:
    ended = quick().ended()
    assert str(nowhere / "var") in ended.stdout + ended.stderr
    assert list(nowhere.iterdir()) == []


def test_the_doctor_looks_at_the_place_and_leaves_nothing(nowhere: Path) -> None:
    ended = quick().ended("doctor", "--json")
    rows: list[dict[str, Any]] = json.loads(ended.stdout)
    (home,) = [row for row in rows if row["name"] == "HANYIN_HOME"]
    assert str(nowhere / "var") in home["detail"]
    assert "no installation yet" in home["detail"]
    assert {row["name"]: row["ok"] for row in rows}["ledger"]
    assert list(nowhere.iterdir()) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_the_doctor_finds_a_place_where_no_home_can_be_made(nowhere: Path) -> None:
    nowhere.chmod(0o500)
    try:
        assert quick().ended("doctor").returncode == 4
    finally:
        nowhere.chmod(0o700)


def changed(tmp_path: Path, **members: Any) -> Path:
    """An event in a file of its own, with other members; ``agency`` goes into its data."""
    event = json.loads(example_file("24").read_text())
    if "agency" in members:
        event["data"]["agency"] = members.pop("agency")
    file = tmp_path / "event.json"
    file.write_text(json.dumps(event | members))
    return file


@pytest.mark.parametrize(
    ("members", "code", "pointer"),
    [
        ({"source": "/elsewhere"}, "source_unknown", "/source"),
        ({"agency": "430102"}, "agency_unknown", "/data/agency"),
    ],
)
def test_source_and_agency_are_compared_with_the_directory_before_anything_is_sent(
    embedded: Installation, tmp_path: Path, members: dict[str, str], code: str, pointer: str
) -> None:
    new = replace(embedded, forked=True)
    file = changed(tmp_path, **members)
    ended = new.ended("publish", str(example_file("01")), str(file))
    said = " ".join(ended.stderr.split())
    assert ended.returncode == 1
    assert f"{pointer} [{code}]" in said
    assert str(file) in ended.stderr.replace("\n", "")
    assert not Path(embedded.variables["HANYIN_HOME"]).exists()
    # as it is: the workers answer then, and tell nothing of what there is
    new.run("publish", "--no-validate", str(file))
    new.run("work", "--drain", "--only", "receive,apply")
    (row,) = new.rows("events", "rejected")
    assert [each["code"] for each in row["errors"]] == ["not_found"]


def test_a_source_speaks_for_its_own_agencies_alone(tmp_path: Path) -> None:
    root = Path(__file__).parents[2]
    text = (root / "config" / "agencies.toml").read_text()
    directory = tmp_path / "directory.toml"
    directory.write_text(text)
    new = quick({"HANYIN_HOME": str(tmp_path / "var"), "HANYIN_DIRECTORY_FILE": str(directory)})
    file = changed(tmp_path, agency="430102", source="/hunan/430111/benefits")
    ended = new.ended("publish", str(file))
    assert ended.returncode == 1
    assert "[agency_not_of_source]" in " ".join(ended.stderr.split())


def test_a_banks_answer_that_names_no_agency_may_be_published(embedded: Installation) -> None:
    examples = Path(__file__).parents[1] / "examples" / "in"
    (file,) = [each for each in examples.glob("*.json") if '"/banks/abc"' in each.read_text()]
    replace(embedded, forked=True).run("publish", str(file))
