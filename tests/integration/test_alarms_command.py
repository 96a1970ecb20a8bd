"""``hanyin alarms``: the list, and that somebody has seen to one."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import update

from ledger import trail
from ledger.database import Database
from ledger.tables import documents as table
from tests.building.installation import Installation, example_file
from workers.clock import now


@pytest.fixture
def alarmed(embedded: Installation, tmp_path: Path) -> Installation:
    """A case whose card nobody knows, and a notice that failed."""
    quick = replace(embedded, forked=True)
    event = json.loads(example_file("01").read_text())
    event["data"]["overpayments"][0]["paid_to"] = None
    quick.publish_events([event], tmp_path)
    quick.run("work", "--drain", "--only", "receive,apply")
    fail(quick)
    return quick


def fail(installation: Installation) -> None:
    database = Database(installation.settings().database)
    with database.writing() as connection:
        notices = table.c.kind == "recovery_notice"
        (failed,) = connection.execute(
            update(table).where(notices).values(state="failed").returning(table.c.document_id)
        ).scalars()
        trail.note(
            connection,
            at=now(),
            actor="produce",
            action="document_failed",
            subject=failed,
            details={"code": "x"},
            alarm=True,
        )
    database.close()


def work(installation: Installation) -> None:
    installation.run("work", "--drain", "--only", "apply,reconcile", codes=(0, 3))


def test_alarms_say_what_they_are_since_when_and_what_to_do(alarmed: Installation) -> None:
    unknown, failed = alarmed.rows("alarms")
    assert (unknown["alarm"], failed["alarm"]) == ("nobody_to_stop", "document_failed")
    assert failed["still_true"] is True
    assert unknown["still_true"] is None
    assert failed["about"].startswith("稽")
    assert failed["agency"] == unknown["agency"] == "430111"
    for row in (unknown, failed):
        assert row["what"]
        assert row["advice"]
        assert row["since"].startswith("20")
        assert row["times"] == 1
    assert "retry" in alarmed.run("alarms")
    assert [row["id"] for row in alarmed.rows("alarms", "--kind", "document_failed")] == [
        failed["id"]
    ]


def test_one_is_done_by_somebody_and_comes_back_where_it_is_true(alarmed: Installation) -> None:
    unknown, failed = alarmed.rows("alarms")
    alarmed.run("alarms", "done", str(unknown["id"]), "--by", "李科长")
    assert [row["id"] for row in alarmed.rows("alarms")] == [failed["id"]]
    ended = alarmed.ended("alarms", "done", str(failed["id"]), "--by", "李科长")
    assert "still true" in ended.stderr
    assert alarmed.rows("alarms") == []
    work(alarmed)
    (back,) = alarmed.rows("alarms")
    assert (back["alarm"], back["about"]) == ("document_failed", failed["about"])
    assert back["id"] != failed["id"]
    done = alarmed.rows("alarms", "--done")
    assert {row["id"]: row["done_by"] for row in done} == {
        unknown["id"]: "李科长",
        failed["id"]: "李科长",
    }
    assert "李科长" in alarmed.run("alarms", "--done")
    noted = alarmed.rows("trail", "--action", "alarm_done")
    assert [row["details"]["id"] for row in noted] == [unknown["id"], failed["id"]]


def test_what_was_mended_ends_by_itself(alarmed: Installation) -> None:
    alarmed.run("documents", "retry", "--all-failed")
    assert [row["alarm"] for row in alarmed.rows("alarms")] == ["nobody_to_stop"]
    work(alarmed)
    (ended,) = alarmed.rows("alarms", "--done")
    assert (ended["alarm"], ended["done_by"]) == ("document_failed", None)
    assert "by itself" in alarmed.run("alarms", "--done")


def test_who_saw_to_it_and_which_must_be_said(alarmed: Installation) -> None:
    alarmed.run("alarms", "done", "1", codes=(64,))
    alarmed.run("alarms", "done", "--by", "李科长", codes=(1,))
    alarmed.run("alarms", "done", "999999", "--by", "李科长", codes=(1,))
    alarmed.run("alarms", "done", "1", "--by", " ", codes=(1,))
    assert len(alarmed.rows("alarms")) == 2
    alarmed.run("alarms", "done", "--all", "--by", "李科长")
    assert alarmed.rows("alarms") == []
