"""Field types of the contract: text, names, numbers, money, months, dates and times.

Each validator raises ``PydanticCustomError`` whose type is a code of ``schemas.codes`` and
whose context holds the values of that code's sentences, never a personal value. A finished
Python value (Decimal, date …) passes too, so that tests and rules can build models directly.
"""

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel as PydanticModel
from pydantic import BeforeValidator, ConfigDict, PlainSerializer, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from schemas import limits
from schemas.months import FIRST_YEAR, LAST_YEAR
from schemas.months import Month as MonthValue
from schemas.text import hidden_fault, name_fault

#: yuan; amounts stay below it (规则: < 1,000,000,000,000)
AMOUNT_LIMIT = Decimal("1000000000000.00")


class Strict(PydanticModel):
    """A frozen model that refuses unknown members and never shows its values in a repr."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        validate_by_name=True,
        validate_by_alias=True,
        serialize_by_alias=True,
        hide_input_in_errors=True,
    )

    def __repr_args__(self) -> list[tuple[str | None, Any]]:
        return []


def fault(code: str, **values: object) -> PydanticCustomError:
    """The validation error ``code``; ``values`` fill the code's sentences."""
    return PydanticCustomError(code, code, values)


def _string(value: object) -> str:
    if not isinstance(value, str):
        raise fault("wrong_type", expected_zh="字符串", expected="a string")
    return value


def clean_text(value: object, *, longest: int) -> str:
    """``value``, a string of 1 to ``longest`` characters without controls; raises the fault."""
    text = _string(value)
    if not text.strip():
        raise fault("empty_text")
    if len(text) > longest:
        raise fault("too_long", longest=longest)
    hidden = hidden_fault(text)
    if hidden is not None:
        raise fault(hidden[0], character=hidden[1])
    return text


def _text(longest: int) -> Any:
    return BeforeValidator(lambda value: clean_text(value, longest=longest))


def _name(value: object) -> str:
    text = clean_text(value, longest=limits.NAME)
    wrong = name_fault(text)
    if wrong is not None:
        raise fault(wrong[0], character=wrong[1])
    return text


def _matching(pattern: str, code: str) -> Any:
    compiled = re.compile(pattern, re.ASCII)

    def check(value: object) -> str:
        if compiled.fullmatch(text := _string(value)) is None:
            raise fault(code)
        return text

    return BeforeValidator(check)


def _schema(kind: str, **more: object) -> WithJsonSchema:
    return WithJsonSchema({"type": kind, **more})


#: one line of free text
Text = Annotated[str, _text(limits.TEXT), _schema("string", minLength=1, maxLength=limits.TEXT)]
#: identifiers: receipt, personal number, agency
Key = Annotated[str, _text(limits.KEY), _schema("string", minLength=1, maxLength=limits.KEY)]
#: a case number
CaseNo = Annotated[
    str, _text(limits.CASE_NO), _schema("string", minLength=1, maxLength=limits.CASE_NO)
]
#: facts, findings, grounds
LongText = Annotated[
    str, _text(limits.LONG_TEXT), _schema("string", minLength=1, maxLength=limits.LONG_TEXT)
]
#: a person's name
Name = Annotated[str, BeforeValidator(_name), _schema("string", minLength=1, maxLength=limits.NAME)]
#: 8–32 digits
_ACCOUNT = f"[0-9]{{{limits.SHORTEST_ACCOUNT_NUMBER},{limits.ACCOUNT_NUMBER}}}"
AccountNumber = Annotated[
    str, _matching(_ACCOUNT, "account_number_format"), _schema("string", pattern=f"^{_ACCOUNT}$")
]


def _boolean(value: object) -> bool:
    if not isinstance(value, bool):
        raise fault("wrong_type", expected_zh="true 或 false", expected="true or false")
    return value


#: true or false, nothing that merely looks like it
Flag = Annotated[bool, BeforeValidator(_boolean)]


