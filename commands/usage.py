"""Words that a command does not understand, told in the language in force."""

import re
from collections.abc import Callable
from typing import Any

from pydantic import ValidationError
from typer._click import exceptions

from commands.help import choices_of, placeholder
from commands.language import say, spoken
from schemas.model_faults import fault_of
from schemas.visible import visible

#: Typer's own sentences → Chinese ones
_CHINESE: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.DOTALL), chinese)
    for pattern, chinese in (
        (r"Missing command\.", "缺少命令"),
        (r"No such command '(.*)'\. Did you mean (.*)\?", r"没有命令 \1；是不是 \2？"),
        (r"No such command '(.*)'\.?", r"没有命令 \1"),
        (r"Got unexpected extra argument\(s\) \((.*)\)", r"多余的参数：\1"),
        (r"Option '(.*)' requires an argument\.", r"选项 \1 需要一个值"),
        (r"Option '(.*)' requires (\d+) arguments\.", r"选项 \1 需要 \2 个值"),
        (r"Option '(.*)' does not take a value\.", r"选项 \1 不带值"),
        (r"Argument '(.*)' takes (\d+) values\.", r"参数 \1 需要 \2 个值"),
        (r"\w+ '(.*)' does not exist\.", r"\1 不存在"),
        (r"\w+ '(.*)' is a file\.", r"\1 是文件"),
        (r"\w+ '(.*)' is a directory\.", r"\1 是文件夹"),
        (r"\w+ '(.*)' is not readable\.", r"\1 无法读取"),
        (r"\w+ '(.*)' is not writable\.", r"\1 无法写入"),
    )
)


def told_fault(fault: Any) -> str:
    """What is wrong with the words, in the language in force, in visible characters."""
    kinds: tuple[tuple[type, Callable[[Any], str]], ...] = (
        (exceptions.MissingParameter, _missing),
        (exceptions.NoSuchOption, _unknown_option),
        (exceptions.BadParameter, _bad_value),
    )
    for kind, words in kinds:
        if isinstance(fault, kind):
            return visible(words(fault))
    return visible(_translated(fault.message))


def is_call_for_help(fault: Any) -> bool:
    """Whether a group was called without a command, which is answered by its help."""
    return isinstance(fault, exceptions.NoArgsIsHelpError)


def _missing(fault: exceptions.MissingParameter) -> str:
    name = _name(fault)
    choices = ", ".join(choices_of(fault.param)) if fault.param is not None else ""
    return say(
        f"缺少 {name}{f'：可以是 {choices}' if choices else ''}",
        f"missing {name}{f': one of {choices}' if choices else ''}",
    )


def _unknown_option(fault: exceptions.NoSuchOption) -> str:
    near = ", ".join(fault.possibilities or ())
    return say(
        f"没有选项 {fault.option_name}{f'；是不是 {near}？' if near else ''}",
        f"no such option: {fault.option_name}{f'; did you mean {near}?' if near else ''}",
    )


def _bad_value(fault: exceptions.BadParameter) -> str:
    name, cause = _name(fault), fault.__cause__
    words = _translated(fault.message)
    if isinstance(cause, ValidationError):
        details = cause.errors(include_url=False)[0]
        given = str(details["input"])
        why = spoken(fault_of(details))
        if fault.param is not None and (choices := ", ".join(choices_of(fault.param))):
            why = say(f"可以是 {choices}", f"one of {choices}")
        words = say(f"“{given}”不合规定：{why}", f'"{given}" will not do: {why}')
    return say(f"{name}：{words}", f"{name}: {words}") if name else words


def _name(fault: exceptions.BadParameter) -> str:
    """The option or argument as it is written on the command line."""
    hint = fault.param_hint
    if hint is not None:
        return hint if isinstance(hint, str) else " / ".join(hint)
    if fault.param is None:
        return ""
    if fault.param.param_type_name == "option":
        return max(fault.param.opts, key=len)
    return placeholder(fault.param)


def _translated(message: str) -> str:
    """Typer's sentence in the language in force; ours is there already."""
    for pattern, chinese in _CHINESE:
        if found := pattern.fullmatch(message):
            return say(found.expand(chinese), message)
    return message
