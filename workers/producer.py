"""A producer process: makes letters until it is told to stop.

Started by ``workers.processes``, which hands on the settings through standard input.
"""

import json
import signal
import sys
import threading

from workers import bootstrap
from workers.logs import set_up_logs
from workers.processes import die_with_parent
from workers.settings import Settings
from workers.stage import Loop


def main(parent: int) -> int:
    """Letters are made until SIGTERM; 1 where the stage met a defect."""
    die_with_parent(parent)
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    settings = Settings(**json.load(sys.stdin))
    set_up_logs(settings)
    loop = Loop(bootstrap.build_produce(settings, stopping=stopping))
    loop.start()
    while not stopping.wait(0.2):
        if loop.broken is not None:
            return 1
    loop.stop()
    loop.join(timeout=300)
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
