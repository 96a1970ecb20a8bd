"""LibreOffice's bare export: a Word file is loaded once and written as PDF/A again and again.

Run by the distribution's python3, as ``rendering.office_host`` is:
``python3 bench/bare_export.py PROGRAM FOLDER WORD TIMES`` → {"load": s, "export": s} on one line.
"""

import importlib
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "rendering"))

# what the product itself says to LibreOffice
office_host = importlib.import_module("office_host")


def main(program: str, folder: str, word: str, times: int) -> None:
    name = f"bare{os.getpid()}"
    words = [
        *(program, "--headless", "--norestore", "--nofirststartwizard", "--nolockcheck"),
        f"--accept=pipe,name={name};urp;",
        f"-env:UserInstallation=file://{folder}/profile",
    ]
    office, context = office_host.start(words, name)
    desktop = context.ServiceManager.createInstanceWithContext(
        "com.sun.star.frame.Desktop", context
    )
    try:
        # the first of each warms up
        loads = [timed(lambda: load(desktop, word).close(True)) for _ in range(3)]
        document = load(desktop, word)
        target = f"file://{folder}/bare.pdf"
        exports = [
            timed(lambda: document.storeToURL(target, office_host.export()))
            for _ in range(times + 1)
        ]
        document.close(True)
    finally:
        office.kill()
    print(json.dumps({"load": min(loads[1:]), "export": sorted(exports[1:])[times // 2]}))


def load(desktop: Any, word: str) -> Any:
    hidden = office_host.value("Hidden", True)
    return desktop.loadComponentFromURL(f"file://{word}", "_blank", 0, (hidden,))


def timed(step: Any) -> float:
    start = time.perf_counter()
    step()
    return time.perf_counter() - start


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]))