def entries(*, least: int = 0) -> Any:
    """The validator of how many entries a list has: ``least`` to ``limits.LIST``."""

    def check(value: object) -> object:
        if isinstance(value, list | tuple) and len(value) < least:
            raise fault("list_empty")
        if isinstance(value, list | tuple) and len(value) > limits.LIST:
            raise fault("too_long", longest=limits.LIST)
        return value

    return BeforeValidator(check)


_AMOUNT = re.compile(r"(-?)(0|[1-9][0-9]*)\.([0-9]{2})", re.ASCII)
#: digits before the point of the largest amount
_AMOUNT_DIGITS = 12


def read_amount(value: object, *, zero: bool = False) -> Decimal:
    """The amount in yuan that ``value`` writes; a JSON number is refused.

    ``zero`` lets 0.00 pass (a balance). Raises the fault otherwise.
    """
    if isinstance(value, Decimal):
        value = str(value)
    if not isinstance(value, str):
        raise fault("amount_not_string")
    match = _AMOUNT.fullmatch(value)
    if match is None:
        raise fault("amount_format")
    if len(match[2]) > _AMOUNT_DIGITS:
        raise fault("amount_too_large")
    amount = Decimal(value)
    if match[1] or (amount == 0 and not zero):
        raise fault("amount_not_positive")
    return amount


_AMOUNT_TEXT = PlainSerializer(lambda amount: f"{amount:.2f}", return_type=str, when_used="json")
_AMOUNT_SCHEMA = _schema("string", pattern=r"^(0|[1-9][0-9]{0,11})\.[0-9]{2}$")
#: yuan, > 0, two digits after the point
Money = Annotated[Decimal, PlainValidator(read_amount), _AMOUNT_TEXT, _AMOUNT_SCHEMA]
#: yuan, >= 0: what is left on an account
Balance = Annotated[
    Decimal,
    PlainValidator(lambda value: read_amount(value, zero=True)),
    _AMOUNT_TEXT,
    _AMOUNT_SCHEMA,
]


def _month(value: object) -> MonthValue:
    if isinstance(value, MonthValue):
        return value
    try:
        return MonthValue.parse(_string(value))
    except ValueError as error:
        raise fault("month_format") from error


_Day = TypeVar("_Day", date, datetime)


def _handled(value: _Day) -> _Day:
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise fault("year_out_of_range", first=FIRST_YEAR, last=LAST_YEAR)
    return value


_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


def _date(value: object) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return _handled(value)
    text = _string(value)
    if _DATE.fullmatch(text) is None:
        raise fault("date_format")
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise fault("date_format") from error
    return _handled(day)


_TIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,9})?"
    r"(Z|[+-][0-9]{2}:[0-9]{2})?",
    re.ASCII,
)


def _time(value: object) -> datetime:
    if not isinstance(value, datetime):
        text = _string(value)
        if _TIME.fullmatch(text) is None:
            raise fault("time_format")
        try:
            value = datetime.fromisoformat(text)
        except ValueError as error:
            raise fault("time_format") from error
    if value.tzinfo is None:
        raise fault("time_without_offset")
    return _handled(value)


#: ``YYYY-MM``
Month = Annotated[
    MonthValue,
    PlainValidator(_month),
    PlainSerializer(str, return_type=str, when_used="json"),
    _schema("string", pattern="^[0-9]{4}-(0[1-9]|1[0-2])$"),
]
#: ``YYYY-MM-DD``
Date = Annotated[
    date,
    PlainValidator(_date),
    PlainSerializer(lambda day: day.isoformat(), return_type=str, when_used="json"),
    _schema("string", format="date"),
]
#: RFC 3339 with an offset
Time = Annotated[
    datetime,
    PlainValidator(_time),
    PlainSerializer(lambda time: time.isoformat(), return_type=str, when_used="json"),
    _schema("string", format="date-time"),
]
