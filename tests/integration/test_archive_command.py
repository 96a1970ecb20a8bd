"""``hanyin archive``, on both set-ups."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.building.installation import Installation, example_file

pytestmark = pytest.mark.office


def archived(installation: Installation) -> list[dict[str, Any]]:
    """An installation with a few letters in its archive: what fixity says of them."""
    installation.publish(example_file("24"))
    installation.run("work", "--drain", codes=(0, 3))
    return installation.rows("archive", "fixity")


def test_what_was_just_archived_is_intact(installation: Installation) -> None:
    rows = archived(installation)
    assert rows
    assert {row["state"] for row in rows} == {"intact"}
    assert all(row["sha256"] == row["found_sha256"] for row in rows)


def test_fixity_names_what_was_altered_and_what_is_gone_and_exits_1(
    embedded: Installation,
) -> None:
    altered, missing, *rest = archived(embedded)
    root = Path(embedded.variables["HANYIN_HOME"]) / "archive"
    (root / altered["storage_key"]).chmod(0o600)
    (root / altered["storage_key"]).write_bytes(b"forged")
    (root / missing["storage_key"]).unlink()
    found = json.loads(embedded.run("archive", "fixity", "--json", codes=(1,)))
    assert [row["state"] for row in found] == ["altered", "missing"] + ["intact"] * len(rest)
    shown = embedded.run("archive", "fixity", codes=(1,))
    assert "altered" in shown
    assert "missing" in shown
    # looking raises no alarm unless it is told to
    assert embedded.rows("alarms") == []
    embedded.run("archive", "fixity", "--alarm", codes=(1,))
    embedded.run("archive", "reconcile", "--alarm", codes=(1,))
    *objects, differs = embedded.rows("alarms")
    assert {(row["alarm"], row["about"]) for row in objects} == {
        ("object_not_intact", altered["number"]),
        ("object_not_intact", missing["number"]),
    }
    assert (differs["alarm"], differs["details"]["differences"]) == ("archive_differs", 2)


def test_the_probe_of_a_directory_says_that_there_is_no_lock_and_exits_1(
    embedded: Installation,
) -> None:
    (report,) = json.loads(embedded.run("archive", "probe", "--json", codes=(1,)))
    assert not report["has_lock"]
    assert not report["proved"]


def test_the_probe_of_a_true_store_proves_its_lock(
    on_servers: Installation, s3_bucket: Any
) -> None:
    if not s3_bucket.locks:
        pytest.skip("moto's server has no true object lock")
    (report,) = on_servers.rows("archive", "probe")
    assert report["proved"]
