"""Every kind of document is whole: its module, its traits, its template, what it was made from."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from cases.kinds import ENDS, KINDS, LETTERS, SERVED, made_together_with, read_basis
from cases.kinds.kind import Kind, LetterKind
from cases.kinds.resumption_notice import RESUMPTION_NOTICE
from cases.purpose import is_overtaken
from schemas.documents import BANK_LETTERS, NUMBERED, DocumentKind
from templates.catalogue import load
from tests.building.events import Story
from tests.building.paper import Paper

#: what the release before typed bases wrote, a row a form; invented people
KEPT: list[dict[str, Any]] = json.loads(
    Path(__file__).parents[1].joinpath("examples", "kept", "bases.json").read_text("utf-8")
)


def holes(table: Mapping[DocumentKind, Kind]) -> Iterator[str]:
    """What the table lacks."""
    for kind in DocumentKind:
        each = table.get(kind)
        if each is None:
            yield f"{kind} has no module in cases/kinds"
            continue
        if each.kind is not kind:
            yield f"{kind} is another's"
        if isinstance(each, LetterKind) != (kind.series is not None):
            yield f"{kind} has a number without a letter, or the other way round"
        if isinstance(each, LetterKind) and "corrected" not in dir(each):
            yield f"{kind} does not say when a correction makes it anew"
        yield from (f"{kind} has no {name}" for name in ("title",) if not getattr(each, name, ""))


def test_the_table_has_no_hole() -> None:
    assert list(holes(KINDS)) == []


def test_a_hole_is_seen() -> None:
    class Nameless(Kind):
        kind = DocumentKind.SERVICE_RECORD

    class Silent(type(LETTERS[DocumentKind.AUDIT_OPINION])):  # type: ignore[misc]
        def __dir__(self) -> list[str]:
            return [name for name in super().__dir__() if name != "corrected"]

    without: dict[DocumentKind, Kind] = {
        k: v for k, v in KINDS.items() if k is not DocumentKind.RECOVERY_NOTICE
    }
    assert list(holes(without)) == ["recovery_notice has no module in cases/kinds"]
    assert list(holes({**KINDS, DocumentKind.SERVICE_RECORD: Nameless()})) == [
        "service_record has no title"
    ]
    assert list(holes({**KINDS, DocumentKind.AUDIT_OPINION: Silent()})) == [
        "audit_opinion does not say when a correction makes it anew"
    ]


def test_a_correction_makes_every_kind_anew_each_at_a_time_of_its_own() -> None:
    ordered = [letter.corrected for letter in LETTERS.values() if letter.corrected is not None]
    assert len(set(ordered)) == len(ordered)
    # these go with the stop letters: withdrawn, exchanged, stopped anew
    apart = {kind for kind, letter in LETTERS.items() if letter.corrected is None}
    assert apart == {DocumentKind.STOP_PAYMENT_LETTER, DocumentKind.STOP_WITHDRAWAL_LETTER}


def test_what_a_letter_refers_to_is_made_anew_before_it() -> None:
    for letter in LETTERS.values():
        if letter.follows is not None:
            assert (LETTERS[letter.follows].corrected or 0) < (letter.corrected or 0)


def test_the_sets_of_kinds_follow_from_their_traits() -> None:
    assert {kind.value for kind in SERVED} == {
        *("recovery_notice", "audit_opinion", "suspension_notice", "resumption_notice")
    }
    assert {kind.value for kind in ENDS} == {"release_payment_letter", "stop_withdrawal_letter"}
    assert ENDS | {DocumentKind.STOP_PAYMENT_LETTER} == BANK_LETTERS
    assert set(LETTERS) == NUMBERED
    opinion = DocumentKind.AUDIT_OPINION
    assert made_together_with(opinion) == {opinion}
    assert made_together_with(DocumentKind.SUSPENSION_NOTICE) >= BANK_LETTERS


def test_what_stops_payments_is_made_first() -> None:
    first = min(LETTERS.values(), key=lambda letter: letter.priority)
    assert first.kind is DocumentKind.STOP_PAYMENT_LETTER
    assert {letter.priority for letter in LETTERS.values() if letter.kind in ENDS} == {1}


@pytest.mark.parametrize("kind", DocumentKind)
def test_a_kind_has_its_template_of_the_same_series(kind: DocumentKind) -> None:
    assert load(kind).manifest.series == kind.series


def test_every_kind_is_among_what_was_kept() -> None:
    assert {row["kind"] for row in KEPT} == set(NUMBERED)


@pytest.mark.parametrize("row", KEPT, ids=lambda row: f"{row['kind']}-{len(row['basis'])}")
def test_what_the_release_before_wrote_is_read_and_written_alike(row: dict[str, Any]) -> None:
    read = read_basis(DocumentKind(row["kind"]), row["basis"])
    assert read is not None
    assert read.stored() == row["basis"]


@pytest.mark.parametrize("row", KEPT, ids=lambda row: f"{row['kind']}-{len(row['basis'])}")
def test_what_a_later_release_adds_is_passed_over(row: dict[str, Any]) -> None:
    kind = DocumentKind(row["kind"])
    assert read_basis(kind, {**row["basis"], "later": "x"}) == read_basis(kind, row["basis"])


def test_a_row_without_its_basis_is_read_and_only_its_use_fails() -> None:
    paper, story = Paper(), Story()
    paper.apply(story.confirmed())
    kind = DocumentKind.DEDUCTION_AGREEMENT
    changed = {"kind": kind, "basis": read_basis(kind, None)}
    bare = paper.standing.documents[0].model_copy(update=changed)
    assert bare.basis is None
    assert not is_overtaken(bare, paper.standing.opened)
    with pytest.raises(ValueError, match="nothing says from what this deduction_agreement"):
        LETTERS[bare.kind].basis_of(bare)


def test_a_basis_of_another_kind_is_no_basis_of_this_one() -> None:
    paper, story = Paper(), Story()
    paper.apply(story.confirmed())
    with pytest.raises(ValueError, match="nothing says from what this resumption_notice"):
        RESUMPTION_NOTICE.basis_of(paper.only(DocumentKind.RECOVERY_NOTICE))
