"""Child processes that a test leaves to nobody: told of that test, and not of whoever comes next.

Python tells of a process that nobody waited for when its object is thrown away, which may be in
the middle of another test.
"""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from weakref import WeakSet

_started: WeakSet[subprocess.Popen[Any]] = WeakSet()
_plain = subprocess.Popen.__init__


def _noted(self: subprocess.Popen[Any], *words: Any, **how: Any) -> None:
    _plain(self, *words, **how)
    _started.add(self)


def watch() -> None:
    """Every process that is started from now on is known."""
    subprocess.Popen.__init__ = _noted  # type: ignore[method-assign]


@contextmanager
def kept() -> Iterator[None]:
    """What is started in the block stays for tests to come."""
    before = {*_started}
    yield
    for each in {*_started} - before:
        _started.discard(each)


def left_since(before: set[subprocess.Popen[Any]]) -> list[str]:
    """Processes started since then for which nobody has waited."""
    return [
        f"{each.pid}: {each.args!r}" for each in {*_started} - before if each.returncode is None
    ]


def known() -> set[subprocess.Popen[Any]]:
    """Those that are known now."""
    return {*_started}
