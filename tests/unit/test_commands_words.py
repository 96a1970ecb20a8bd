"""Codes in tables are told in words."""

import re
from pathlib import Path

import pytest

from archive.fixity import FixityState
from cases.states import EventState
from commands import documents
from commands.language import choose
from commands.words import in_words
from ledger.lives import LifeAction
from schemas.documents import DocumentKind, DocumentState, Issuer

ROOT = Path(__file__).parents[2]
ACTION = re.compile(r'\b(?:action=|Alarm\(name=)"([a-z_]+)"')
ACTIONS = sorted(
    {
        name
        for folder in ("cases", "commands", "ledger", "workers")
        for module in (ROOT / folder).rglob("*.py")
        for name in ACTION.findall(module.read_text())
    }
    - {"ignore"}
)


@pytest.mark.parametrize(
    ("field", "code"),
    [
        *(("kind", kind.value) for kind in DocumentKind),
        *(("state", s.value) for kind in (DocumentState, EventState, FixityState) for s in kind),
        *(("issuer", issuer.value) for issuer in Issuer),
        *(("action", action) for action in [*ACTIONS, *LifeAction]),
    ],
)
def test_every_code_in_a_table_has_a_chinese_word(field: str, code: str) -> None:
    choose("zh")
    assert re.search("[\u4e00-\u9fff]", in_words({field: code})[field])
    choose("en")
    assert in_words({field: code})[field] == code.replace("_", " ")
    choose(None)


def test_actions_are_found_where_they_are_noted() -> None:
    assert {"document_attached", "deadline_passed"} <= set(ACTIONS)


def test_every_field_of_a_document_has_a_chinese_label() -> None:
    assert all(re.search("[\u4e00-\u9fff]", label) for label in documents._LABELS.values())
