"""The limits of the process in which Typst runs (setrlimit(2), landlock(7), unshare(2)).

It reads the folders that it is given and nothing else, writes no file, opens no socket and takes
no more memory than a letter may need. Kernels that know no Landlock, and containers that allow
no new namespace, leave the limits of setrlimit alone; ``confine`` says which hold.
"""

import ctypes
import os
import resource
import signal
import struct
from collections.abc import Sequence

#: bytes of address space: a letter of 10,000 characters needs a quarter
_MEMORY = 2 * 1024**3
_FILES = 64
_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS = 1, 38
#: system calls, the same numbers on x86-64 and Arm
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_PATH_BENEATH = 1
#: Landlock's rights of its first version: all of them are taken away, reading is given back
_ALL_RIGHTS = (1 << 13) - 1
_READING = (1 << 2) | (1 << 3)


def die_with(parent: int) -> None:
    """This process ends when ``parent`` ends."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(1)


def confine(readable: Sequence[str]) -> list[str]:
    """The process is confined from here on, for good: the names of the limits that hold."""
    for limit, most in (
        (resource.RLIMIT_AS, _MEMORY),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, _FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (most, most))
    held = ["limits"]
    library = ctypes.CDLL(None, use_errno=True)
    if library.unshare(_CLONE_NEWUSER | _CLONE_NEWNET) == 0 or library.unshare(_CLONE_NEWNET) == 0:
        held.append("network")
    if _landlock(library, readable):
        held.append("files")
    return held


def _landlock(library: ctypes.CDLL, readable: Sequence[str]) -> bool:
    attributes = struct.pack("=Q", _ALL_RIGHTS)
    ruleset = library.syscall(_CREATE_RULESET, attributes, len(attributes), 0)
    if ruleset < 0:
        return False
    for folder in readable:
        opened = os.open(folder, os.O_PATH | os.O_CLOEXEC)
        rule = struct.pack("=Qi", _READING, opened)
        library.syscall(_ADD_RULE, ruleset, _PATH_BENEATH, rule, 0)
        os.close(opened)
    library.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    held = bool(library.syscall(_RESTRICT_SELF, ruleset, 0) == 0)
    os.close(ruleset)
    return held
