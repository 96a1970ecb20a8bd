"""The command ``hanyin``: one command, subcommands in the manner of git."""

import os
import resource
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from itertools import islice, pairwise
from typing import Annotated, Any, Literal

import typer
from typer.core import TyperGroup

from commands.failures import USAGE, told_at_the_end
from commands.language import Language, choose, of_settings_file, prefer, say
from commands.paging import allow_pager

#: command → where its function or its group is, then what more belongs to the group
_PLACES: Mapping[str, tuple[str, ...]] = {
    "demo": ("commands.demo:demo",),
    "work": ("commands.work:work",),
    "publish": ("commands.publish:publish",),
    "register": ("commands.register:register",),
    "ledger": ("commands.case_ledger:ledger",),
    "service": ("commands.service:service",),
    "receipts": ("commands.receipts:receipts",),
    "due": ("commands.due:due",),
    "trail": ("commands.trail:trail",),
    "alarms": ("commands.alarms:app",),
    "verify": ("commands.verify:verify",),
    "doctor": ("commands.doctor:doctor",),
    "migrate": ("commands.migrate:migrate",),
    "bench": ("commands.bench:bench",),
    "case": ("commands.case:app",),
    "events": ("commands.events:app",),
    "documents": (
        "commands.documents:app",
        "commands.getting:get",
        "commands.approving:approve",
        "commands.attaching:attach",
        "commands.retrying:retry",
        "commands.voiding:void",
    ),
    "archive": ("commands.archive:app",),
    "templates": (
        "commands.templates:app",
        "commands.own_templates:copy",
        "commands.own_templates:diff",
    ),
    "keys": ("commands.keys:app",),
}


#: what Typer raises for words that it does not understand
_USAGE_ERROR: Any = typer.BadParameter.__base__


class _Commands(Mapping[str, Any]):
    """The commands by name; loaded one by one, because all of them take seconds."""

    def __getitem__(self, name: str) -> Any:
        return _load(name)

    def __contains__(self, name: object) -> bool:
        return name in _PLACES

    def __iter__(self) -> Iterator[str]:
        return iter(_PLACES)

    def __len__(self) -> int:
        return len(_PLACES)


@cache
def _load(name: str) -> Any:
    """The command of that name, for Typer. Raises KeyError where there is none."""
    function_or_group, *more = map(_found, _PLACES[name])
    around = typer.Typer(add_completion=False)
    # one command alone would not be a group
    around.callback()(lambda: None)
    if isinstance(function_or_group, typer.Typer):
        for each in more:
            function_or_group.command()(each)
        around.add_typer(function_or_group, name=name)
    else:
        around.command(name)(function_or_group)
    group = typer.main.get_group(around)
    return _with_help(group.commands[name])


def _with_help(command: Any) -> Any:
    """The command, and those in it, with help in one language."""
    command.get_help = lambda context: _help(command, context)
    for each in getattr(command, "commands", {}).values():
        _with_help(each)
    return command


def _help(command: Any, context: Any) -> str:
    from commands.help import help_of  # noqa: PLC0415 -- for who asks alone

    return help_of(command, context)


def _found(place: str) -> Any:
    module, _, name = place.partition(":")
    return getattr(import_module(module), name)


class _Group(TyperGroup):
    """The command ``hanyin`` with its subcommands."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        # Typer only reads it
        self.commands = _Commands()  # type: ignore[assignment]
        self._as_json = False

    def get_help(self, ctx: Any) -> str:
        """As of every command, in one language."""
        return _help(self, ctx)

    def make_context(
        self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any
    ) -> Any:
        """As Typer does it, with general options anywhere, and our words for what is wrong."""
        words = _general_first(args)
        self._as_json = "--json" in words
        # help is printed while the words are read, in the language that they ask for
        choose(_language(words))
        prefer(of_settings_file())
        with self._faults_told():
            return super().make_context(info_name, words, parent, **extra)

    def invoke(self, ctx: Any) -> Any:
        """As Typer does it; what is wrong with a command's words likewise."""
        with self._faults_told():
            return super().invoke(ctx)

    @contextmanager
    def _faults_told(self) -> Iterator[None]:
        """A usage error is printed in one language, and ends with a code of its own."""
        try:
            yield
        except _USAGE_ERROR as fault:
            with told_at_the_end(as_json=self._as_json):
                _tell(fault)
                raise typer.Exit(USAGE) from None


