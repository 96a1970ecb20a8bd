"""``hanyin verify`` on an installation's own letters, with its ledger and without."""

import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from sqlalchemy import update

from ledger.database import Database
from ledger.tables import documents
from tests.building.installation import Installation, example_file
from tests.building.sealing import root
from tests.building.stamping import stamped

pytestmark = [pytest.mark.office, pytest.mark.timeout(300)]


def _made(installation: Installation, folder: Path) -> tuple[str, Path]:
    """A letter of the installation and its number."""
    installation.publish(example_file("01"))
    installation.run("work", "--drain")
    number = installation.rows("register")[0]["number"]
    file = folder / "letter.pdf"
    installation.run("documents", "get", number, "-o", str(file))
    return number, file


def _verified(installation: Installation, *words: str, code: int) -> dict[str, Any]:
    (row,) = json.loads(installation.run("verify", *words, "--json", codes=(code,)))
    found: dict[str, Any] = row
    return found


def _rendition(file: Path) -> Path:
    """The letter, stamped now."""
    rendition = file.with_name("rendition.pdf")
    rendition.write_bytes(stamped(file.read_bytes()))
    return rendition


def _root_of_stamps(folder: Path) -> Path:
    file = folder / "stamps.pem"
    file.write_bytes(root().public_bytes(Encoding.PEM))
    return file


def _made_void(installation: Installation, number: str) -> None:
    """The ledger says that the letter is void, as an operator's command leaves it."""
    database = Database(installation.settings().database)
    with database.writing() as connection:
        connection.execute(
            update(documents).where(documents.c.number == number).values(state="void")
        )
    database.close()


def test_the_ledger_knows_its_own_letters_and_no_others(
    embedded: Installation, tmp_path: Path
) -> None:
    number, file = _made(embedded, tmp_path)
    row = _verified(embedded, str(file), "--ledger", code=0)
    assert (row["verdict"], row["standing"], row["number"]) == ("genuine", "in_force", number)
    assert _verified(embedded, str(file), code=0)["standing"] is None

    rendition = _rendition(file)
    trust = ("--trust-tsa", str(_root_of_stamps(tmp_path)))
    row = _verified(embedded, str(rendition), *trust, "--ledger", code=0)
    assert (row["standing"], row["level"]) == ("in_force", "B-T")
    row = _verified(embedded, str(rendition), code=1)
    assert [reason["code"] for reason in row["reasons"]] == ["time_stamp_untrusted"]

    _made_void(embedded, number)
    row = _verified(embedded, str(file), "--ledger", code=3)
    assert (row["verdict"], row["standing"]) == ("genuine", "void")
    said = embedded.run("verify", str(file), "--ledger", codes=(3,))
    assert "VOID" in said
    assert "the sealer's own word" in said


def test_a_file_that_is_not_there_cannot_be_told(embedded: Installation, tmp_path: Path) -> None:
    row = _verified(embedded, str(tmp_path / "none.pdf"), code=2)
    assert [reason["code"] for reason in row["reasons"]] == ["file_unreadable"]
