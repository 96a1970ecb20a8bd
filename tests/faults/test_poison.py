"""Letters that cannot be made stop alone, are told, and are given up after some attempts."""

import json
from typing import Any

import pytest
from sqlalchemy import select

from commands.county import month_of_cases
from ledger.database import Database
from ledger.tables import trail
from tests.building.installation import Installation, example_file
from tests.building.working import drained_and_judged, with_variables

pytestmark = [pytest.mark.office, pytest.mark.timeout(600)]

#: CUNEIFORM SIGN A, which no font for letters has
RARE = "\U00012000"
ATTEMPTS = 2

Row = dict[str, Any]


def confirmed(name: str, **changes: Any) -> Row:
    """Example 24 as a case of its own."""
    event: Row = json.loads(example_file("24").read_bytes())
    event["id"] = f"poison-{name}"
    event["subject"] = f"430111-2026-9{name}"
    event["data"] |= {"case_no": event["subject"], **changes}
    return event


def alarms(installation: Installation, action: str) -> int:
    database = Database(installation.settings().database)
    with database.reading() as connection:
        query = select(trail.c.subject).where(trail.c.action == action, trail.c.alarm)
        found = len(connection.execute(query).all())
    database.close()
    return found


def test_what_cannot_be_printed_stops_alone_and_is_told(installation: Installation) -> None:
    installation.run("migrate")
    good = month_of_cases(1)
    rare = confirmed("rare", facts=f"核实情况如下：{RARE}。")
    long = confirmed("long", facts="核实情况如下。" * 285)
    installation.put([rare, long, *good])
    installation.run("work", "--drain", codes=(3,))
    rows = installation.rows("documents", "list", "--limit", "1000")
    failed = [row for row in rows if row["state"] == "failed"]
    assert {row["case_no"] for row in failed} == {rare["data"]["case_no"]}
    assert {row["state"] for row in rows} == {"failed", "announced"}
    told = [m for m in installation.letters("documents.all") if m["type"].endswith("failed.v1")]
    assert {m["data"]["code"] for m in told} == {"glyph_missing"}
    assert sorted(m["data"]["number"] for m in told) == sorted(row["number"] for row in failed)
    assert alarms(installation, "document_failed") == len(failed)


def test_attempts_are_counted_and_used_up_and_an_operator_may_grant_new_ones(
    installation: Installation,
) -> None:
    installation.run("migrate")
    events = [confirmed("hurried")]
    installation.put(events)
    hurried = {
        "HANYIN_CONVERSION_SECONDS": "0.01",
        "HANYIN_ATTEMPTS": str(ATTEMPTS),
        "HANYIN_RETRY_SECONDS": "0.1",
    }
    with_variables(installation, hurried).run("work", "--drain", codes=(3,))
    rows = installation.rows("documents", "list", "--state", "failed")
    assert rows
    told = [m["data"] for m in installation.letters("documents.all") if "failed" in m["type"]]
    assert {(m["code"], m["attempts"]) for m in told} == {("conversion_timeout", ATTEMPTS)}
    assert alarms(installation, "document_failed") == len(told) == len(rows)
    installation.run("documents", "retry", *(row["number"] for row in rows))
    drained_and_judged(installation, events)
