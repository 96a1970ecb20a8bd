"""``--help`` in one language: each text is written ``中文 / English``, paragraph by paragraph.

Laid out here because what Typer draws breaks Chinese in the middle of its boxes and cuts it off.
"""

import inspect
import re
import shutil
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from rich.cells import cell_len

from books.layout import wrap
from commands.language import say

#: columns of the terminal; longer lines are hard to read
_WIDEST = 100
#: what stands before the text of an option is no wider, else the text goes below it
_LABEL = 30
_GAP = "  "
#: arguments as they are called where they are given
_ARGUMENTS = {
    "agency": ("机构代码", "AGENCY"),
    "case_no": ("案号", "CASE"),
    "data": ("数据文件", "DATA"),
    "file": ("文件", "FILE"),
    "files": ("文件", "FILE"),
    "kind": ("文种", "KIND"),
    "kinds": ("文种", "KIND"),
    "name": ("名称", "NAME"),
    "number": ("文号", "NUMBER"),
    "numbers": ("文号", "NUMBER"),
    "ids": ("编号", "ID"),
    "seq": ("序号", "SEQ"),
    "seqs": ("序号", "SEQ"),
}
#: kinds of values of options; anything else is text
_VALUES = {
    "int": ("整数", "INTEGER"),
    "float": ("数", "NUMBER"),
    "Path": ("文件", "PATH"),
    "datetime": ("日期", "DATE"),
}
#: options that Typer adds
_OF_TYPER = {
    "help": ("显示本帮助", "show this help"),
    "install_completion": ("为当前的 shell 安装补全", "install completion for this shell"),
    "show_completion": ("显示补全脚本", "print the completion script of this shell"),
}


def help_of(command: Any, context: Any) -> str:
    """The help of a command or group, in the language in force, as wide as the terminal."""
    return "\n".join(_lines(command, context, min(_WIDEST, shutil.get_terminal_size().columns)))


def usage_of(command: Any, context: Any) -> str:
    """The line that says how the command is called."""
    words = [context.command_path, say("[选项]", "[OPTIONS]")]
    words += [placeholder(param) for param in command.params if _is_argument(param)]
    if hasattr(command, "commands"):
        words.append(say("命令 …", "COMMAND ..."))
    return f"{say('用法：', 'Usage: ')}{' '.join(words)}"


def in_one_language(text: str) -> str:
    """The Chinese or the English of each paragraph; what is the same in both stays."""
    paragraphs = re.split(r"\n\s*\n", inspect.cleandoc(text))
    return "\n\n".join(_half(" ".join(paragraph.split())) for paragraph in paragraphs)


def _half(text: str) -> str:
    zh, found, en = text.partition(" / ")
    return say(zh, en) if found else text


def _lines(command: Any, context: Any, width: int) -> Iterator[str]:
    yield from wrap(usage_of(command, context), width)
    for paragraph in in_one_language(command.help or "").split("\n\n"):
        yield ""
        yield from wrap(paragraph, width)
    params = [param for param in command.get_params(context) if not getattr(param, "hidden", False)]
    arguments = [(placeholder(each), _told(each)) for each in params if _is_argument(each)]
    options = [(_label(each), _told(each)) for each in params if not _is_argument(each)]
    commands = [
        (name, in_one_language(entry.summary))
        for name, entry in (
            command.commands.entries if hasattr(command, "commands") else {}
        ).items()
    ]
    for title, entries in (
        (say("参数：", "Arguments:"), arguments),
        (say("选项：", "Options:"), options),
        (say("命令：", "Commands:"), commands),
    ):
        if entries:
            yield ""
            yield title
            yield from _listed(entries, width)


def _listed(entries: Sequence[tuple[str, str]], width: int) -> Iterator[str]:
    label = min(_LABEL, width // 2, max(cell_len(name) for name, _ in entries))
    for name, text in entries:
        room = width - label - 2 * len(_GAP)
        lines: Iterable[str] = wrap(text, room) if text else [""]
        if cell_len(name) > label:
            yield _GAP + name
            name = ""  # noqa: PLW2901 -- the text goes below it
        for line in lines:
            yield f"{_GAP}{name}{' ' * (label - cell_len(name))}{_GAP}{line}".rstrip()
            name = ""  # noqa: PLW2901 -- in the first line alone


def _is_argument(param: Any) -> bool:
    return bool(param.param_type_name == "argument")


def placeholder(param: Any) -> str:
    """The argument as it stands in the usage line."""
    name = say(*_ARGUMENTS[param.name])
    several = "…" if param.nargs == -1 else ""
    return f"{name}{several}" if param.required else f"[{name}{several}]"


def _label(option: Any) -> str:
    names = ", ".join(sorted(option.opts, key=len))
    if option.secondary_opts:
        names += f" / {', '.join(option.secondary_opts)}"
    return names if option.is_flag else f"{names} {_value(option)}"


def _value(option: Any) -> str:
    if choices := choices_of(option):
        together = "|".join(choices)
        return together if len(together) < _LABEL // 2 else say("一种", "CHOICE")
    name = re.sub(r"^list\[|\]$", "", option.bare_type())
    return say(*_VALUES.get(name, ("文字", "TEXT")))


def choices_of(param: Any) -> list[str]:
    """The values that a parameter may have; none where they are not a few words."""
    kind = param.type_descriptor
    if not kind.is_choice:
        return []
    return [str(getattr(choice, "value", choice)) for choice in kind.choices or ()]


def _told(param: Any) -> str:
    text = (
        say(*_OF_TYPER[param.name])
        if param.name in _OF_TYPER
        else in_one_language(param.help or "")
    )
    if choices := choices_of(param):
        listed = ", ".join(choices)
        text += say(f"（{listed}）", f" ({listed})")
    if _is_argument(param):
        return text
    if param.required:
        return text + say("（必填）", " (required)")
    default = param.default
    if default is None or isinstance(default, bool) or callable(default):
        return text
    return text + say(f"（默认 {default}）", f" (default: {default})")
