"""A producer process: makes letters until it is told to stop.

Started by ``workers.processes``, which hands on the settings through standard input, and then a
line whenever there may be work; a byte goes back, through ``telling``, whenever some was done.
"""

import json
import os
import signal
import sys
import threading

from workers.assembly import build_produce
from workers.logs import set_up_logs
from workers.processes import die_with_parent, nudge
from workers.settings import Settings
from workers.stage import Bell, Loop


def main(parent: int, telling: int) -> int:
    """Letters are made until SIGTERM; 1 where the stage met a defect."""
    die_with_parent(parent)
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    settings = Settings(**json.loads(sys.stdin.buffer.readline()))
    set_up_logs(settings)
    os.set_blocking(telling, False)
    bell = Bell()
    bell.tell(lambda: nudge(telling))
    loop = Loop(build_produce(settings, stopping=stopping), bell)
    threading.Thread(target=_listen, args=(loop,), name="listen", daemon=True).start()
    loop.start()
    while not stopping.wait(0.2):
        if loop.broken is not None:
            return 1
    loop.stop()
    loop.join(timeout=300)
    return 0


def _listen(loop: Loop) -> None:
    # not through sys.stdin: a thread that reads from it cannot be left behind at the end
    while os.read(sys.stdin.fileno(), 4096):
        loop.wake()


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2])))
