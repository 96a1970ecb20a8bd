"""``make bench``: the same letters by Hanyin and by the plain way, one after the other.

Under ``python -m tests.servers run``: both use the same RabbitMQ, PostgreSQL and store. Hanyin
gets events and decides, numbers, seals and announces; the plain way gets the letters that were
decided. CPU of the three servers stands in a row of its own.
"""

import argparse
import io
import json
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import pika
import psycopg
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from rich.console import Console
from rich.table import Table

from bench.comparing import compare
from bench.ground import Bench, opened, servers, until
from bench.plain import Place
from cases.kinds import LETTERS, SERVED
from cases.kinds.service_record import service_record
from rendering.fonts import write_configuration
from schemas.documents import DocumentKind, Recipient, RecipientRole
from signing.authority import DemoAuthority
from workers.directory import load_directory
from workers.usage import Usage, usage

#: processes of each way, as many as cores are meant
WORKERS = 2
#: cases that warm Hanyin up
WARM = 4


@dataclass(frozen=True, kw_only=True)
class Run:
    """What a way took for its letters."""

    name: str
    letters: int
    #: seconds from the first event to the last announced letter
    wall: float
    used: Usage
    #: of RabbitMQ, PostgreSQL and the store
    servers: Usage
    #: seconds from the first event to each stored letter, sorted
    waits: list[float] = field(repr=False)
    #: seconds of wall time by stage, where the way tells them
    stages: dict[str, float] = field(default_factory=dict)

    @property
    def rate(self) -> float:
        return self.letters / self.wall

    def wait(self, share: float) -> float:
        return self.waits[min(int(share * len(self.waits)), len(self.waits) - 1)]


def run_hanyin(bench: Bench, cases: int) -> Run:
    events = opened(WARM + cases)
    with bench.working() as working:
        working.make(events[:WARM])
        made = working.make(events[WARM:])
    return Run(
        name="Hanyin",
        letters=made.letters,
        wall=made.wall,
        used=made.used,
        servers=made.servers,
        waits=_waits_of_hanyin(bench, made.since),
    )


def _waits_of_hanyin(bench: Bench, since: float) -> list[float]:
    with psycopg.connect(bench.ledger) as connection:
        rows = connection.execute(
            "select extract(epoch from archived_at::timestamptz) from documents"
            " where archived_at is not null"
        ).fetchall()
    return sorted(float(row[0]) - since for row in rows if float(row[0]) > since)


def run_plain(bench: Bench, todo: list[dict[str, Any]]) -> Run:
    bench.client.make_bucket(bench.buckets[1])
    channel = pika.BlockingConnection(pika.URLParameters(bench.broker)).channel()
    for queue in ("plain.in", "plain.out"):
        channel.queue_declare(queue, durable=True)
    with psycopg.connect(bench.database) as connection:
        connection.execute("create table letters (id text primary key, sha256 text, at float8)")
    workers = [_start_worker(bench) for _ in range(WORKERS)]
    for worker in workers:
        assert worker.stdout is not None  # noqa: S101 -- it was asked for
        worker.stdout.readline()
    pids = [worker.pid for worker in workers]
    before, served, since = usage(*pids), servers(), time.time()
    channel.confirm_delivery()
    for letter in todo:
        channel.basic_publish("", "plain.in", json.dumps(letter).encode())
    with psycopg.connect(bench.database, autocommit=True) as connection:
        until(lambda: _count(connection) == len(todo))
    wall, used, serving = time.time() - since, usage(*pids), servers()
    stages: dict[str, float] = {}
    for _ in workers:
        channel.basic_publish("", "plain.in", b"null")
    for worker in workers:
        out, _ = worker.communicate(timeout=60)
        for stage, seconds in json.loads(out).items():
            stages[stage] = stages.get(stage, 0.0) + seconds
    with psycopg.connect(bench.database) as connection:
        rows = connection.execute("select at from letters").fetchall()
    return Run(
        name="plain",
        letters=len(todo),
        wall=wall,
        used=used.since(before),
        servers=serving.since(served),
        waits=sorted(row[0] - since for row in rows),
        stages=stages,
    )


def _count(connection: "psycopg.Connection[tuple[int]]") -> int:
    row = connection.execute("select count(*) from letters").fetchone()
    return int(row[0]) if row else 0


