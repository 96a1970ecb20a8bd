"""An agency's own templates, from the copy to the sealed letter."""

import json
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from rendering.pdf import text_of
from schemas.documents import DocumentKind
from templates.catalogue import MANIFEST, WORD_FILE, load
from tests.building.installation import Installation, example_file
from tests.building.words import changed

STOP, NOTICE = DocumentKind.STOP_PAYMENT_LETTER, DocumentKind.RECOVERY_NOTICE
MINE = "430111"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    made = tmp_path / "templates"
    made.mkdir()
    return made


@pytest.fixture
def ours(embedded: Installation, home: Path) -> Installation:
    variables = {**embedded.variables, "HANYIN_TEMPLATES_DIR": str(home)}
    return replace(embedded, variables=variables)


def copied(ours: Installation, home: Path, kind: DocumentKind, *words: str) -> Path:
    """The folder of a copy, made for the agency unless ``words`` say otherwise."""
    ours.run("templates", "copy", kind.value, *(words or ("--agency", MINE)))
    return home / (MINE if not words else "default") / kind.value


def test_a_copy_says_what_it_is_a_copy_of_and_is_never_overwritten(
    ours: Installation, home: Path
) -> None:
    folder = copied(ours, home, STOP)
    assert load(STOP).sha256 in (folder / MANIFEST).read_text(encoding="utf-8")
    assert ours.rows("templates", "lint") == []
    (folder / WORD_FILE).write_bytes(b"changed")
    ours.run("templates", "copy", STOP.value, "--agency", MINE, codes=(1,))
    assert (folder / WORD_FILE).read_bytes() == b"changed"
    ours.run("templates", "copy", STOP.value, "--agency", "999999", codes=(1,))
    assert not (home / "999999").exists()


def test_without_the_setting_nothing_is_copied(embedded: Installation) -> None:
    ended = embedded.ended("templates", "copy", STOP.value)
    assert (ended.returncode, "HANYIN_TEMPLATES_DIR" in ended.stderr) == (1, True)


def test_a_difference_and_a_later_change_of_the_shipped_one_are_reported(
    ours: Installation, home: Path
) -> None:
    folder = copied(ours, home, STOP)
    (folder / WORD_FILE).write_bytes(changed(STOP, "（裁　剪　线）", "（剪下）").docx)
    (row,) = ours.rows("templates", "diff")
    assert (row["owner"], row["kind"], row["shipped_changed"]) == (MINE, STOP.value, False)
    assert [(each["shipped"], each["own"]) for each in row["changes"]] == [
        ("（裁　剪　线）", "（剪下）")
    ]
    printed = ours.run("templates", "diff", STOP.value, "--agency", MINE)
    assert "- （裁　剪　线）\n+ （剪下）\n" in printed
    manifest = (folder / MANIFEST).read_text(encoding="utf-8")
    (folder / MANIFEST).write_text(manifest.replace(load(STOP).sha256, "0" * 64), "utf-8")
    assert ours.rows("templates", "diff")[0]["shipped_changed"] is True
    assert f"set shipped_sha256 to {load(STOP).sha256}" in ours.run("templates", "diff")
    (folder / MANIFEST).unlink()
    assert ours.rows("templates", "diff")[0]["shipped_changed"] is None
    (folder / WORD_FILE).write_bytes(b"no Word file")
    (row,) = json.loads(ours.run("templates", "diff", "--json", codes=(1,)))
    assert "no Word file" in row["problem"]


def test_lint_names_whose_template_is_faulty_and_what_nothing_uses(
    ours: Installation, home: Path
) -> None:
    folder = copied(ours, home, STOP)
    (folder / WORD_FILE).write_bytes(changed(STOP, "{{ stop_from }}", "{{ stop_form }}").docx)
    (home / "430l11").mkdir()
    (home / "430l11" / NOTICE.value).mkdir()
    rows = json.loads(ours.run("templates", "lint", "--json", codes=(1,)))
    assert [(row["owner"], row["rule"], row["subject"]) for row in rows] == [
        ("430l11", "file_unreadable", WORD_FILE),
        (MINE, "unknown_variable", "stop_form"),
        (MINE, "unused_variable", "stop_from"),
        ("430l11", "template_unused", "430l11"),
    ]
    checks = json.loads(ours.run("doctor", "--json", codes=(0, 1)))
    named = {row["name"] for row in checks if not row["ok"] and "own templates" in row["name"]}
    assert {f"own templates {MINE}/{STOP.value}", "own templates 430l11"} <= named


@pytest.mark.office
@pytest.mark.timeout(600)
def test_letters_are_made_from_their_agencys_template_and_a_faulty_one_stops_its_own_alone(
    ours: Installation, home: Path, tmp_path: Path
) -> None:
    good = changed(NOTICE, "告知书", "告知书（本机构）")
    (copied(ours, home, NOTICE) / WORD_FILE).write_bytes(good.docx)
    stop = copied(ours, home, STOP) / WORD_FILE
    stop.write_bytes(changed(STOP, "{{ stop_from }}", "{{ stop_form }}").docx)
    ours.publish(example_file("24"))
    ours.run("work", "--drain", codes=(0, 3))
    states = {row["kind"]: row for row in ours.rows("documents", "list")}
    assert states[STOP.value]["state"] == "failed"
    assert f"{MINE}/{STOP.value}" in states[STOP.value]["problem"]
    others = {row["state"] for kind, row in states.items() if kind != STOP.value}
    assert others == {"announced"}
    alarms = ours.rows("trail", "--alarms")
    assert f"{MINE}/{STOP.value}" in {row["subject"] for row in alarms}

    mended = changed(STOP, "（裁　剪　线）", "（剪下）")
    stop.write_bytes(mended.docx)
    ours.run("documents", "retry", states[STOP.value]["number"])
    ours.run("work", "--drain")
    for kind, template, words in ((NOTICE, good, "（本机构）"), (STOP, mended, "（剪下）")):
        number = states[kind.value]["number"]
        ours.run("documents", "get", number, "-o", str(tmp_path / "a.pdf"))
        assert words in "".join(text_of((tmp_path / "a.pdf").read_bytes()).split())
        shown = json.loads(ours.run("documents", "show", number, "--json"))
        assert shown["template_sha256"] == sha256(template.docx).hexdigest()
    notice = json.loads(ours.run("documents", "show", states[NOTICE.value]["number"], "--json"))
    record = load(DocumentKind.SERVICE_RECORD).sha256
    assert [each["template_sha256"] for each in notice["attachments"]] == [record]
