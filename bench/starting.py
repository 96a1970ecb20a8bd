"""How long a person waits for `hanyin verify` of one letter, and for commands that only start.

Each is a process of its own, with those that it starts; the least and the middle of several runs,
by the clock and by CPU. `make bench-starting`; `python -m bench.starting 20` takes more runs.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding

from bench.sealing import sample_key, sample_letter
from signing.fonts import find_fonts
from signing.seal import Seal
from signing.sealer import Sealer

RUNS = 9
#: files of the run over many
_MANY = 100
_NAME = "雨花区社会保险服务中心"


def main(runs: int) -> None:
    with tempfile.TemporaryDirectory(prefix="hanyin-bench-") as folder:
        environment = {**os.environ, "HANYIN_HOME": f"{folder}/home"}
        letter, root = _letter(Path(folder))
        many = Path(folder, "many")
        many.mkdir()
        for index in range(_MANY):
            os.link(letter, many / f"{index}.pdf")
        verify = ["verify", "--trust", str(root)]
        ways = {
            "hanyin --version": ["--version"],
            "hanyin verify, one letter": [*verify, str(letter)],
            f"hanyin verify, {_MANY} letters": [*verify, str(many)],
        }
        print(f"{'':<30}{'least s':>10}{'middle s':>10}{'least CPU s':>13}")
        for name, words in ways.items():
            found = [_measured(words, environment) for _ in range(runs)]
            clock, cpu = [each[0] for each in found], [each[1] for each in found]
            print(
                f"{name:<30}{min(clock):>10.2f}{statistics.median(clock):>10.2f}{min(cpu):>13.2f}"
            )


def _measured(words: Sequence[str], environment: Mapping[str, str]) -> tuple[float, float]:
    """Seconds by the clock and of CPU."""
    start = time.perf_counter()
    child = subprocess.Popen(
        [sys.executable, "-m", "commands", *words], env=environment, stdout=subprocess.DEVNULL
    )
    _, status, used = os.wait4(child.pid, 0)
    clock = time.perf_counter() - start
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise SystemExit(f"hanyin {words[0]} ended with {child.returncode}")
    return clock, used.ru_utime + used.ru_stime


def _letter(folder: Path) -> tuple[Path, Path]:
    """A sealed letter and the file with the root that its seal leads to."""
    key, rendered = sample_key(), sample_letter()
    sealer = Sealer(key, Seal.named(_NAME, diameter_mm=42, fonts=find_fonts()))
    sealed = sealer.seal(
        rendered, document_number="稽（待遇）字〔2026〕第2号", at=datetime.now(UTC)
    )
    letter, root = folder / "letter.pdf", folder / "root.pem"
    letter.write_bytes(sealed.content)
    root.write_bytes(key.chain[-1].public_bytes(Encoding.PEM))
    return letter, root


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else RUNS)
