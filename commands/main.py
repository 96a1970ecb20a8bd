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
from commands.table import COMMANDS, Entry

#: what Typer raises for words that it does not understand
_USAGE_ERROR: Any = typer.BadParameter.__base__


class _Commands(Mapping[str, Any]):
    """The commands of a group by name; loaded one by one, because all of them take seconds."""

    def __init__(self, entries: Mapping[str, Entry]) -> None:
        self.entries = entries

    def __getitem__(self, name: str) -> Any:
        return _load(self.entries[name], name)

    def __contains__(self, name: object) -> bool:
        return name in self.entries

    def __iter__(self) -> Iterator[str]:
        return iter(self.entries)

    def __len__(self) -> int:
        return len(self.entries)


class _Group(TyperGroup):
    """A group of commands: its help and a press of TAB read the table and load none of them."""

    commands: Any

    def get_help(self, ctx: Any) -> str:
        """As of every command, in one language."""
        return _help(self, ctx)

    def shell_complete(self, ctx: Any, incomplete: str) -> list[Any]:
        """As Typer does it: the commands that begin so, and the group's own options."""
        from typer._click.shell_completion import CompletionItem  # noqa: PLC0415 -- for TAB alone

        from commands.help import in_one_language  # noqa: PLC0415 -- as above

        return [
            *(
                CompletionItem(name, help=in_one_language(entry.summary))
                for name, entry in self.commands.entries.items()
                if name.startswith(incomplete)
            ),
            # past Typer's group, which loads each command for its help
            *super(TyperGroup, self).shell_complete(ctx, incomplete),
        ]


def _load(entry: Entry, name: str) -> Any:
    """The command or group of that name, for Typer."""
    return _load_group(entry, name) if entry.commands else _load_command(entry.place, name)


@cache
def _load_command(place: str, name: str) -> Any:
    around = typer.Typer(add_completion=False)
    around.command(name)(_found(place))
    command: Any = typer.main.get_command(around)
    command.get_help = lambda context: _help(command, context)
    return command


def _load_group(entry: Entry, name: str) -> Any:
    around = typer.Typer(
        name=name,
        cls=_Group,
        help=entry.summary,
        add_completion=False,
        no_args_is_help=not entry.place,
        invoke_without_command=bool(entry.place),
    )
    around.callback()(_found(entry.place) if entry.place else lambda: None)
    group: Any = typer.main.get_group(around)
    group.commands = _Commands(entry.commands)
    return group


def _help(command: Any, context: Any) -> str:
    from commands.help import help_of  # noqa: PLC0415 -- for who asks alone

    return help_of(command, context)


def _found(place: str) -> Any:
    module, _, name = place.partition(":")
    return getattr(import_module(module), name)


class _Hanyin(_Group):
    """The command ``hanyin`` with its subcommands."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.commands = _Commands(COMMANDS)
        self._as_json = False

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
    cls=_Hanyin,
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
