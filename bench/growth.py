"""``make bench-growth``: what a letter costs with 1,000 documents in the ledger, and with many.

On PostgreSQL. Done letters are multiplied in the ledger with all that belongs to them; nothing of
them is in the store, which looks at no other object when it takes one.
"""

import argparse
import signal
import sys
import tempfile
from pathlib import Path

import psycopg
from rich.console import Console
from rich.table import Table
from sqlalchemy import create_engine

from bench.ground import Bench, Round, opened
from tests.building.growth import grow

#: processes that produce, and cases of a round
_PRODUCERS, _CASES = 2, 48
_FEW = 1000


def main() -> None:
    # what was started is ended too
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    parser = argparse.ArgumentParser(prog="python -m bench.growth")
    parser.add_argument("--documents", type=int, default=1_000_000, help="documents in the ledger")
    most = parser.parse_args().documents
    events, made, generation = opened(3 * _CASES), list[tuple[int, Round]](), 0
    with tempfile.TemporaryDirectory(prefix="hanyin-bench-") as folder:
        bench = Bench(Path(folder), producers=_PRODUCERS)
        with bench.working() as working:
            working.make(events[:_CASES])
        for place, count in enumerate((_FEW, most), start=1):
            generation = _grown(bench, count, generation)
            there = bench.ask("select count(*) from documents")
            some = events[place * _CASES :][:_CASES]
            with bench.working() as working:
                # LibreOffice starts, templates and keys are read
                working.make(some[:8])
                made.append((there, working.make(some[8:])))
    _print(made)


def _grown(bench: Bench, count: int, generation: int) -> int:
    engine = create_engine(bench.sqlalchemy_url)
    with engine.begin() as connection:
        generation = grow(connection, count, generation=generation)
    engine.dispose()
    with psycopg.connect(bench.ledger, autocommit=True) as plain:
        plain.execute("vacuum analyze")
        plain.execute("checkpoint")
    return generation


def _print(made: list[tuple[int, Round]]) -> None:
    table = Table("documents", "letters/s", "CPU, ms", "servers' CPU, ms")
    for there, each in made:
        row = f"{there:,}", f"{each.rate:.2f}", f"{each.cpu:.0f}", f"{each.servers_cpu:.0f}"
        table.add_row(*row)
    Console().print(table)
    (_, few), (_, many) = made[0], made[-1]
    ratio = (many.cpu + many.servers_cpu) / (few.cpu + few.servers_cpu)
    print(f"CPU a letter with many against few: {ratio:.2f}")


if __name__ == "__main__":
    main()
