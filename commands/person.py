"""People named on the command line: checked as the contract checks them in an event."""

from typing import TypeVar

from pydantic import TypeAdapter, ValidationError

from schemas.errors import Invalid
from schemas.faults import problems_in
from schemas.fields import Name, Text
from schemas.people import Approver

_Value = TypeVar("_Value")

_NAME: TypeAdapter[str] = TypeAdapter(Name)
_TEXT: TypeAdapter[str] = TypeAdapter(Text)


def approver(name: str, post: str) -> Approver:
    """Who approves a step. Raises ``Invalid``."""
    return Approver(name=named(name, "--by"), post=line(post, "--post"))


def named(name: str, option: str) -> str:
    """A person's name, as ``option`` gives it. Raises ``Invalid`` that names the option."""
    return _checked(_NAME, name, option)


def name_of(name: str | None, option: str) -> str | None:
    """The same, where it may be left out."""
    return None if name is None else named(name, option)


def line(text: str, option: str) -> str:
    """One line of text, as ``option`` gives it. Raises ``Invalid`` that names the option."""
    return _checked(_TEXT, text, option)


def _checked(kind: TypeAdapter[_Value], value: _Value, option: str) -> _Value:
    try:
        return kind.validate_python(value)
    except ValidationError as error:
        raise Invalid(problems_in(error, (option,))) from None
