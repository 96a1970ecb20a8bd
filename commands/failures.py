"""What went wrong in a command: sentences on stderr, with ``--json`` one object for programs.

The object is the last line of stderr: ``code``, ``message`` in the language in force, the
``exit_code`` that follows, and ``errors``, each with pointer, code and message.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass

import typer

from schemas.visible import visible_json

#: exit codes: done; refused; waits for somebody; wrong set-up; a server is away; wrong words
#: (sysexits.h EX_USAGE: apart from *cannot tell* of ``hanyin verify``, which is 2)
DONE, REFUSED, WAITS, MISCONFIGURED, AWAY, USAGE = 0, 1, 3, 4, 5, 64
#: what an exit code means, for programs
_CODES = {
    REFUSED: "refused",
    WAITS: "waits",
    MISCONFIGURED: "misconfigured",
    AWAY: "server_away",
    USAGE: "usage",
}


@dataclass(frozen=True, kw_only=True)
class Failure:
    """One thing that went wrong."""

    #: JSON pointer into what was given; "" is the whole of it
    pointer: str = ""
    #: of docs/codes.md where it has one there, else what the exit code means
    code: str = ""
    #: the sentence, in the language in force
    message: str


#: what went wrong so far in a call with ``--json``; None: it is printed as it comes
_kept: ContextVar[list[Failure] | None] = ContextVar("failures", default=None)


def keep(failure: Failure) -> bool:
    """Whether ``failure`` is printed at the end of the command, as JSON: it is kept until then."""
    kept = _kept.get()
    if kept is not None:
        kept.append(failure)
    return kept is not None


def is_for_programs() -> bool:
    """Whether a program reads what this call says."""
    return _kept.get() is not None


@contextmanager
def told_at_the_end(*, as_json: bool) -> Iterator[None]:
    """What goes wrong in the block ends on stderr as one JSON object, where ``as_json``."""
    if not as_json:
        yield
        return
    kept: list[Failure] = []
    before = _kept.set(kept)
    try:
        yield
    except typer.Exit as ended:
        if ended.exit_code and kept:
            sys.stderr.write(as_object(kept, ended.exit_code) + "\n")
        raise
    finally:
        _kept.reset(before)


def as_object(failures: list[Failure], exit_code: int) -> str:
    """The failures as one JSON object in one line."""
    code = _CODES.get(exit_code, "failed")
    only = {failure.code for failure in failures} - {""}
    return visible_json(
        {
            "code": only.pop() if len(only) == 1 else code,
            "message": "\n".join(failure.message for failure in failures),
            "exit_code": exit_code,
            "errors": [asdict(each) | {"code": each.code or code} for each in failures],
        }
    )
