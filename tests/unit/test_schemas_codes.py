"""The table of codes is whole: every code that the program says stands in it, and is used."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest

from schemas.codes import CODES, Code, Problem

ROOT = Path(__file__).parent.parent.parent
ROOMS = [
    "schemas",
    "cases",
    "ledger",
    "templates",
    "rendering",
    "signing",
    "archive",
    "sheets",
    "workers",
    "commands",
]
#: calls that name a code, and which of their positional arguments it is
CALLS = {"fault": 0, "_refused": 0, "refused": 0, "ProductionFailed": 0, "Problem.of": 1}


def called_codes(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            place = CALLS.get(ast.unparse(node.func))
            if place is not None and place < len(node.args):
                code = node.args[place]
                if isinstance(code, ast.Constant) and isinstance(code.value, str):
                    yield code.value


def sources() -> list[Path]:
    return [file for room in ROOMS for file in sorted((ROOT / room).rglob("*.py"))]


@pytest.mark.parametrize("file", sources(), ids=lambda file: str(file.relative_to(ROOT)))
def test_every_code_that_is_said_stands_in_the_table(file: Path) -> None:
    said = set(called_codes(ast.parse(file.read_text(encoding="utf-8"))))
    assert said - set(CODES) == set()


def test_every_code_of_the_table_is_said_somewhere() -> None:
    texts = "\n".join(
        file.read_text(encoding="utf-8")
        for file in sources()
        if not re.fullmatch(r"codes?(_\w+)?", file.stem)
    )
    assert [name for name in CODES if f'"{name}"' not in texts] == []


@pytest.mark.parametrize("row", CODES.values(), ids=lambda row: row.name)
def test_both_sentences_say_the_same_values(row: Code) -> None:
    chinese, english = (
        {field for _, field, _, _ in Formatter().parse(text) if field} for text in (row.zh, row.en)
    )
    assert {field.removesuffix("_zh") for field in chinese} == english
    assert row.zh
    assert row.en.endswith((".", "}"))
    assert re.fullmatch(r"[a-z][a-z0-9_]*", row.name)


def test_a_problem_is_said_in_both_languages() -> None:
    problem = Problem.of("/data/amount", "exceeds_outstanding", amount="2.00", outstanding="1.00")
    assert problem.message == "还款金额 2.00 元大于未还余额 1.00 元"
    assert problem.message_en == "The repayment of 2.00 exceeds the outstanding 1.00."


def test_a_code_that_the_table_lacks_is_a_defect() -> None:
    with pytest.raises(KeyError):
        Problem.of("", "no_such_code")
