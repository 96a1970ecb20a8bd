"""Under a lax umask: what names people or opens keys is its owner's alone."""

import contextlib
import os
import stat
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest

from archive.directory import DirectoryArchive
from archive.keys import digest_of, object_key
from ledger.database import Database
from ledger.migration import migrate
from schemas.configuration import Directory, SealSettings
from tests.building.installation import Installation, example_file
from workers.brokers.opening import declare_topology
from workers.directory import load_directory
from workers.private import open_to_others
from workers.settings import Settings

OTHERS = stat.S_IRWXG | stat.S_IRWXO


@pytest.fixture(autouse=True)
def lax() -> Iterator[None]:
    """Whoever starts the program lets everybody read and write."""
    before = os.umask(0)
    yield
    os.umask(before)


def open_ones(folder: Path) -> list[Path]:
    """Files and folders at ``folder`` that anybody but their owner may use."""
    return [path for path in (folder, *folder.rglob("*")) if path.lstat().st_mode & OTHERS]


@dataclass
class Watched:
    """What was seen in a home while the program worked."""

    names: set[str] = field(default_factory=set)
    open: set[Path] = field(default_factory=set)

    def look(self, home: Path) -> None:
        with contextlib.suppress(FileNotFoundError):  # it goes while we look
            for path in home.rglob("*"):
                self.names.add(path.name)
                # the group reads an archived file where the operator opens the folder to it
                if path.name == "fontconfig-cache":
                    continue  # fontconfig's own mode; it lists fonts, in a folder that is private
                others = stat.S_IRWXO if "archive" in path.parts else OTHERS
                with contextlib.suppress(FileNotFoundError):
                    if path.lstat().st_mode & others and not path.is_symlink():
                        self.open.add(path)


@pytest.mark.office
def test_whatever_the_program_makes_is_its_owner_s_alone(
    embedded: Installation, tmp_path: Path
) -> None:
    home = Path(embedded.variables["HANYIN_HOME"])
    home.mkdir(mode=0o755)  # made by hand: what is inside must guard itself
    embedded.publish(example_file("01"))
    watched = Watched()
    working = subprocess.Popen(embedded.command("work", "--drain"), env=embedded.environment)
    while working.poll() is None:
        watched.look(home)
        time.sleep(0.05)
    watched.look(home)
    assert working.returncode == 0
    wanted = {"ledger.db", "ledger.db-wal", "broker.db", "root.pem", "fonts.conf"}
    assert watched.names >= wanted
    assert watched.open == set()
    _what_a_command_writes_for_its_user_is_the_user_s_alone(embedded, tmp_path / "out")


def _what_a_command_writes_for_its_user_is_the_user_s_alone(
    embedded: Installation, outside: Path
) -> None:
    outside.mkdir()
    number = embedded.rows("register")[0]["number"]
    embedded.run("documents", "get", number, "-o", str(outside / "letter.pdf"))
    embedded.run("register", "--format", "xlsx", "-o", str(outside / "register.xlsx"))
    embedded.run("publish", "--template", str(outside / "template.xlsx"))
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in outside.iterdir()}
    assert modes == {"letter.pdf": 0o600, "register.xlsx": 0o600, "template.xlsx": 0o600}


def test_a_ledger_is_private_whoever_opens_it(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/sub/ledger.db")
    migrate(database)
    assert open_ones(tmp_path / "sub") == []
    database.close()


def test_a_queue_is_private_whoever_opens_it(tmp_path: Path) -> None:
    declare_topology(f"embedded://{tmp_path}/sub/broker.db", load_directory(None))
    assert open_ones(tmp_path / "sub") == []


def test_nobody_but_owner_and_group_reads_an_archive(tmp_path: Path) -> None:
    archive = DirectoryArchive(tmp_path / "archive")
    sha256 = digest_of(b"x")
    key = object_key(agency="430111", year=2026, document_id="d", sha256=sha256)
    until = date(2056, 1, 1)
    archive.put(key, b"x", sha256=sha256, retain_until=until, content_type="application/pdf")
    modes = {stat.S_IMODE(p.stat().st_mode) for p in archive.root.rglob("*")}
    assert modes == {0o750, 0o440}


def test_files_that_others_may_read_are_told(tmp_path: Path) -> None:
    home, key = tmp_path / "var", tmp_path / "pin.txt"
    home.mkdir(mode=0o700)
    (home / "ledger.db").touch(mode=0o644)
    key.touch(mode=0o640)
    settings = Settings(home=home, storage_secret_key_file=key)
    assert open_to_others(settings, load_directory(None)) == [key]
    home.chmod(0o755)
    assert open_to_others(settings, load_directory(None)) == sorted([key, home / "ledger.db"])


@pytest.mark.parametrize(
    "settings",
    [
        {"key_file": "k", "key_passphrase_file": "p"},
        {"pkcs11": {"module": "m", "token": "t", "label": "l", "pin_file": "p"}},
        {"remote": {"url": "https://h", "key": "k", "token_file": "p"}, "certificate_file": "c"},
        {"time_stamp_servers": [{"url": "https://h", "user": "u", "password_file": "p"}]},
    ],
)
def test_every_secret_of_an_agency_is_looked_at(
    tmp_path: Path, settings: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("p").touch(mode=0o604)
    Path("k").touch(mode=0o600)
    directory = load_directory(None)
    agency = directory.agencies[0].model_copy(
        update={"seal": SealSettings.model_validate(settings)}
    )
    one = Directory(agencies=[agency], banks=[], sources=[])
    assert open_to_others(Settings(home=tmp_path / "no"), one) == [Path("p")]
