"""``make bench-limits``: what physics sets on this machine for the stages of a letter.

Signatures by OpenSSL's own ``speed``, a write that is on the disk; and a letter of some 40 pages
beside one of three.
"""

import argparse
import os
import re
import statistics
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from rich.table import Table

from rendering.building import build_renderer
from rendering.preview import sample_document
from rendering.renderer import Renderer
from schemas.documents import DocumentKind, PlannedDocument

#: algorithms as ``openssl speed`` knows them
_SIGNATURES = ("rsa2048", "rsa3072", "ecdsap256", "sm2")
#: signatures a second in its last line
_A_SECOND = re.compile(r"([0-9.]+)\s+[0-9.]+\s*$")
_KIND = DocumentKind.RECOVERY_NOTICE
#: as much as a letter has
_BYTES = bytes(150_000)
_WRITES = 100


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.limits")
    parser.add_argument("--seconds", type=int, default=3, help="seconds for each signature")
    seconds = parser.parse_args().seconds
    table = Table("limit", "ms")
    for name in _SIGNATURES:
        table.add_row(f"a signature, {name}", f"{_signature(name, seconds):.3f}")
    with tempfile.TemporaryDirectory(prefix="hanyin-bench-") as folder:
        renderer = build_renderer(work_dir=Path(folder))
        try:
            for what, spent in _steps(renderer, Path(folder)):
                table.add_row(what, f"{spent:.2f}")
        finally:
            renderer.close()
    Console().print(table)


def _steps(renderer: Renderer, folder: Path) -> Iterator[tuple[str, float]]:
    yield "a letter's bytes written and on the disk", _synced(folder)
    for pages, spent in _long(renderer):
        yield f"a letter of {pages} pages made, a page", spent / pages


def _signature(name: str, seconds: int) -> float:
    """Milliseconds of a signature."""
    words = ["openssl", "speed", "-seconds", str(seconds), name]
    said = subprocess.run(words, check=True, capture_output=True, text=True).stdout
    found = _A_SECOND.search(said)
    if found is None:
        raise SystemExit(f"openssl speed {name} says nothing of signatures:\n{said}")
    return 1000 / float(found[1])


def _synced(folder: Path) -> float:
    """Milliseconds, the median."""
    spent = []
    for number in range(_WRITES):
        start = time.perf_counter()
        with (folder / f"{number}").open("wb") as file:
            file.write(_BYTES)
            os.fsync(file.fileno())
        spent.append(time.perf_counter() - start)
    return statistics.median(spent) * 1000


def _long(renderer: Renderer) -> Iterator[tuple[int, float]]:
    """Pages, and milliseconds from data to PDF/A, the median of three."""
    sample = sample_document(_KIND)
    for lines in (1, 4200):
        planned = replace(sample, data={**sample.data, "facts": "经核实，情况属实。" * lines})
        spent = [_made(renderer, planned) for _ in range(3)]
        yield renderer.render(planned).pages, statistics.median(spent) * 1000


def _made(renderer: Renderer, planned: PlannedDocument) -> float:
    start = time.perf_counter()
    renderer.render(planned)
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
