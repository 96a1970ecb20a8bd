"""``python -m tests.judges_table``: levels and attacks by judges that are not ours, on stdout."""

import logging
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

from cryptography import x509

from signing.examination import examine
from tests.building.judging import attacked, dss, letters, openssl, pdfsig, verapdf
from tests.building.own_levels import own_letters
from tests.building.pki import pki
from tests.building.sealing import root


def main() -> None:
    """Three tables stand on stdout, as Markdown."""
    logging.disable(logging.CRITICAL)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with pki(folder) as servers:
            tables = (
                _levels(own_letters(servers), servers.certificate("root"), folder),
                _levels(letters(), root(), folder),
                _attacks(folder),
            )
            sys.stdout.write("\n\n".join("\n".join(table) for table in tables) + "\n")


def _levels(files: Mapping[str, bytes], trusted: x509.Certificate, folder: Path) -> Iterator[str]:
    yield "| letter | `hanyin verify` | EU DSS | pdfsig | openssl cms | veraPDF |"
    yield "|---|---|---|---|---|---|"
    said = dss(files, folder, trusted)
    archival = verapdf(files, folder)
    for name, pdf in files.items():
        verdict = examine(pdf, (trusted,), stamp_roots=(trusted,))
        ours = f"{verdict.word.value}, {verdict.level}"
        theirs = ", ".join(part for part in said[name] if part)
        valid = (pdfsig(pdf, folder), openssl(pdf, folder, trusted))
        words = ("valid" if one else "refused" for one in valid)
        yield "| " + " | ".join((name, ours, theirs, *words, archival[name])) + " |"


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