def _general_first(words: Sequence[str]) -> list[str]:
    """``words`` with ``--lang`` and ``--no-pager``, which stand anywhere, before the command."""
    general: list[str] = []
    others: list[str] = []
    coming = iter(words)
    for word in coming:
        if word == "--":
            others += [word, *coming]
        elif word == "--lang":
            general += [word, *islice(coming, 1)]
        elif word == "--no-pager" or word.startswith("--lang="):
            general.append(word)
        else:
            others.append(word)
    return [*general, *others]


def _language(words: Sequence[str]) -> Language | None:
    """What ``--lang`` asks for, where it is a language."""
    for option, value in pairwise([*words, ""]):
        wanted = value if option == "--lang" else option.removeprefix("--lang=")
        if option.startswith("--lang") and wanted in {"zh", "en"}:
            return "zh" if wanted == "zh" else "en"
    return None


def _tell(fault: Any) -> None:
    """What is wrong, how the command is called, and where its help is; a group's help as it is."""
    from commands.help import usage_of  # noqa: PLC0415 -- for what is wrong alone
    from commands.output import complain, note  # noqa: PLC0415 -- as above
    from commands.usage import is_call_for_help, told_fault  # noqa: PLC0415 -- as above

    if is_call_for_help(fault):
        for line in fault.message.split("\n"):
            note(line)
        if fault.ctx is not None and fault.ctx.parent is None:
            _tell_home()
        complain(say("缺少命令", "a command is missing"))
        return
    if fault.ctx is not None:
        note(usage_of(fault.ctx.command, fault.ctx))
    sentence = told_fault(fault)
    path = fault.ctx.command_path if fault.ctx is not None else "hanyin"
    complain(sentence)
    note(say(f"帮助：{path} --help", f"for help: {path} --help"))


def _tell_home() -> None:
    """Which installation commands are about in this folder, and whether it is there."""
    from commands.output import note  # noqa: PLC0415 -- for this alone
    from commands.session import open_session, told  # noqa: PLC0415 -- as above
    from workers.home import is_installation  # noqa: PLC0415 -- as above

    def tell() -> None:
        home = open_session(logs=False).settings.home
        there = "" if is_installation(home) else say("（还没有安装）", " (no installation yet)")
        note(f"HANYIN_HOME: {home.resolve()}{there}")

    told(tell)()


app = typer.Typer(
    name="hanyin",
    cls=_Group,
    no_args_is_help=True,
    help="函印：社会保险待遇追缴文书的编号、用印、归档与送达 / letters of benefit recovery\n\n"
    "退出码：0 完成；1 被拒绝；3 有事项等人处理；4 设置有误；5 服务暂不可用；64 命令用法有误；"
    "verify 另有自己的 / "
    "Exit codes: 0 done; 1 refused; 3 something waits for somebody; 4 wrong settings; 5 a server is"
    " away; 64 the command was called wrongly; verify has its own",
    # a traceback shows local variables: they may be a person's
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback(invoke_without_command=True)
def hanyin(
    context: typer.Context,
    lang: Annotated[
        Literal["zh", "en"] | None, typer.Option(help="语言 / language (HANYIN_LANG)")
    ] = None,
    no_pager: Annotated[
        bool,
        typer.Option("--no-pager", help="长的输出也不用分页程序（PAGER） / never start PAGER"),
    ] = False,
    show_version: Annotated[bool, typer.Option("--version", help="版本 / version")] = False,
) -> None:
    """函印 Hanyin."""
    choose(lang)
    allow_pager(allowed=not no_pager)
    if show_version:
        from importlib.metadata import version  # noqa: PLC0415 -- 40 ms, for this alone

        typer.echo(f"hanyin {version('hanyin')}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
        raise typer.Exit


def main() -> None:
    """The entry point of the command; what it makes is its owner's alone.

    Ledger, queue, work files, letters and books name people, and umask is often lax. A core file
    would hold what was in memory, keys among it.
    """
    os.umask(0o077)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    app()
