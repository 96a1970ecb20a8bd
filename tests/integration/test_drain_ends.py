"""``hanyin work --drain`` ends with one line: what was done, what was rejected, what waits."""

import json
from dataclasses import replace
from pathlib import Path

from tests.building.installation import Installation, example_file


def last_line(installation: Installation, *words: str, code: int = 0) -> str:
    ended = installation.ended("work", "--drain", *words)
    assert ended.returncode == code, ended.stderr
    return ended.stderr.splitlines()[-1]


def test_a_drain_says_in_one_line_what_was_done_and_what_not(
    embedded: Installation, tmp_path: Path
) -> None:
    assert last_line(embedded, "--only", "receive,apply") == (
        "done: 0 events, 0 documents archived, 0 letters sent to banks; rejected: 0 events;"
        " waiting for somebody: 0"
    )
    wrong = json.loads(example_file("24").read_text())
    wrong["data"]["agency"] = "430102"
    wrong["id"] = "w-1"
    (tmp_path / "wrong.json").write_text(json.dumps(wrong))
    embedded.publish(example_file("01"), example_file("02"))
    embedded.run("publish", "--no-validate", str(tmp_path / "wrong.json"))
    documents = 4
    assert last_line(embedded) == (
        f"done: 2 events, {documents} documents archived, 1 letters sent to banks; rejected:"
        " 1 events; waiting for somebody: 0"
    )


def test_what_waits_is_counted_and_the_list_is_for_programs(embedded: Installation) -> None:
    quick = replace(embedded, forked=True)
    # its case never opens
    quick.publish(example_file("05"))
    assert last_line(quick, "--only", "receive,apply", code=3).endswith(
        "waiting for somebody: 1 (listed above)"
    )
    ended = quick.ended("work", "--drain", "--only", "receive,apply", "--json")
    assert len(json.loads(ended.stdout)) == 1
    told = json.loads(ended.stderr.splitlines()[-1])
    assert told["code"] == "waits"
    assert told["message"].endswith("waiting for somebody: 1")
