"""What is said of own templates before a letter is made from one."""

from pathlib import Path

import pytest

from schemas.documents import DocumentKind
from templates.catalogue import WORD_FILE, load
from templates.library import Library
from workers.directory import load_directory
from workers.template_check import check_templates

STOP = DocumentKind.STOP_PAYMENT_LETTER
NAME = f"430111/{STOP.value}"


def checked(home: Path) -> list[str]:
    return [fault.name for fault in check_templates(Library(home), load_directory(None))]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    made = tmp_path / "templates"
    folder = made / NAME
    folder.mkdir(parents=True)
    (folder / WORD_FILE).write_bytes(load(STOP).docx)
    return made


@pytest.mark.parametrize("name", ["", "430111", NAME, f"{NAME}/{WORD_FILE}"])
def test_what_anybody_on_the_machine_may_change_is_named(home: Path, name: str) -> None:
    assert checked(home) == []
    path = home / name
    path.chmod(path.stat().st_mode | 0o022)
    assert checked(home) == [name or "templates"]
    # a group of people who write templates is nobody else
    path.chmod(path.stat().st_mode & ~0o002)
    assert checked(home) == []


def test_without_a_folder_nothing_is_wrong() -> None:
    assert check_templates(Library(), load_directory(None)) == []
