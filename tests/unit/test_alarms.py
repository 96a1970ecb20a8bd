"""The table of alarms is whole: every alarm that the program raises stands in it, and no other."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger.gaps import FOUND_IN_STORE
from ledger.lives import LifeAction
from schemas.alarms import ALARMS, AlarmKind, alarms_page
from schemas.jsonschema import generated
from workers.alarms import _TELLS, _Look
from workers.template_check import FAULTY, UNUSED

ROOT = Path(__file__).parent.parent.parent
ROOMS = ("cases", "commands", "ledger", "workers")
#: names that stand for an action
NAMES = {
    "FOUND_IN_STORE": [FOUND_IN_STORE],
    "LifeAction.FAILED": [LifeAction.FAILED.value],
    "LifeAction.ACCEPTED": [LifeAction.ACCEPTED.value],
    # of ``workers.template_check``, by either name
    "action": [FAULTY, UNUSED],
}


def raised() -> Iterator[str]:
    """The kinds that calls with ``alarm=True`` and ``Alarm(name=…)`` name."""
    for room in ROOMS:
        for file in sorted((ROOT / room).rglob("*.py")):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call):
                    yield from _of_call({each.arg: each.value for each in node.keywords}, node)


def _of_call(given: dict[str | None, ast.expr], call: ast.Call) -> Iterator[str]:
    if "alarm" in given and ast.unparse(given["alarm"]) == "True":
        action = given["action"]
        if isinstance(action, ast.Constant):
            yield str(action.value)
        elif isinstance(action, ast.JoinedStr):
            # of a quota: which, the codes say
            yield from (f"{name}_used_up" for name in _codes())
        elif ast.unparse(action) not in {"alarm.name", "each.kind"}:
            yield from NAMES[ast.unparse(action)]
    if ast.unparse(call.func) == "Alarm":
        yield ast.literal_eval(given["name"])


def _codes() -> list[str]:
    text = (ROOT / "workers" / "quotas.py").read_text(encoding="utf-8")
    return re.findall(r'"(quota_\w+)"', text)


def test_every_alarm_is_in_the_table_and_the_table_has_no_other() -> None:
    assert set(raised()) == set(ALARMS)


def test_what_ends_or_comes_back_by_itself_is_known_to_the_ledger() -> None:
    told = {name for name, tells in _TELLS.items() if tells is not _Look.unknown}
    assert {kind.name for kind in ALARMS.values() if kind.ends or kind.returns} == told


@pytest.mark.parametrize("kind", ALARMS.values(), ids=lambda kind: kind.name)
def test_it_says_what_it_is_and_what_to_do_in_both_languages(kind: AlarmKind) -> None:
    for text in (kind.zh, kind.advice):
        assert re.search("[一-鿿]", text)
    for text in (kind.en, kind.advice_en):
        assert not re.search("[一-鿿]", text)


def test_the_page_has_each_and_is_fresh() -> None:
    page = alarms_page()
    assert all(f"| `{name}` |" in page for name in ALARMS)
    assert generated()[Path("docs") / "alarms.md"] == page
