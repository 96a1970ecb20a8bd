"""How much memory a process tree has, by kind of process, along a run."""

import contextlib
from collections import defaultdict
from pathlib import Path

from tests.building.processes import below

#: words of command lines by which the kinds are known
KINDS = ("commands work", "workers.producer", "rendering.typst.host")


class Watcher:
    """Looks at the processes below ``pid`` and at itself, as often as it is asked to."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        #: kind → the largest resident set of its processes at each look, in kB
        self.sizes: dict[str, list[int]] = defaultdict(list)

    def watch(self) -> bool:
        """One look more; False where the tree is gone."""
        for kind in KINDS:
            processes = [self._pid] if kind == KINDS[0] else below(self._pid, kind)
            sizes = [size for process in processes if (size := resident(process))]
            if sizes:
                self.sizes[kind].append(max(sizes))
        return resident(self._pid) > 0


def resident(process: int) -> int:
    """The resident set in kB (proc(5), VmRSS); 0 where the process is gone."""
    return _status(process, "VmRSS:")


def peak(process: int) -> int:
    """The largest resident set so far in kB (VmHWM); 0 where the process is gone."""
    return _status(process, "VmHWM:")


def _status(process: int, name: str) -> int:
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{process}/status").read_text().splitlines():
            if line.startswith(name):
                return int(line.split()[1])
    return 0
