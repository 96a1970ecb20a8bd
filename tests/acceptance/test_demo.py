"""``hanyin demo``: ends with a table by kind and the gallery's address, and nothing between."""

import re
from pathlib import Path

import pytest

from tests.building.installation import Installation

pytestmark = [pytest.mark.office, pytest.mark.timeout(900)]


def test_the_demo_ends_with_a_table_by_kind_and_the_gallerys_address(
    embedded: Installation,
) -> None:
    # alarms are raised in it: a bank refuses a letter
    ended = embedded.ended("demo", "--cases", "9", within=900)
    assert ended.returncode == 0, ended.stderr
    assert "alarm" not in ended.stderr
    assert "{" not in ended.stderr
    *lines, last = ended.stdout.splitlines()
    table = [line.split("\t") for line in lines]
    kinds = [cells[0] for cells in table]
    assert len(kinds) == len(set(kinds))
    assert {"recovery notice", "stop payment letter", "audit opinion", "all"} <= set(kinds)
    for _, letters, pages, genuine, void in table:
        assert int(letters) == int(genuine) + int(void)
        assert int(pages) >= int(genuine)
    assert table[-1] == [
        "all",
        *(str(sum(int(cells[place]) for cells in table[:-1])) for place in range(1, 5)),
    ]
    index = Path(last.removeprefix("gallery: "))
    text = index.read_text(encoding="utf-8")
    assert len(re.findall(r"<article>", text)) == int(table[-1][3])
    # a moment of the ledger is UTC; people read the clock of China
    assert "+00:00" not in text
    assert re.search(r"<dt>sealed at</dt><dd>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d</dd>", text)
