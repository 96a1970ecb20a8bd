"""CPU time and memory of a process with everything that it started, from /proc."""

import os
from dataclasses import dataclass
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, kw_only=True)
class Usage:
    """What a tree of processes has used."""

    #: seconds of CPU by program name
    cpu: dict[str, float]
    #: bytes, shared pages counted once
    memory: int

    @property
    def seconds(self) -> float:
        """CPU of all of them."""
        return sum(self.cpu.values())

    def since(self, before: "Usage") -> "Usage":
        """What was used after ``before``; the memory is that of now."""
        cpu = {name: spent - before.cpu.get(name, 0.0) for name, spent in self.cpu.items()}
        return Usage(cpu=cpu, memory=self.memory)


def usage(*roots: int) -> Usage:
    """The usage of the trees under ``roots``."""
    stats = {pid: found for pid in _pids() if (found := _stat(pid))}
    tree = set(roots)
    while more := {pid for pid, (parent, _, _) in stats.items() if parent in tree} - tree:
        tree |= more
    cpu: dict[str, float] = {}
    for pid in tree & set(stats):
        _, name, spent = stats[pid]
        cpu[name] = cpu.get(name, 0.0) + spent
    return Usage(cpu=cpu, memory=sum(map(_memory, tree)))


def _pids() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]


def _stat(pid: int) -> tuple[int, str, float] | None:
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    name, _, rest = text.partition("(")[2].rpartition(")")
    fields = rest.split()
    # children that have ended are counted with their parent
    spent = sum(int(fields[place]) for place in (11, 12, 13, 14))
    return int(fields[1]), name, spent / _TICKS


def _memory(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
