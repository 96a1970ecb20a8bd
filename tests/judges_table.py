"""``python -m tests.judges_table``: levels and attacks by judges that are not ours, on stdout."""

import logging
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from signing.examination import examine
from tests.building.judging import attacked, dss, letters, openssl, pdfsig
from tests.building.sealing import root


def main() -> None:
    """Two tables stand on stdout, as Markdown."""
    logging.disable(logging.CRITICAL)
    with tempfile.TemporaryDirectory() as folder:
        sys.stdout.write("\n".join([*_levels(Path(folder)), "", *_attacks(Path(folder))]) + "\n")


def _levels(folder: Path) -> Iterator[str]:
    yield "| letter | `hanyin verify` | EU DSS | pdfsig | openssl cms |"
    yield "|---|---|---|---|---|"
    said = dss(letters(), folder)
    for name, pdf in letters().items():
        verdict = examine(pdf, (root(),))
        indication, sub, level = said[name]
        ours = f"{verdict.word.value}, {verdict.level}"
        theirs = ", ".join(part for part in (indication, sub, level) if part)
        others = ("valid" if judge(pdf, folder) else "refused" for judge in (pdfsig, openssl))
        yield "| " + " | ".join((name, ours, theirs, *others)) + " |"


def _attacks(folder: Path) -> Iterator[str]:
    yield "| attack | files | `hanyin verify`: genuine | EU DSS: TOTAL_PASSED | EU DSS: else |"
    yield "|---|---|---|---|---|"
    said = dss({name: pdf for name, (_, pdf) in attacked().items()}, folder)
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    genuine: Counter[str] = Counter()
    for name, (attack, pdf) in attacked().items():
        counts[attack.kind][", ".join(part for part in said[name][:2] if part)] += 1
        genuine[attack.kind] += examine(pdf, (root(),)).genuine
    for kind, found in counts.items():
        rest = "; ".join(f"{word}: {n}" for word, n in found.items() if word != "TOTAL_PASSED")
        row = (kind, found.total(), genuine[kind], found["TOTAL_PASSED"], rest)
        yield "| " + " | ".join(map(str, row)) + " |"


if __name__ == "__main__":
    main()
