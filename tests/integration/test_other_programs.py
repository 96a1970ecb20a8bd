"""Letters whose pages other programs wrote, and letters that other programs add to, are genuine."""

import logging
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

from signing.examination import examine
from tests.building.judging import dss
from tests.building.letters import letter, raised_letter, rendered_letters
from tests.building.levels import raised, renewed, sealed_at_level
from tests.building.programs import (
    bases,
    closed_by_pyhanko,
    indexed_by_pyhanko,
    raised_by_dss,
    saved_by_pdfbox,
    saved_by_pypdf,
    saved_by_qpdf,
    sealed_base,
)
from tests.building.sealing import plain_pdf, root
from tests.building.stamping import stamped

pytestmark = pytest.mark.timeout(400)

#: what is done to a sealed letter
_LATER: Mapping[str, Callable[[bytes], bytes]] = {
    "as it is": lambda pdf: pdf,
    "stamped": stamped,
    "stamped, with new metadata": lambda pdf: stamped(pdf, quiet=False),
    "raised": raised,
    "raised, with new metadata": lambda pdf: raised(pdf, quiet=False),
    "renewed": lambda pdf: renewed(raised(pdf)),
    "indexed": indexed_by_pyhanko,
    "indexed, with new metadata": lambda pdf: indexed_by_pyhanko(pdf, quiet=False),
    "stamped by pyHanko's command": closed_by_pyhanko,
    "raised, stamped by pyHanko's command": lambda pdf: closed_by_pyhanko(raised(pdf)),
    "stamped twice by pyHanko's command": lambda pdf: closed_by_pyhanko(closed_by_pyhanko(pdf)),
    "indexed and renewed": lambda pdf: renewed(indexed_by_pyhanko(pdf)),
}


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def refused(files: Mapping[str, bytes]) -> dict[str, list[str]]:
    """Those of ``files`` that are not genuine, with the reasons."""
    found = {name: examine(pdf, (root(),)) for name, pdf in files.items()}
    return {
        name: [reason.code for reason in verdict.reasons]
        for name, verdict in found.items()
        if not verdict.genuine
    }


@cache
def some_kinds() -> dict[str, bytes]:
    """A page of LibreOffice's of every fourth kind; all are tested as it wrote them elsewhere."""
    return {str(kind): made.content for kind, made in list(rendered_letters().items())[::4]}


@cache
def sealed_bases() -> dict[str, bytes]:
    return {name: sealed_base(content) for name, content in bases().items()}


@pytest.mark.parametrize("what", _LATER)
def test_a_page_of_another_program_sealed_and_raised_is_genuine(what: str) -> None:
    assert refused({name: _LATER[what](pdf) for name, pdf in sealed_bases().items()}) == {}


def test_what_stands_behind_the_last_stamp_is_said_and_not_believed() -> None:
    verdict = examine(closed_by_pyhanko(letter()), (root(),))
    assert verdict.genuine
    assert "validation_data_uncovered" in [remark.code for remark in verdict.remarks]
    assert [addition.what for addition in verdict.additions] == ["document_time_stamp"]


@pytest.mark.office
@pytest.mark.parametrize("save", [saved_by_qpdf, saved_by_pypdf])
def test_a_page_of_libreoffice_saved_by_another_program_is_genuine(
    save: Callable[[bytes], bytes],
) -> None:
    saved = {kind: sealed_base(save(content)) for kind, content in some_kinds().items()}
    assert refused({kind: raised(pdf) for kind, pdf in saved.items()}) == {}


@pytest.mark.office
def test_a_page_that_pdfbox_saved_is_genuine(tmp_path: Path) -> None:
    saved = saved_by_pdfbox(some_kinds() | {"plain": plain_pdf()}, tmp_path)
    sealed = {name: sealed_base(content) for name, content in saved.items()}
    assert refused(sealed) == {}
    assert refused({name: raised(pdf) for name, pdf in sealed.items()}) == {}


@pytest.mark.office
def test_what_the_eu_s_dss_adds_is_genuine_and_its_levels_are_ours(tmp_path: Path) -> None:
    given = {
        "ours": letter(),
        "ours, raised": raised_letter(),
        "ours, indexed": indexed_by_pyhanko(letter()),
        "with a time stamp": sealed_at_level(stamp_root="ours", stamp_at=datetime.now(UTC)),
        **sealed_bases(),
    }
    made = raised_by_dss(given, tmp_path)
    assert refused(made) == {}
    levels = {name: examine(pdf, (root(),)).level for name, pdf in made.items()}
    assert {levels[name] for name in made if name.endswith(", raised")} == {"B-LTA"}
    assert {levels[f"{name}, stamped"] for name in sealed_bases()} == {"B-T"}


@pytest.mark.office
def test_a_letter_that_the_eu_s_dss_raised_is_raised_again_by_us(tmp_path: Path) -> None:
    (made,) = (
        pdf for name, pdf in raised_by_dss({"ours": letter()}, tmp_path).items() if "raised" in name
    )
    assert refused({"again": stamped(made)}) == {}
    assert dss({"again": stamped(made)}, tmp_path)["again"][0] == "TOTAL_PASSED"
