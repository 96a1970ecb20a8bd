"""Updates of sealed letters that readers may read otherwise than we do; by seeds, in numbers.

HANYIN_TEST_FUZZ says how many. A file that is called genuine is shown to every reader that is
installed; one that shows something else than the sealed letter is a fault, and the file is kept.
"""

import logging
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from signing.examination import examine
from tests.building.forging.generator import variant
from tests.building.forging.harmless import HARMLESS
from tests.building.forging.measuring import first_taken, measured
from tests.building.forging.readers import Reader, fooled, readers
from tests.building.forging.rules import KINDS, Kind
from tests.building.sealing import root

pytestmark = pytest.mark.timeout(36000)

FILES = int(os.environ.get("HANYIN_TEST_FUZZ", "1000"))
#: so many processes may share them
_PARTS = 4
#: seeds of a kind: its first file that is taken comes among the first ten, where readers are there
_SEEDS = range(80)
#: where files that were a fault are kept
_KEPT = Path(__file__).parents[2] / ".cache" / "differences"
#: seen by these alone, which not every machine has
_SEEN_BY = {
    "a number twice in an object stream": {"MuPDF"},
    "an entry of an unknown type": {"poppler", "pdf.js"},
}


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture(scope="module")
def asked() -> Iterator[dict[str, Reader]]:
    with readers() as found:
        yield found


@pytest.mark.parametrize("part", range(_PARTS))
def test_what_is_genuine_is_shown_as_it_was_sealed_by_every_reader(
    part: int, asked: dict[str, Reader]
) -> None:
    genuine = harmless = refused = 0
    for seed in range(part, FILES, _PARTS):
        one = variant(seed)
        verdict = examine(one.pdf, (root(),))
        harmless += not one.forged
        refused += not one.forged and not verdict.genuine
        if verdict.genuine:
            genuine += 1
            _require_not_fooled(one.name, one.pdf, fooled(one.pdf, one.base.pdf, asked))
    print(f"{genuine} genuine, {harmless} harmless; asked: {', '.join(asked)}")  # noqa: T201
    assert genuine >= harmless > 0
    assert refused == 0


def _require_not_fooled(name: str, pdf: bytes, names: list[str]) -> None:
    if names:
        _KEPT.mkdir(parents=True, exist_ok=True)
        file = _KEPT / f"{name.split(maxsplit=1)[0]}.pdf"
        file.write_bytes(pdf)
        pytest.fail(f"{name}: {', '.join(names)} show something else; kept as {file}")


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_a_forged_file_is_found_when_its_rule_is_off(kind: Kind, asked: dict[str, Reader]) -> None:
    if not _SEEN_BY.get(kind.name, asked.keys()) & asked.keys():
        pytest.skip(f"{kind}: none of {sorted(_SEEN_BY[kind.name])} is installed")
    (one,) = first_taken(kind, _SEEDS, asked)
    assert not examine(one.pdf, (root(),)).genuine


@pytest.mark.parametrize("name", ["a dictionary ended by one >", "an object freed"])
def test_the_second_opinion_catches_what_a_rule_lets_pass(
    name: str, asked: dict[str, Reader]
) -> None:
    found = measured(next(kind for kind in KINDS if kind.name == name), range(12), asked)
    assert found.taken > 0
    assert found.taken_in_spite_of_opinion == 0


def test_every_harmless_spelling_comes_up() -> None:
    names = {name for seed in range(600) for name in variant(seed).name.split(", ")}
    assert {change.__name__ for change in HARMLESS} <= {name.split()[-1] for name in names}
