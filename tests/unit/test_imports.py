"""Imports between the rooms go only where an arrow of the design allows them."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

#: room → rooms that it may import; the table of the design ("Rooms").
ARROWS: dict[str, set[str]] = {
    "schemas": set(),
    "cases": {"schemas"},
    "ledger": {"schemas", "cases"},
    "templates": {"schemas"},
    "rendering": {"schemas", "templates"},
    "signing": {"schemas"},
    "archive": {"schemas"},
    "sheets": {"schemas"},
    "books": {"schemas", "cases", "ledger", "templates", "rendering"},
    "workers": {
        *("schemas", "cases", "ledger", "templates", "rendering", "signing", "archive", "config"),
        "books",
    },
    "commands": {
        *("schemas", "cases", "ledger", "templates", "rendering", "signing", "archive", "config"),
        *("sheets", "books", "workers"),
    },
    "config": set(),
}

MODULES = sorted(
    path.relative_to(ROOT).as_posix() for room in ARROWS for path in (ROOT / room).rglob("*.py")
)


def imported_rooms(source: str, room: str) -> Iterator[tuple[int, str]]:
    """Line and room of every import of another room, those inside functions too."""
    for node in ast.walk(ast.parse(source)):
        for name in imported_names(node):
            other = name.partition(".")[0]
            if other != room and (other in ARROWS or other in {"tests", "bench"}):
                yield getattr(node, "lineno", 0), other


def imported_names(node: ast.AST) -> list[str]:
    match node:
        case ast.Import(names=names):
            return [alias.name for alias in names]
        case ast.ImportFrom(module=str(module), level=0):
            return [module]
        case ast.Call(
            func=ast.Attribute(attr="import_module") | ast.Name(id="__import__" | "import_module"),
            args=[ast.Constant(value=str(name)), *_],
        ):
            return [name]
    return []


@pytest.mark.parametrize("module", MODULES)
def test_a_module_imports_only_along_its_rooms_arrows(module: str) -> None:
    room = module.partition("/")[0]
    found = imported_rooms((ROOT / module).read_text(), room)
    wrong = [f"{module}:{line} imports {other}" for line, other in found]
    assert [each for each in wrong if each.rpartition(" ")[2] not in ARROWS[room]] == []


def test_every_room_has_modules_to_look_at() -> None:
    assert {module.partition("/")[0] for module in MODULES} == set(ARROWS)


def test_every_package_of_the_project_has_arrows() -> None:
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert packages == set(ARROWS)


@pytest.mark.parametrize(
    "source",
    [
        "import ledger",
        "import ledger.tables as t",
        "from ledger.tables import cases",
        "def f():\n    from ledger import tables",
        "import importlib\nimportlib.import_module('ledger.tables')",
    ],
)
def test_every_way_to_import_is_seen(source: str) -> None:
    assert [room for _, room in imported_rooms(source, "schemas")] == ["ledger"]
