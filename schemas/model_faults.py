"""What pydantic finds wrong in a settings file, in both languages, with the names of the entries.

Events have codes of their own (``schemas.faults``); this is for what an operator wrote.
"""

from collections.abc import Callable
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from schemas.sentence import BilingualError, Sentence

#: pydantic's types of error → the Chinese sentence, made of what the error says of itself
_CHINESE: dict[str, Callable[[dict[str, Any]], str]] = {
    "missing": lambda _: "缺少",
    "extra_forbidden": lambda _: "没有这一项",
    "enum": lambda context: f"只能是 {context['expected']}",
    "literal_error": lambda context: f"只能是 {context['expected']}",
    "string_pattern_mismatch": lambda context: f"不合格式 {context['pattern']}",
    "string_too_short": lambda context: f"至少 {context['min_length']} 个字符",
    "string_too_long": lambda context: f"最多 {context['max_length']} 个字符",
    "too_short": lambda context: f"至少 {context['min_length']} 项",
    "too_long": lambda context: f"最多 {context['max_length']} 项",
    "greater_than": lambda context: f"须大于 {context['gt']}",
    "greater_than_equal": lambda context: f"不小于 {context['ge']}",
    "less_than": lambda context: f"须小于 {context['lt']}",
    "less_than_equal": lambda context: f"不大于 {context['le']}",
}
#: how names of types begin → what was expected (``int_parsing``, ``int_type``)
_EXPECTED = {
    "int": "整数",
    "float": "数",
    "bool": "true 或 false",
    "date": "日期",
    "datetime": "时间",
    "string": "文字",
    "path": "路径",
    "list": "列表",
    "frozen_set": "列表",
    "tuple": "列表",
    "dict": "表",
    "model": "表",
    "decimal": "数",
    "ip_any_network": "网络，如 10.0.0.0/8",
}


class InvalidEntry(BilingualError, ValueError):
    """An entry of a model of settings is wrong: raised by its validators."""


def faults_of(error: ValidationError) -> Sentence:
    """Every fault, each with the dotted name of its entry."""
    return Sentence.joined(fault for _, fault in named_faults(error))


def named_faults(error: ValidationError) -> list[tuple[str, Sentence]]:
    """Each entry's dotted name (empty: the whole), and the fault with that name before it."""
    found = []
    for details in error.errors(include_url=False, include_input=False):
        name = ".".join(str(part) for part in details["loc"])
        fault = fault_of(details)
        before = f"{name}: " if name else ""
        zh = f"{before}{fault.zh}".replace(": ", "：", 1) if name else fault.zh
        found.append((name, Sentence(zh, before + fault.en)))
    return found


def fault_of(details: ErrorDetails) -> Sentence:
    """One of pydantic's errors; what is not known here has a Chinese sentence without detail."""
    kind, context = details["type"], details.get("ctx", {})
    raised = context.get("error")
    if isinstance(raised, BilingualError):
        return raised.sentence
    en = details["msg"]
    if kind in _CHINESE:
        return Sentence(_CHINESE[kind](context), en)
    for name, expected in _EXPECTED.items():
        if kind.startswith(f"{name}_"):
            return Sentence(f"须是{expected}", en)
    return Sentence("值不合规定", en)
