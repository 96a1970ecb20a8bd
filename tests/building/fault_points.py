"""The fault points: every place where the program changes something outside, found in its source.

A point is named ``module:function:act``. An act is a transaction (``writing``), an object that is
stored (``put``), messages that leave (``publish``) or are acknowledged (``settle``). A process
that was started with ``fused`` kills itself at one of them, ``before`` what it does is lasting or
``after``.
"""

import ast
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from archive.directory import DirectoryArchive
from archive.s3 import S3Archive
from ledger.database import Database
from workers.brokers.embedded import EmbeddedIntake, EmbeddedOutlet
from workers.brokers.rabbitmq_intake import RabbitIntake
from workers.brokers.rabbitmq_outlet import RabbitOutlet

ROOT = Path(__file__).parents[2]
WHEN = ("before", "after")

_FUSE = "HANYIN_TEST_FUSE"
_BLOWN = "HANYIN_TEST_FUSE_BLOWN"
#: act → how the receiver's name ends
_ACTS = {"writing": "database", "put": "archive", "publish": "outlet", "settle": "intake"}


def fault_points() -> tuple[str, ...]:
    """Every point of the workers' room, in order of name."""
    found: list[str] = []
    for file in sorted((ROOT / "workers").glob("*.py")):
        found += _points(ast.parse(file.read_text()), f"workers.{file.stem}:", "")
    assert len(found) == len(set(found)), "two acts of a kind in one function: split it"
    return tuple(sorted(found))


def fused(environment: dict[str, str], point: str, when: str, blown: Path) -> dict[str, str]:
    """The environment in which one process, the first to come to ``point``, is killed there.

    ``blown`` exists from that moment on.
    """
    path = os.pathsep.join([str(Path(__file__).parent / "fuse"), str(ROOT)])
    return {**environment, "PYTHONPATH": path, _FUSE: f"{point} {when}", _BLOWN: str(blown)}


def arm() -> None:
    """Every act of this process looks whether it is the one."""
    Database.writing = _fused_transaction(Database.writing)  # type: ignore[method-assign]
    doings: list[tuple[type, str]] = [
        *((DirectoryArchive, "put"), (S3Archive, "put")),
        *((EmbeddedIntake, "settle"), (RabbitIntake, "settle")),
        *((EmbeddedOutlet, "publish"), (RabbitOutlet, "publish")),
    ]
    for holder, act in doings:
        setattr(holder, act, _fused_act(getattr(holder, act), act))


def _points(tree: ast.AST, prefix: str, function: str) -> Iterator[str]:
    for node in ast.iter_child_nodes(tree):
        name = function
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            name = f"{function}.{node.name}" if function else node.name
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            act, receiver = node.func.attr, ast.unparse(node.func.value)
            if act in _ACTS and receiver.endswith(_ACTS[act]):
                yield f"{prefix}{function}:{act}"
        yield from _points(node, prefix, name)


def _fused_transaction(writing: Callable[..., Any]) -> Callable[..., Any]:
    def watched(self: Any) -> Any:
        return _watched(writing(self), _here("writing"))

    return watched


@contextmanager
def _watched(transaction: Any, point: str) -> Iterator[Any]:
    with transaction as connection:
        yield connection
        _blow(point, "before")
    _blow(point, "after")


def _fused_act(act: Callable[..., Any], name: str) -> Callable[..., Any]:
    def watched(self: Any, *args: Any, **more: Any) -> Any:
        point = _here(name)
        _blow(point, "before")
        done = act(self, *args, **more)
        _blow(point, "after")
        return done

    return watched


def _here(act: str) -> str:
    """The point of whoever called the watched function."""
    frame = sys._getframe(2)
    return f"{frame.f_globals['__name__']}:{frame.f_code.co_qualname}:{act}"


def _blow(point: str, when: str) -> None:
    if os.environ[_FUSE] != f"{point} {when}":
        return
    try:
        os.close(os.open(os.environ[_BLOWN], os.O_WRONLY | os.O_CREAT | os.O_EXCL))
    except FileExistsError:
        return
    os.kill(os.getpid(), signal.SIGKILL)
