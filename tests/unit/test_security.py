"""docs/security.md: each line of its tables names a test, and each test that it names is there."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
_NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


def lines_of(heading: str) -> list[str]:
    """The rows of the table below the heading, without its head."""
    section = TEXT.split(f"## {heading}", 1)[1].split("\n## ", 1)[0]
    return [line for line in section.splitlines() if line.startswith("| ")][1:]


ROWS = [*lines_of("谁能做什么"), *lines_of("管理员能做什么")]


@pytest.mark.parametrize("row", ROWS)
def test_each_line_names_tests_and_nothing_else_in_its_last_cell(row: str) -> None:
    cells = [cell.strip() for cell in row.strip("|").split(" | ")]
    assert len(cells) == 4
    assert all(cells)
    assert _NAMED.findall(cells[3])
    assert _NAMED.sub("", cells[3]).strip(" ,") == ""


@pytest.mark.parametrize("named", sorted(set(_NAMED.findall(TEXT))))
def test_each_test_that_is_named_is_there(named: tuple[str, str]) -> None:
    file, name = named
    functions = {
        node.name
        for node in ast.walk(ast.parse((ROOT / file).read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef)
    }
    assert name in functions


def test_the_tables_have_what_they_promise() -> None:
    assert len(ROWS) > 30
    told = "".join(lines_of("管理员能做什么"))
    assert all(f"| {who} |" in told for who in ("账本 ledger", "存储 store", "消息代理 broker"))


@pytest.mark.parametrize("readme", ["README.md", "README.en.md"])
def test_the_readme_leads_to_it(readme: str) -> None:
    assert "(docs/security.md)" in (ROOT / readme).read_text(encoding="utf-8")
