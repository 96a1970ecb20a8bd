"""A home may be called as folders are called: with spaces, with signs that URLs give a meaning."""

from pathlib import Path

import pytest

from tests.building.installation import EXAMPLES, Installation
from workers.brokers.address import embedded_path
from workers.settings import Settings


@pytest.mark.office
def test_letters_are_made_in_a_home_with_signs_of_urls_in_its_name(tmp_path: Path) -> None:
    home = tmp_path / "han yin %20 #1?;函印" / "var"
    installation = Installation(name="odd", variables={"HANYIN_HOME": str(home)})
    installation.publish(EXAMPLES / "24-simple.json")
    installation.run("work", "--drain")
    assert {row["state"] for row in installation.rows("register")} == {"announced"}
    assert [folder.name for folder in tmp_path.iterdir()] == [home.parent.name]


@pytest.mark.parametrize("name", ["plain", "han yin", "a%20b", "x#y", "x?y", "x;y", "函印"])
def test_every_part_of_the_embedded_set_up_lies_in_the_home(tmp_path: Path, name: str) -> None:
    settings = Settings(home=tmp_path / name)
    assert embedded_path(settings.broker) == tmp_path / name / "broker.db"