def _start_worker(bench: Bench) -> subprocess.Popen[bytes]:
    agency = load_directory(None).agencies[0]
    key = DemoAuthority(bench.folder / "home" / "authority").key_of(agency.code, agency.name)
    file = bench.folder / "key.p12"
    file.write_bytes(
        pkcs12.serialize_key_and_certificates(
            b"key", key.private, key.certificate, list(key.issuers), BestAvailableEncryption(b"x")
        )
    )
    place = Place(
        folder=str(bench.folder),
        fonts=str(write_configuration(bench.folder)),
        broker=bench.broker,
        database=bench.database,
        endpoint=bench.store.endpoint,
        access_key=bench.store.access_key,
        secret_key=bench.store.secret_key,
        bucket=bench.buckets[1],
        key_file=str(file),
    )
    words = [sys.executable, "-m", "bench.plain"]
    worker = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert worker.stdin is not None  # noqa: S101 -- it was asked for
    worker.stdin.write(json.dumps(asdict(place)).encode() + b"\n")
    worker.stdin.flush()
    return worker


def _as_letters(documents: list[dict[str, Any]]) -> list[dict[str, Any]]:
    agency = load_directory(None).agencies[0]
    found = []
    for row in documents:
        record = None
        if row["kind"] in SERVED:
            record = service_record(
                letter=LETTERS[DocumentKind(row["kind"])],
                number=row["number"],
                case_no=row["case_no"],
                recipient=Recipient(role=RecipientRole(row["role"]), name=row["recipient_name"]),
                agency=agency,
            )
        letter = {"id": row["document_id"], "kind": row["kind"], "data": row["data"]}
        found.append({**letter, "record": record})
    return found


def _print(runs: Sequence[Run]) -> None:
    table = Table("", *(run.name for run in runs))
    table.add_row("letters", *(str(run.letters) for run in runs))
    table.add_row("letters a second", *(f"{run.rate:.2f}" for run in runs))
    table.add_row("letters a second and core", *(f"{run.rate / WORKERS:.2f}" for run in runs))
    table.add_row("p50 to stored, queue full, s", *(f"{run.wait(0.5):.2f}" for run in runs))
    table.add_row("p99 to stored, queue full, s", *(f"{run.wait(0.99):.2f}" for run in runs))
    table.add_row(
        "CPU a letter, ms", *(f"{run.used.seconds / run.letters * 1000:.0f}" for run in runs)
    )
    for name in sorted({name for run in runs for name in run.used.cpu}):
        table.add_row(
            f"  {name}, ms",
            *(f"{run.used.cpu.get(name, 0) / run.letters * 1000:.0f}" for run in runs),
        )
    for stage in runs[1].stages:
        table.add_row(f"  {stage}, ms", "", f"{runs[1].stages[stage] / runs[1].letters * 1000:.0f}")
    table.add_row(
        "servers' CPU a letter, ms",
        *(f"{run.servers.seconds / run.letters * 1000:.0f}" for run in runs),
    )
    table.add_row("memory, MiB", *(f"{run.used.memory / 2**20:.0f}" for run in runs))
    Console().print(table)


def _compare(bench: Bench, documents: list[dict[str, Any]]) -> list[str]:
    faults = []
    for row in documents:
        pair = []
        names = (row["storage_key"], f"{row['document_id']}.pdf")
        for bucket, name in zip(bench.buckets, names, strict=True):
            answer = bench.client.get_object(bucket, name)
            pair.append(io.BytesIO(answer.read()).getvalue())
            answer.release_conn()
        faults += [f"{row['document_id']}: {fault}" for fault in compare(*pair)]
    return faults


def main() -> None:
    # what was started is ended too
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    parser = argparse.ArgumentParser(prog="python -m bench")
    parser.add_argument("--cases", type=int, default=24, help="cases; some letters each")
    cases = parser.parse_args().cases
    with tempfile.TemporaryDirectory(prefix="hanyin-bench-") as folder:
        bench = Bench(Path(folder), producers=WORKERS)
        hanyin = run_hanyin(bench, cases)
        documents = bench.documents()
        plain = run_plain(bench, _as_letters(documents)[-hanyin.letters :])
        faults = _compare(bench, documents[-hanyin.letters :])
    _print([hanyin, plain])
    for fault in faults:
        print(fault)
    print(f"compared: {hanyin.letters} letters, {len(faults)} differ")
    ratio = hanyin.rate / plain.rate
    cpu = (plain.used.seconds / plain.letters) / (hanyin.used.seconds / hanyin.letters)
    print(f"CPU ratio: {cpu:.1f}")
    print(
        f"ratio: {ratio:.1f} (hanyin {hanyin.rate:.1f}/s, plain {plain.rate:.1f}/s,"
        f" {WORKERS} cores)"
    )


if __name__ == "__main__":
    main()
