"""Processes of this machine, by their command lines."""

import contextlib
import re
import time
from pathlib import Path

from tests.building.installation import Installation

#: of a command line of Typst's process, or of LibreOffice
_ENGINE = re.compile("rendering.typst.host|soffice")


def commands() -> list[tuple[int, str]]:
    """Process ids and command lines."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                raw = (entry / "cmdline").read_bytes().replace(b"\0", b" ")
                found.append((int(entry.name), raw.decode(errors="replace")))
    return found


def below(pid: int, word: str) -> list[int]:
    """Descendants of ``pid`` whose command line has ``word``."""
    parents = {}
    for other, _ in commands():
        with contextlib.suppress(OSError):
            status = Path(f"/proc/{other}/stat").read_text()
            parents[other] = int(status.rsplit(")", 1)[1].split()[1])

    def descends(process: int) -> bool:
        while process in parents:
            process = parents[process]
            if process == pid:
                return True
        return False

    return [other for other, words in commands() if word in words and descends(other)]


def left_running(installation: Installation) -> list[str]:
    """Command lines of engines that name this installation's home, after a moment."""
    home = installation.variables["HANYIN_HOME"]
    # what was killed needs a moment to be gone
    for _ in range(50):
        found = [words for _, words in commands() if home in words and _ENGINE.search(words)]
        if not found:
            return []
        time.sleep(0.2)
    return found
