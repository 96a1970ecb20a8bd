"""Judges that are not ours find our letters sound, and agree with us on what they can see."""

import logging
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from signing.examination import examine
from signing.verdict import Verdict
from tests.building.judging import attacked, dss, letters, openssl, pdfsig
from tests.building.sealing import root

pytestmark = [pytest.mark.office, pytest.mark.timeout(400)]

#: the EU's DSS counts validation data only where it came after the signature's own revision
_PLACED_WITH_THE_SIGNATURE = {
    "sealed with time stamp and validation data",
    "the same under a document time stamp",
}


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def _judge(pdf: bytes) -> Verdict:
    return examine(pdf, (root(),))


@pytest.mark.skipif(shutil.which("pdfsig") is None, reason="poppler's pdfsig is not installed")
def test_pdfsig_finds_every_letter_signed_as_a_whole(tmp_path: Path) -> None:
    assert [name for name, pdf in letters().items() if not pdfsig(pdf, tmp_path)] == []


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
def test_openssl_finds_every_container_right(tmp_path: Path) -> None:
    assert [name for name, pdf in letters().items() if not openssl(pdf, tmp_path)] == []


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")
def test_openssl_can_refuse(tmp_path: Path) -> None:
    pdf = letters()["sealed"]
    assert not openssl(pdf[:3000] + b"x" + pdf[3001:], tmp_path)


def test_the_eu_s_dss_agrees_on_letters_and_their_levels(tmp_path: Path) -> None:
    said = dss(letters(), tmp_path)
    for name, pdf in letters().items():
        verdict = _judge(pdf)
        indication, _, level = said[name]
        # it wants validation data; without, it says that it cannot tell
        complete = verdict.revocation == "good"
        assert indication == ("TOTAL_PASSED" if complete else "INDETERMINATE"), name
        assert name in _PLACED_WITH_THE_SIGNATURE or level == (verdict.level or "").removeprefix(
            "B-"
        ), name


def test_nothing_that_the_eu_s_dss_refuses_is_genuine_here(tmp_path: Path) -> None:
    said = dss({name: pdf for name, (_, pdf) in attacked().items()}, tmp_path)
    assert len(said) == len(attacked())
    assert any(indication == "TOTAL_FAILED" for indication, _, _ in said.values())
    assert [name for name, (_, pdf) in attacked().items() if _judge(pdf).genuine] == []
