"""Confinement: a file from outside is read in a process of its own, within limits.

A picture, drawing or PDF that takes all memory, never ends or breaks a library ends that process
and no other. ``confined`` starts it; its module calls ``confine`` before it reads.
"""

import os
import resource
import subprocess
import sys
from dataclasses import dataclass

_MIB = 1024 * 1024


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """What reading one file may take."""

    #: bytes of address space
    memory: int = 1024 * _MIB
    #: seconds of the processor and, twice that, of the clock
    seconds: int = 30


def confined(module: str, content: bytes, *arguments: str, bounds: Bounds) -> bytes | None:
    """What ``module`` writes about ``content``; None where it ended early or took too much.

    It gets the bounds as its first two arguments, then ``arguments``, the content as standard
    input, and nothing of this process's environment but the way to the modules.
    """
    limits = [str(bounds.memory), str(bounds.seconds)]
    try:
        done = subprocess.run(
            [sys.executable, "-m", module, *limits, *arguments],
            input=content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=2 * bounds.seconds,
            check=False,
            env={"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        )
    except subprocess.TimeoutExpired:
        return None
    return done.stdout if done.returncode == 0 else None


def confine(memory: int, seconds: int) -> None:
    """This process has no more than ``memory`` bytes and ``seconds``, and writes no file."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
