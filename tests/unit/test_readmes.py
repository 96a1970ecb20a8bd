"""The two READMEs say the same: headings, tables, code, and what is the same in every language."""

import re
from pathlib import Path

import pytest

from commands.failures import AWAY, DONE, MISCONFIGURED, REFUSED, USAGE, WAITS
from commands.main import app

ROOT = Path(__file__).parents[2]
#: settings, options, dotted names, commands: written alike in both
_NAMES = re.compile(
    r"HANYIN_[A-Z_]+|--[a-z][a-z-]+|\b[a-z_]+(?:\.[a-z_]+)+\b|hanyin [a-z]+|\]\([^)]+\)"
)
_NUMBERS = re.compile(r"(?<![\w.<])\d+(?:[.,:]\d+)*")
#: links to each other, and what English writes with points
_OWN = {"](README.md)", "](README.en.md)", "e.g", "i.e"}


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


ZH, EN = text("README.md"), text("README.en.md")


def tables(readme: str) -> list[list[str]]:
    """The rows of each table."""
    found: list[list[str]] = [[]]
    for line in readme.splitlines():
        if line.startswith("|"):
            found[-1].append(line)
        elif found[-1]:
            found.append([])
    return [table for table in found if table]


def names(part: str) -> list[str]:
    return sorted(set(_NAMES.findall(part)) - _OWN)


def sections(readme: str) -> list[str]:
    """What stands below each heading, code and tables left out."""
    prose = re.sub(r"```.*?```|^\|.*$", "", readme, flags=re.DOTALL | re.MULTILINE)
    return re.split(r"^#+ .*$", prose, flags=re.MULTILINE)


def code(readme: str) -> list[list[str]]:
    """The lines of each block, comments and what is no ASCII left out."""
    blocks = re.findall(r"```\w*\n(.*?)```", readme, re.DOTALL)
    return [[_command(line) for line in block.splitlines()] for block in blocks]


def _command(line: str) -> str:
    plain = re.sub(r"\s*#.*", "", line)
    # what a file is called, and a diagram's words
    return re.sub(r"\S+\.pdf", "FILE", plain) if plain.startswith(("hanyin ", "make ")) else ""


def test_headings_are_of_the_same_levels() -> None:
    levels = [re.findall(r"^(#+) ", readme, re.MULTILINE) for readme in (ZH, EN)]
    assert levels[0] == levels[1]
    assert len(levels[0]) > 5


def test_tables_have_the_same_rows_and_columns() -> None:
    shapes = [
        [[row.count(" | ") for row in table] for table in tables(readme)] for readme in (ZH, EN)
    ]
    assert shapes[0] == shapes[1]
    assert len(shapes[0]) > 5


@pytest.mark.parametrize(
    ("zh", "en"),
    [
        pair
        for one, other in zip(tables(ZH), tables(EN), strict=False)
        for pair in zip(one, other, strict=False)
    ],
)
def test_each_row_names_the_same_things(zh: str, en: str) -> None:
    assert names(zh) == names(en)
    assert sorted(_NUMBERS.findall(zh)) == sorted(_NUMBERS.findall(en))


def test_code_blocks_hold_the_same_commands() -> None:
    assert code(ZH) == code(EN)
    assert sum(bool(line) for block in code(ZH) for line in block) > 4


@pytest.mark.parametrize("place", range(len(sections(ZH))))
def test_each_section_names_the_same_things(place: int) -> None:
    assert names(sections(ZH)[place]) == names(sections(EN)[place])


def test_every_exit_code_is_in_both_and_in_the_help() -> None:
    for told in (ZH, EN, app.info.help):
        for number in (DONE, REFUSED, WAITS, MISCONFIGURED, AWAY, USAGE):
            assert re.search(rf"\b{number} ", str(told)), number
