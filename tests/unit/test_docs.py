"""What the documents say is what the program has."""

import re
from pathlib import Path

import pytest
import typer

from commands.main import app
from schemas.events import EVENT_TYPES
from schemas.message_models import MESSAGE_MODELS
from workers.brokers.topology import topology_of
from workers.directory import load_directory
from workers.settings import Settings

ROOT = Path(__file__).parent.parent.parent
READMES = ["README.md", "README.en.md"]


@pytest.fixture(params=READMES)
def readme(request: pytest.FixtureRequest) -> str:
    file = ROOT / str(request.param)
    return file.read_text(encoding="utf-8")


def test_every_setting_is_in_the_readme_and_no_other(readme: str) -> None:
    written = set(re.findall(r"`HANYIN_([A-Z_]+)`", readme))
    assert written == {name.upper() for name in Settings.model_fields}


def test_every_command_is_in_the_readme(readme: str) -> None:
    group = typer.main.get_command(app)
    for name, command in getattr(group, "commands", {}).items():
        assert f"`hanyin {name}" in readme, name
        for inner in getattr(command, "commands", {}):
            lines = [line for line in readme.splitlines() if f"| `hanyin {name}" in line]
            assert any(inner in line for line in lines), (name, inner)


def test_every_event_and_message_is_in_the_readme(readme: str) -> None:
    for name in (*EVENT_TYPES, *MESSAGE_MODELS):
        assert f"`{name}`" in readme, name


def test_every_exchange_is_in_the_readme(readme: str) -> None:
    told = {exchange.name for exchange in topology_of(load_directory(None)).exchanges}
    for name in told - {"hanyin.dead"}:
        assert f"`{name}`" in readme, name


@pytest.mark.parametrize(
    "page", [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")], ids=lambda page: page.name
)
def test_every_file_that_a_page_links_to_is_there(page: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8"))
    files = [link.split("#")[0] for link in links if "://" not in link]
    assert [file for file in files if not (page.parent / file).exists()] == []


def test_what_contributing_says_to_run_is_there() -> None:
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"\bmake ([a-z-]+)", page))
    assert targets
    assert [each for each in targets if f"\n{each}:" not in makefile] == []
    named = re.findall(r"`([a-z]+/[\w./]+)`", page)
    assert [each for each in named if not (ROOT / each).exists()] == []


def test_every_dependency_is_explained() -> None:
    table = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8").lower()
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    block = text.split("dependencies = [")[1].split("\n]")[0]
    for name in re.findall(r'"([a-z0-9-]+)', block):
        assert name in table, name
