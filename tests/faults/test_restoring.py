"""A ledger that was restored from a backup gives no number twice, and loses no letter."""

import json
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from archive.directory import DirectoryArchive
from ledger.database import Database
from schemas.errors import ObjectMissing
from tests.building.installation import Installation, example_file
from workers import bootstrap
from workers.directory import load_directory

pytestmark = [pytest.mark.office, pytest.mark.timeout(300)]

Restore = Callable[[], None]


def backup(installation: Installation, folder: Path) -> Restore:
    """The ledger as it is now is kept; what is returned puts it back."""
    url = installation.variables.get("HANYIN_DATABASE_URL")
    if url is None:
        return _of_file(Path(installation.variables["HANYIN_HOME"]) / "ledger.db", folder)
    return _of_database(url.replace("+psycopg", "", 1), folder / "ledger.dump")


def _of_file(ledger: Path, folder: Path) -> Restore:
    kept = folder / "kept.db"

    def copy(from_: Path, to: Path) -> None:
        with sqlite3.connect(from_) as source, sqlite3.connect(to) as target:
            source.backup(target)
        source.close()
        target.close()

    copy(ledger, kept)
    return lambda: copy(kept, ledger)


def _of_database(url: str, dump: Path) -> Restore:
    subprocess.run(["pg_dump", "--format=custom", f"--file={dump}", f"--dbname={url}"], check=True)
    words = ["pg_restore", "--clean", "--if-exists", "--single-transaction", f"--dbname={url}"]

    def restore() -> None:
        subprocess.run([*words, str(dump)], check=True)

    return restore


def work(installation: Installation, *names: str) -> None:
    installation.publish(*(example_file(name) for name in names))
    installation.run("work", "--drain", codes=(0, 3))


def reconciled(installation: Installation, *words: str, code: int = 1) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(
        installation.run("archive", "reconcile", "--json", *words, codes=(code,))
    )
    return found


def numbers(installation: Installation) -> list[str]:
    return [row["number"] for row in installation.rows("register")]


def test_numbers_that_only_the_store_remembers_are_not_drawn_again(
    installation: Installation, tmp_path: Path
) -> None:
    work(installation, "24")
    agreed: dict[str, Any] = {
        "differences": [],
        "lost_numbers": [],
        "skipped": None,
        "gaps": [],
        "unexplained": [],
    }
    assert reconciled(installation, code=0) == agreed
    only = ("--agency", "430111", "--year", "2026")
    assert reconciled(installation, *only, code=0) == agreed
    restore = backup(installation, tmp_path)
    before = numbers(installation)
    work(installation, "01")
    drawn = set(numbers(installation)) - set(before)
    restore()
    assert numbers(installation) == before

    found = reconciled(installation)
    assert {each["number"] for each in found["lost_numbers"]} == drawn
    assert {each["kind"] for each in found["differences"]} >= {"unknown_document"}
    assert reconciled(installation, "--skip-lost-numbers")["skipped"] > 0
    assert reconciled(installation, "--skip-lost-numbers")["skipped"] == 0

    # numbers are drawn before letters are made
    installation.publish(example_file("01"))
    installation.run("work", "--drain", "--only", "receive,apply")
    again = set(numbers(installation)) - set(before)
    assert len(again) == len(drawn)
    assert again & drawn == set()
    # nothing of the store is lost: the letters of before are still told apart from these
    found = reconciled(installation)
    assert {each["number"] for each in found["lost_numbers"]} == drawn
    # the register has gaps there, of which the trail says why
    assert found["gaps"]
    assert all(each["explained"] for each in found["gaps"])
    assert found["unexplained"] == []
    assert numbers(installation)


def test_a_store_that_was_restored_from_before_its_ledger_is_told_letter_by_letter(
    embedded: Installation,
) -> None:
    work(embedded, "24")
    root = Path(embedded.variables["HANYIN_HOME"]) / "archive"
    old = {file for file in root.rglob("*.pdf") if ".retention" not in file.parts}
    work(embedded, "01")
    lost = {f for f in root.rglob("*.pdf") if ".retention" not in f.parts} - old
    for file in lost:
        file.unlink()
    found = reconciled(embedded)["differences"]
    assert {each["kind"] for each in found} == {"object_missing"}
    assert {each["key"] for each in found} == {f.relative_to(root).as_posix() for f in lost}
    assert "object missing" in embedded.run("archive", "reconcile", codes=(1,))


def test_a_letter_that_is_gone_before_it_is_read_ends_no_stocktaking(
    embedded: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    embedded.run("migrate")
    restore = backup(embedded, tmp_path)
    work(embedded, "24")
    restore()
    settings = embedded.settings()

    def gone(self: DirectoryArchive, key: str, version_id: str | None) -> bytes:
        raise ObjectMissing(key, version_id)

    directory = load_directory(settings.directory_file)
    database = Database(settings.database)
    with closing(bootstrap.open_store(settings)) as store:
        taking = bootstrap.build_stocktaking(settings, directory, database, store)
        assert len(taking.take().lost) == 3
        monkeypatch.setattr(DirectoryArchive, "get", gone)
        assert taking.take().lost == ()
    database.close()
