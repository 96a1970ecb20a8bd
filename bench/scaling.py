"""``make bench-scaling``: letters a second by 1, 2 and 4 processes, and numbers of one series by 4.

Numbers are drawn where cases are applied, so four workers apply cases of one agency, which all
draw from the same series, and then cases of four agencies, which have their own.
"""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.ground import Bench, opened

_PROCESSES = (1, 2, 4)
#: cases that warm up; workers on the series, and agencies with series of their own
_WARM, _WORKERS = 8, 4
_CODES = ("430111", "430102", "430103", "430104")
_DEMO = Path(__file__).parents[1] / "config" / "demo.toml"
#: seconds from the first applied event to the last
_APPLIED = (
    "select extract(epoch from max(settled_at::timestamptz) - min(settled_at::timestamptz)) * 1000"
    " from inbox where state = 'applied'"
)


def main() -> None:
    # what was started is ended too
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    parser = argparse.ArgumentParser(prog="python -m bench.scaling")
    parser.add_argument("--cases", type=int, default=48, help="cases of a round")
    parser.add_argument("--drawn", type=int, default=600, help="cases whose numbers are drawn")
    words = parser.parse_args()
    _print("processes", [_processes(count, words.cases) for count in _PROCESSES])
    # in turn, so that the machine's mood is nobody's advantage
    shares = [_series(agencies, words.drawn) for agencies in (1, _WORKERS, _WORKERS, 1)]
    one, own = shares[0] + shares[3], shares[1] + shares[2]
    drawn = 2 * words.drawn
    table = Table(f"{_WORKERS} workers on", "cases applied a second")
    table.add_row("one series", f"{drawn / one:.1f}")
    table.add_row("a series each", f"{drawn / own:.1f}")
    Console().print(table)
    print(f"lost on one series: {100 * (1 - own / one):.1f} %")


def _processes(count: int, cases: int) -> tuple[str, ...]:
    events = opened(_WARM * count + cases)
    with tempfile.TemporaryDirectory(prefix="hanyin-bench-") as folder:
        bench = Bench(Path(folder), producers=count)
        with bench.working() as working:
            working.make(events[: _WARM * count])
            made = working.make(events[_WARM * count :])
    return (
        f"{count}",
        f"{made.rate:.2f}",
        f"{made.rate / min(count, os.cpu_count() or 1):.2f}",
        f"{made.cpu:.0f}",
        f"{made.servers_cpu:.0f}",
    )


def _print(title: str, rows: Sequence[tuple[str, ...]]) -> None:
    table = Table(title, "letters/s", "letters/s and core", "CPU, ms", "servers' CPU, ms")
    for row in rows:
        table.add_row(*row)
    Console().print(table)


def _series(agencies: int, cases: int) -> float:
    """Seconds in which four workers drew the numbers of the cases of so many agencies."""
    with tempfile.TemporaryDirectory(prefix="hanyin-bench-") as folder:
        bench = Bench(Path(folder), producers=1)
        directory = Path(folder) / "directory.toml"
        directory.write_text(_several(_CODES))
        bench.variables["HANYIN_DIRECTORY_FILE"] = str(directory)
        bench.hanyin("migrate")
        bench.publish([_of(_CODES[n % agencies], event) for n, event in enumerate(opened(cases))])
        bench.hanyin("work", "--only", "receive", "--drain")
        words = [sys.executable, "-m", "commands", "work", "--only", "apply", "--drain"]
        workers = [subprocess.Popen(words, env=bench.variables) for _ in range(_WORKERS)]
        for worker in workers:
            worker.wait()
        return bench.ask(_APPLIED) / 1000


def _several(codes: Sequence[str]) -> str:
    """The demonstration's directory, its agency there once for each code."""
    agency, banks, rest = _DEMO.read_text().partition("# ── 银行")
    banks, sources, source = (banks + rest).partition("# ── 来源")
    return "".join(
        [
            *(agency.replace(_CODES[0], code) for code in codes),
            banks,
            *(
                (sources + source).replace(_CODES[0], code).replace("yuhua", f"s{code}")
                for code in codes
            ),
        ]
    )


def _of(code: str, event: dict[str, Any]) -> dict[str, Any]:
    """The same event of another agency."""
    data = event["data"]
    case_no = data["case_no"].replace(_CODES[0], code)
    moved = {name: event[name].replace(_CODES[0], code) for name in ("id", "source", "subject")}
    return {**event, **moved, "data": {**data, "agency": code, "case_no": case_no}}


if __name__ == "__main__":
    main()
