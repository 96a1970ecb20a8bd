"""pydantic's errors → problems with a pointer, a code of the contract and no personal value."""

from collections.abc import Callable, Iterator
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from schemas.codes import CODES, Problem
from schemas.plans import METHODS, NO_METHOD
from schemas.pointers import Path, pointer

#: pydantic's own types of error that say that the JSON type is another one: what is expected
_EXPECTED = {
    "model_type": ("对象", "an object"),
    "model_attributes_type": ("对象", "an object"),
    "dict_type": ("对象", "an object"),
    "union_tag_not_found": ("对象", "an object"),
    "tuple_type": ("列表", "a list"),
    "int_type": ("整数", "an integer"),
    "int_from_float": ("整数", "an integer"),
}
#: smallest and largest number of instalments, the one number of the contract
_RANGE: dict[str, Any] = {"lowest": 1, "highest": 1200}
#: pydantic's other types of error: the code and the values that its sentences need
_TRANSLATED: dict[str, Callable[[dict[str, Any]], tuple[str, dict[str, Any]]]] = {
    "missing": lambda _: ("missing", {}),
    "extra_forbidden": lambda _: ("unknown_field", {}),
    "enum": lambda context: ("unknown_value", {"allowed": context["expected"]}),
    "literal_error": lambda context: ("unknown_value", {"allowed": context["expected"]}),
    "union_tag_invalid": lambda context: (
        ("missing", {})
        if context["tag"] == NO_METHOD
        else ("unknown_value", {"allowed": ", ".join(METHODS)})
    ),
    "greater_than_equal": lambda _: ("out_of_range", _RANGE),
    "less_than_equal": lambda _: ("out_of_range", _RANGE),
}


def problems_in(error: ValidationError, root: Path = ()) -> Iterator[Problem]:
    """The problems that ``error`` holds, with pointers below ``root``."""
    for details in error.errors(include_url=False, include_input=False):
        path = (*root, *(step for step in details["loc"] if not _is_tag(step)))
        if details["type"] == "union_tag_invalid":
            path = (*path, "method")
        code, values = _code_and_values(details)
        yield Problem.of(pointer(path), code, **values)


def _is_tag(step: str | int) -> bool:
    """Whether ``step`` names a branch of a union; members of a message never start with NUL."""
    return isinstance(step, str) and step.startswith("\x00")


def _code_and_values(details: ErrorDetails) -> tuple[str, dict[str, Any]]:
    """The code for one of pydantic's errors, and the values of its sentences."""
    kind, context = details["type"], details.get("ctx", {})
    if kind in _TRANSLATED:
        return _TRANSLATED[kind](context)
    if kind in CODES:
        return kind, context
    zh, en = _EXPECTED.get(kind, ("契约规定的值", "a value that the contract allows"))
    return "wrong_type", {"expected_zh": zh, "expected": en}
