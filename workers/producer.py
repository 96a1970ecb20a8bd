"""A producer process: makes letters until it is told to stop.

Started through ``workers.producer_start`` by ``workers.processes``, which hands on the settings
through standard input, and then a line whenever there may be work; a byte goes back, through
``telling``, whenever some was done.
"""

import json
import os
import signal
import sys
import threading

from ledger.database import Database
from rendering.building import build_renderer
from schemas.configuration import Directory
from workers.bootstrap import open_store
from workers.clock import now
from workers.directory import load_directory
from workers.logs import set_up_logs
from workers.processes import die_with_parent, keep_what_is_there, nudge, producer_count
from workers.producing import Produce, Tools
from workers.sealing import SealRoom
from workers.settings import Settings
from workers.stage import Bell, Loop


def main(parent: int, telling: int, worker: str) -> int:
    """Letters are made by the producer ``worker`` until SIGTERM; 1 where it met a defect."""
    die_with_parent(parent)
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    settings = Settings(**json.loads(sys.stdin.buffer.readline()))
    set_up_logs(settings)
    os.set_blocking(telling, False)
    bell = Bell()
    bell.tell(lambda: nudge(telling))
    directory = load_directory(settings.directory_file)
    loop = Loop(build_produce(settings, directory, stopping, worker), bell)
    keep_what_is_there()
    threading.Thread(target=_listen, args=(loop,), name="listen", daemon=True).start()
    loop.start()
    while not stopping.wait(0.2):
        if loop.broken is not None:
            return 1
        if loop.away_seconds():
            nudge(telling, f"{loop.away_reason.zh}\t{loop.away_reason.en}")
    loop.stop()
    loop.join(timeout=300)
    return 0


def build_produce(
    settings: Settings, directory: Directory, stopping: threading.Event, worker: str | None = None
) -> Produce:
    """The produce stage, with engines of its own; it ends a batch early at ``stopping``."""
    tools = Tools(
        renderer=build_renderer(
            work_dir=settings.home / "work",
            office_python=settings.office_python,
            office_program=settings.office_program,
            timeout=settings.conversion_seconds,
            templates_dir=settings.templates_dir,
        ),
        seals=SealRoom(settings, directory),
        archive=open_store(settings),
    )
    return Produce(
        database=Database(settings.database),
        tools=tools,
        directory=directory,
        settings=settings,
        clock=now,
        producers=producer_count(settings),
        stopping=stopping,
        worker=worker,
    )


def _listen(loop: Loop) -> None:
    # not through sys.stdin: a thread that reads from it cannot be left behind at the end
    while os.read(sys.stdin.fileno(), 4096):
        loop.wake()
