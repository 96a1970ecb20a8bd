"""``hanyin bench`` on an installation of its own."""

import json

import pytest

from tests.building.installation import Installation

pytestmark = [pytest.mark.office, pytest.mark.timeout(300)]


def test_it_measures_an_empty_installation_and_no_other(embedded: Installation) -> None:
    words = ("bench", "--cases", "2", "--idle", "1")
    figures = json.loads(embedded.run(*words, "--json"))
    letters = {row["state"] for row in embedded.rows("documents", "list", "--limit", "100")}
    assert letters == {"announced"}
    assert figures["letters"] > 2
    assert all(value > 0 for value in figures.values())
    assert figures["p50_idle_s"] <= figures["p99_idle_s"]
    ended = embedded.ended(*words)
    assert (ended.returncode, "this ledger has documents" in ended.stderr) == (4, True)
