"""What every command needs: settings, directory, ledger; and errors turned into sentences.

What takes long to load is imported where it is used: `hanyin verify` of one file is as quick as
what it loads, and other commands are no slower for it.
"""

# ruff: noqa: PLC0415 -- see above

import functools
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import typer

from commands.language import prefer, say
from schemas.errors import (
    CannotSeal,
    HanyinError,
    Invalid,
    Misconfigured,
    ProductionFailed,
    Unavailable,
    WrongLetter,
)

if TYPE_CHECKING:
    from ledger.database import Database
    from schemas.configuration import Directory
    from workers.settings import Settings

#: exit codes: done; refused; waits for somebody; wrong set-up; a server is away
DONE, REFUSED, WAITS, MISCONFIGURED, AWAY = 0, 1, 3, 4, 5

_Function = TypeVar("_Function", bound=Callable[..., Any])


@dataclass(frozen=True, kw_only=True)
class Session:
    """The installation as one command sees it."""

    settings: "Settings"
    directory: "Directory"

    @contextmanager
    def ledger(self) -> "Iterator[Database]":
        """The ledger, of this version's tables; closed after the block."""
        from ledger.database import Database
        from workers import bootstrap

        bootstrap.prepare_ledger(self.settings)
        database = Database(self.settings.database)
        try:
            yield database
        finally:
            database.close()


def open_session(*, logs: bool = True) -> Session:
    """Settings and directory in force, logs set up. Raises ``Misconfigured``.

    Without ``logs`` nothing may log: for a command that has nothing to.
    """
    from workers.directory import load_directory
    from workers.home import keep_temporary_files
    from workers.settings import load_settings

    settings = load_settings()
    prefer(settings.lang)
    if settings.home.is_dir():
        keep_temporary_files(settings.home)
    if logs:
        from workers.logs import set_up_logs

        set_up_logs(settings)
    return Session(settings=settings, directory=load_directory(settings.directory_file))


def told(function: _Function) -> _Function:
    """``function``'s errors become one sentence on stderr and an exit code of their class."""

    @functools.wraps(function)
    def run(*args: Any, **kwargs: Any) -> Any:
        try:
            return function(*args, **kwargs)
        except Misconfigured as error:
            _complain(say(f"设置有误：{error}", f"The set-up is wrong: {error}"))
            raise typer.Exit(MISCONFIGURED) from None
        except Unavailable as error:
            _complain(
                say(
                    f"暂时无法连接：{error}。请稍后再试。",
                    f"Not available: {error}. Try again later.",
                )
            )
            raise typer.Exit(AWAY) from None
        except Invalid as error:
            for problem in error.problems:
                where = f"{problem.pointer.lstrip('/')}: " if problem.pointer else ""
                _complain(where + say(problem.message, problem.message_en))
            raise typer.Exit(REFUSED) from None
        except (CannotSeal, ProductionFailed, WrongLetter) as error:
            _complain(say(error.problem.message, error.problem.message_en))
            raise typer.Exit(REFUSED) from None
        except HanyinError as error:
            _complain(str(error))
            raise typer.Exit(REFUSED) from None
        except BrokenPipeError:
            sys.stderr.close()
            raise typer.Exit(DONE) from None

    return run  # type: ignore[return-value]


def _complain(sentence: str) -> None:
    from commands.output import complain

    complain(sentence)
