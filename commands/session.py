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

from commands.failures import (
    AWAY,
    DONE,
    MISCONFIGURED,
    REFUSED,
    told_at_the_end,
)
from commands.language import prefer, say, spoken
from schemas.errors import HanyinError, Invalid, Misconfigured, Unavailable

if TYPE_CHECKING:
    from ledger.database import Database
    from schemas.configuration import Directory
    from workers.settings import Settings

_Function = TypeVar("_Function", bound=Callable[..., Any])


@dataclass(frozen=True, kw_only=True)
class Session:
    """The installation as one command sees it."""

    settings: "Settings"
    directory: "Directory"

    @contextmanager
    def ledger(self) -> "Iterator[Database]":
        """The ledger, of this version's tables; closed after the block.

        The command ends where nobody has begun to work here: whoever only reads makes no home.
        """
        from ledger.database import Database
        from workers import bootstrap

        self.require_installation()
        bootstrap.prepare_ledger(self.settings)
        database = Database(self.settings.database)
        try:
            yield database
        finally:
            database.close()

    def require_installation(self) -> None:
        """End the command, with the home that it looked at, where that is no installation."""
        from commands.output import complain
        from workers import bootstrap

        if bootstrap.lacks_installation(self.settings):
            home = self.settings.home.resolve()
            complain(
                say(
                    f"{home} 里没有函印的安装。请到安装所在的文件夹运行，或用 HANYIN_HOME 指明；"
                    "要在这里新建，用 hanyin publish 或 hanyin work。",
                    f"There is no installation in {home}. Run this in the folder that has one, or"
                    " name it in HANYIN_HOME; to begin one here, use `hanyin publish` or `hanyin"
                    " work`.",
                )
            )
            raise typer.Exit(MISCONFIGURED)

    def tell_new_home(self) -> None:
        """Where this command begins an installation, stderr says in which folder."""
        from commands.output import note
        from workers.home import is_installation

        home = self.settings.home
        if self.settings.embedded and not is_installation(home):
            note(
                say(
                    f"新建安装：{home.resolve()}（HANYIN_HOME）",
                    f"a new installation: {home.resolve()} (HANYIN_HOME)",
                )
            )


def open_session(*, logs: bool = True) -> Session:
    """Settings and directory in force, logs set up. Raises ``Misconfigured``.

    Without ``logs`` nothing may log: for a command that has nothing to.
    """
    from workers.directory import load_directory
    from workers.home import is_installation, keep_temporary_files
    from workers.settings import load_settings

    settings = load_settings()
    prefer(settings.lang)
    if is_installation(settings.home):
        keep_temporary_files(settings.home)
    if logs:
        from workers.logs import set_up_logs

        set_up_logs(settings)
    return Session(settings=settings, directory=load_directory(settings.directory_file))


def told(function: _Function) -> _Function:
    """``function``'s errors become one sentence on stderr and an exit code of their class.

    With ``--json`` they become one JSON object.
    """

    @functools.wraps(function)
    def run(*args: Any, **kwargs: Any) -> Any:
        with told_at_the_end(as_json=kwargs.get("as_json", False)):
            try:
                return function(*args, **kwargs)
            except HanyinError as error:
                raise typer.Exit(_told(error)) from None
            except BrokenPipeError:
                sys.stderr.close()
                raise typer.Exit(DONE) from None

    return run  # type: ignore[return-value]


def _told(error: HanyinError) -> int:
    """The exit code of the error's class, after its sentences."""
    from commands.output import complain

    said = error.sentence
    if isinstance(error, Misconfigured):
        complain(say(f"设置有误：{said.zh}", f"The set-up is wrong: {said.en}"))
        return MISCONFIGURED
    if isinstance(error, Unavailable):
        complain(
            say(
                f"暂时无法连接：{said.zh}。请稍后再试。",
                f"Not available: {said.en}. Try again later.",
            )
        )
        return AWAY
    for problem in error.problems if isinstance(error, Invalid) else ():
        where = f"{problem.pointer.lstrip('/')}: " if problem.pointer else ""
        complain(where + spoken(problem.sentence), code=problem.code, pointer=problem.pointer)
    if not isinstance(error, Invalid):
        own = getattr(error, "problem", None)
        complain(spoken(said), code=own.code if own else "")
    return REFUSED
