"""What comes from outside cannot move, hide or reorder what a terminal shows."""

import ast
import json
import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.visible import visible, visible_json

#: functions that write to the terminal
_WRITES = re.compile(r"(^|\.)(print|echo|secho)$|std(out|err)\.write$")
COMMANDS = Path(__file__).parents[2] / "commands"
#: what a terminal would obey or not show
TRAPS = [
    *("\x00", "\t", "\n", "\r", "\x1b", "\x7f", "\x9b", "\xad", "\u061c", "\u180e", "\u200b"),
    *("\u200e", "\u200f", "\u2028", "\u2029", "\u202a", "\u202e", "\u2060", "\u2066", "\u2069"),
    *("\ue000", "\ufeff", "\ufff9", "\uffff", "\udcff", "\U000e0041", "\U0010fffd"),
]
#: names and numbers as they are, a Han character younger than this interpreter among them
GOOD = ["稽（待遇）字〔2026〕第12号", "买买提·玉素甫", "São José", "　全角", "𠮷野家", "\U000323af"]


@pytest.mark.parametrize("trap", TRAPS, ids=lambda trap: f"U+{ord(trap):04X}")
def test_a_trap_is_written_out(trap: str) -> None:
    assert visible(f"a{trap}b") == f"a<U+{ord(trap):04X}>b"


@pytest.mark.parametrize("text", GOOD)
def test_what_people_write_stays_as_it_is(text: str) -> None:
    assert visible(text) == text
    assert visible_json([text]) == f'["{text}"]'


def test_lines_that_were_put_together_here_stay_lines() -> None:
    assert visible("a\nb\r", lines=True) == "a\nb<U+000D>"


@given(st.text(st.characters(codec=None), max_size=40))
def test_nothing_that_is_shown_has_a_trap_in_it(text: str) -> None:
    hidden = {"Cc", "Cf", "Zl", "Zp", "Co", "Cs"}
    for shown in (visible(text), visible_json({text: text})):
        assert not {unicodedata.category(sign) for sign in shown} & hidden


@given(st.text(st.characters(codec=None), max_size=40))
def test_json_says_the_same_after_it_was_read(text: str) -> None:
    value = {"a": [text, {"b": text}]}
    assert json.loads(visible_json(value)) == value
    assert json.loads(visible_json(value, indent=2)) == value


def _writes(module: Path) -> set[str]:
    """What ``module`` writes to the terminal with, by itself."""
    calls = [node for node in ast.walk(ast.parse(module.read_text())) if isinstance(node, ast.Call)]
    names = {ast.unparse(call.func) for call in calls}
    return {f"{module.stem} {name}" for name in names if _WRITES.search(name)}


def test_commands_write_by_the_functions_that_make_text_visible() -> None:
    # version; help; a certificate in PEM; the mark of UTF-8; JSON; reports, which clean each part
    by_themselves = {
        *("main typer.echo", "keys sys.stdout.write", "register sys.stdout.write"),
        "failures sys.stderr.write",
    }
    modules = [module for module in COMMANDS.glob("*.py") if module.stem != "output"]
    assert set().union(*map(_writes, modules)) == by_themselves


def test_a_direct_write_would_be_found(tmp_path: Path) -> None:
    module = tmp_path / "bad.py"
    module.write_text("Console().print(1)\nsys.stderr.write(name)\nprint()\nprint_rows()\n")
    assert _writes(module) == {"bad Console().print", "bad sys.stderr.write", "bad print"}
