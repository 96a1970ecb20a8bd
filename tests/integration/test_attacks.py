"""No attacked letter is genuine, whatever was done; letters that the archive raised are."""

import logging
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemas.documents import NUMBERED, DocumentKind
from signing.examination import examine
from signing.verdict import Verdict, Word
from tests.building.attacks import additions, differences, shadow
from tests.building.attacks.attack import Attack
from tests.building.attacks.catalogue import catalogue
from tests.building.letters import letter, raised_letter
from tests.building.levels import raised, renewed
from tests.building.sealing import CORPORA, root

pytestmark = [pytest.mark.office, pytest.mark.timeout(120)]

_SHADOWS = sorted((CORPORA / "shadow-attacks").glob("*.pdf"))


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """pyHanko says at length what it thinks of each update."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def _judge(pdf: bytes) -> Verdict:
    return examine(pdf, (root(),))


@pytest.mark.parametrize("attack", catalogue(), ids=str)
def test_an_attacked_letter_is_not_genuine_and_the_reason_fits(attack: Attack) -> None:
    pdf = attack.make()
    assert pdf not in (letter(), raised_letter())
    verdict = _judge(pdf)
    assert verdict.word is Word.NOT_GENUINE
    assert {reason.code for reason in verdict.reasons} <= attack.told


@pytest.mark.parametrize("kind", sorted(NUMBERED))
def test_every_kind_of_letter_is_genuine_and_stays_so_in_the_archive(kind: DocumentKind) -> None:
    first = raised_letter(kind)
    for pdf in (letter(kind), first, raised(letter(kind), quiet=False), renewed(first)):
        assert _judge(pdf).genuine


def test_what_archives_add_in_their_own_form_is_genuine() -> None:
    assert [what for what, pdf in additions.archival() if not _judge(pdf).genuine] == []


def test_a_letter_is_genuine_whose_stamp_is_spelled_as_those_that_are_read_differently() -> None:
    assert [what for what, pdf in differences.untouched().items() if not _judge(pdf).genuine] == []


def test_a_shadow_is_genuine_until_it_is_worked() -> None:
    assert [what for what, pdf in shadow.prepared() if not _judge(pdf).genuine] == []


def test_the_catalogue_has_several_files_of_each_class() -> None:
    classes = [attack.kind for attack in catalogue()]
    assert all(classes.count(kind) >= 5 for kind in classes)
    assert len({str(attack) for attack in catalogue()}) == len(classes)


@pytest.mark.skipif(not _SHADOWS, reason="the corpus of shadow attacks is not on this machine")
def test_no_file_of_the_corpus_of_shadow_attacks_is_genuine() -> None:
    """Ruhr-Universität Bochum, 2021; their signers are nobody's, so they are refused for more."""
    for file in _SHADOWS:
        expected = Word.NOT_GENUINE if "__4_" in file.name else Word.UNKNOWN
        assert _judge(file.read_bytes()).word is expected, file.name


_FEW = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
_PLACES = st.integers(min_value=0, max_value=10**7)


@_FEW
@given(st.booleans(), _PLACES, st.integers(min_value=1, max_value=255))
def test_any_byte_turned_over_anywhere_is_found(which: bool, place: int, bits: int) -> None:  # noqa: FBT001
    changed = bytearray(raised_letter() if which else letter())
    changed[place % len(changed)] ^= bits
    assert not _judge(bytes(changed)).genuine


@_FEW
@given(st.booleans(), st.integers(min_value=1, max_value=10**7))
def test_any_part_cut_off_is_missed(which: bool, length: int) -> None:  # noqa: FBT001
    pdf = raised_letter() if which else letter()
    kept = pdf[: -(1 + length % len(pdf))]
    assert not _judge(kept).genuine or kept == letter()


@_FEW
@given(st.booleans(), _PLACES, st.binary(min_size=1, max_size=300))
def test_anything_put_in_anywhere_is_found(which: bool, place: int, more: bytes) -> None:  # noqa: FBT001
    pdf = raised_letter() if which else letter()
    at = place % (len(pdf) + 1)
    assert not _judge(pdf[:at] + more + pdf[at:]).genuine
