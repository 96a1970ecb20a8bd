"""Case numbers that look alike are the same, and cases that are there keep theirs."""

import json
import re
import sys
import unicodedata
from collections.abc import Iterator
from typing import Any

import pytest

from ledger import cases
from schemas import parsing
from schemas.case_numbers import CASE_NO_PATTERN, case_no_problem
from schemas.errors import Invalid
from schemas.parsing import parse
from tests.building.office import Office, example

Json = dict[str, Any]

GOOD = [
    "430111-2026-000017",
    "稽〔2026〕第12号",
    "长稽（待遇）2026/17",
    "𠀀-1",
    "A/b-9",
    "二〇二六",
]
ALIKE = [
    *(" 430111-1", "430111-1 ", "430111 1", "430111-1\u3000", "430111\u00a01", "430111-1\u200b"),
    # Cyrillic, Greek, full width, mathematical, circled, superscript
    *("\u0410-1", "\u0391-1", "\uff21-1", "\U0001d400-1", "\u2460-1", "1\u00b2", "430111-\uff11"),
    # hyphen, en dash, em dash, minus, full width, small, katakana
    *(f"430111{dash}1" for dash in "\u2010\u2011\u2013\u2014\u2212\uff0d\ufe63\u30fc\u00ad"),
    *("430111\uff0f1", "430111\u22151", "430111\\1"),
    *("(2026)1", "[2026]1", "\u30102026\u30111", "\uff3b2026\uff3d1", "\u27e82026\u27e91"),
    # compatibility forms of Han, radicals, combining marks, variation selectors
    *("\u8c48\ufe00", "\uf900-1", "\u2f00-1", "\u2e80-1", "e\u0301-1", "\u00e9-1", "\U0002f800"),
    *("a_1", "a.1", "a:1", "a,1", "a#1", "a%1", "..", "=1+1", "a\n1", "\u0660-1", "\u0966-1"),
]


@pytest.fixture
def office(ledger_url: str) -> Iterator[Office]:
    opened = Office(ledger_url)
    yield opened
    opened.close()


def named(event: Json, case_no: str) -> Json:
    event["subject"] = event["data"]["case_no"] = case_no
    return event


def codes_of(event: Json) -> list[tuple[str, str]]:
    try:
        parse(json.dumps(event).encode())
    except Invalid as refused:
        return [(problem.pointer, problem.code) for problem in refused.problems]
    return []


@pytest.mark.parametrize("case_no", GOOD)
def test_a_number_of_the_alphabet_opens_its_case(case_no: str) -> None:
    assert codes_of(named(example("24"), case_no)) == []
    assert re.search(CASE_NO_PATTERN, case_no)


@pytest.mark.parametrize("case_no", ALIKE)
def test_a_look_alike_opens_none(case_no: str) -> None:
    found = codes_of(named(example("24"), case_no))
    assert "/data/case_no" in {pointer for pointer, _ in found}
    assert re.search(CASE_NO_PATTERN, case_no) is None


def test_it_is_said_with_all_else_that_is_wrong() -> None:
    event = named(example("24"), "430111 1")
    event["data"]["party"]["name"] = "1"
    pointers = {pointer for pointer, _ in codes_of(event)}
    assert {"/data/case_no", "/data/party/name"} <= pointers


def test_every_character_of_the_alphabet_stands_in_one_form() -> None:
    """NFKC changes none but the parentheses, which have one form here; no two fold together."""
    taken = [c for c in map(chr, range(sys.maxunicode + 1)) if case_no_problem(c) is None]
    changed = {c for c in taken if unicodedata.normalize("NFKC", c) != c}
    assert changed == {"（", "）"}
    assert not any(c.isspace() or unicodedata.combining(c) for c in taken)
    assert len(taken) > 90_000


def test_what_names_a_case_that_can_not_open_is_not_kept_waiting(office: Office) -> None:
    repayment = named(example("05"), "430111-2026-00001\uff17")
    office.take(named(example("01"), "430111-2026-00001\uff17"), repayment, example("01"))
    office.work()
    assert office.codes() == ["case_no_characters", "case_no_characters"]
    assert office.states()[repayment["id"]] == ["rejected"]


def test_a_case_that_is_there_keeps_its_number_and_goes_on(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = "旧案 (2024).17"
    with monkeypatch.context() as before:
        before.setattr(parsing, "case_no_problem", lambda _: None)
        office.take(named(example("01"), old))
        office.work()
    repayment, receipt = named(example("05"), old), named(example("03"), old)
    office.take(repayment, receipt, named(example("42"), old), named(example("06"), old))
    office.work()
    assert "case_no_characters" not in office.codes()
    assert office.states()[repayment["id"]] == ["applied"]
    with office.database.reading() as connection:
        (found,) = cases.find(connection, old)
        assert cases.load(connection, "430111", old) == found
    assert found.recovered > 0
    assert {row["case_no"] for row in office.register()} == {old}
