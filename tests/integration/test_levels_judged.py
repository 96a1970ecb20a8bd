"""Letters that our own sealer makes at each level, and raised ones, before judges of others."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from signing.examination import examine
from tests.building.judges import verdicts
from tests.building.judging import dss, openssl, pdfsig
from tests.building.own_levels import own_letters
from tests.building.pdfa import faults
from tests.building.pki import Pki, pki

pytestmark = [pytest.mark.office, pytest.mark.timeout(400)]

#: what the EU's DSS calls our levels: it counts evidence only where it came after the signature
_CALLED = {"B-LT": "T", "B-LT raised": "T"}


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pki]:
    with pki(tmp_path_factory.mktemp("pki")) as running:
        yield running


@pytest.fixture(scope="module")
def letters(servers: Pki) -> dict[str, bytes]:
    return own_letters(servers)


def level_here(name: str) -> str:
    return "B-LTA" if "raised" in name else name


def test_every_letter_is_genuine_here_and_of_its_level(
    servers: Pki, letters: dict[str, bytes]
) -> None:
    trusted = [servers.certificate("root")]
    found = {name: examine(pdf, trusted, stamp_roots=trusted) for name, pdf in letters.items()}
    assert all(verdict.genuine for verdict in found.values())
    assert {n: v.level for n, v in found.items()} == {n: level_here(n) for n in letters}


def test_every_letter_is_pdf_a_2b(letters: dict[str, bytes], tmp_path: Path) -> None:
    assert {name: faults(pdf) for name, pdf in letters.items() if faults(pdf)} == {}
    files = written(letters, tmp_path)
    said = verdicts("verapdf", list(files), tmp_path, "2a")
    assert {files[file]: words for file, words in said.items() if words[0] != "true"} == {}
    assert set(said) == set(files)


def test_the_eu_s_dss_agrees(servers: Pki, letters: dict[str, bytes], tmp_path: Path) -> None:
    said = dss(letters, tmp_path, servers.certificate("root"))
    levels = {name: level for name, (_, _, level) in said.items()}
    assert levels == {
        name: _CALLED.get(name, level_here(name).removeprefix("B-")) for name in letters
    }
    # without evidence it says that it cannot tell; it never refuses
    passed = {name for name, (indication, *_) in said.items() if indication == "TOTAL_PASSED"}
    assert passed == set(letters) - {"B-B", "B-T"}
    assert "TOTAL_FAILED" not in {indication for indication, *_ in said.values()}


@pytest.mark.parametrize(("program", "judge"), [("pdfsig", "pdfsig"), ("openssl", "openssl")])
def test_smaller_judges_agree(
    servers: Pki, letters: dict[str, bytes], tmp_path: Path, program: str, judge: str
) -> None:
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed")
    root = servers.certificate("root")
    judges: dict[str, Callable[[bytes], bool]] = {
        "pdfsig": lambda pdf: pdfsig(pdf, tmp_path),
        "openssl": lambda pdf: openssl(pdf, tmp_path, root),
    }
    assert [name for name, pdf in letters.items() if not judges[judge](pdf)] == []


def written(letters: dict[str, bytes], folder: Path) -> dict[Path, str]:
    files = {folder / f"{place}.pdf": name for place, name in enumerate(letters)}
    for file, name in files.items():
        file.write_bytes(letters[name])
    return files
