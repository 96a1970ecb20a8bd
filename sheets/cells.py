"""A cell → what the contract's member says; nothing is guessed, what is unclear is refused."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from types import MappingProxyType
from typing import Any

from schemas.numbers import masked
from schemas.zone import CHINA
from sheets.columns import Column, Form
from sheets.grid import Cell, CellKind
from sheets.refusal import refused
from sheets.words import NO, YES

#: digits that a spreadsheet program keeps of a number (IEEE 754 double, ECMA-376-1, 18.18.11)
_KEPT_DIGITS = 15
#: shorter numbers that end in zeros may well be whole
_SUSPECT_DIGITS = 18
#: numbers that are shown by their last digits; shorter ones are not shown
_MASKED_LENGTH = 12
_SHOWN_LENGTH = 40
_TEXTS = {CellKind.TEXT, CellKind.PLAIN}
_SCIENTIFIC = re.compile(r"[0-9](\.[0-9]+)?[Ee]\+?[0-9]+", re.ASCII)
_LOWER_X = re.compile(r"[0-9]{17}x", re.ASCII)
_AMOUNT = re.compile(r"[¥￥]?(-?[0-9]{1,3}(?:[,，][0-9]{3})+|-?[0-9]+)(\.[0-9]+)?元?", re.ASCII)
_MONTH = re.compile(r"([0-9]{4})(?:[-/.]([0-9]{2})|年([0-9]{1,2})月?|([0-9]{2}))", re.ASCII)
#: where a cell is known to be text, a single digit is no number that has lost its 0
_MONTH_AS_TEXT = re.compile(r"([0-9]{4})[-/]([0-9])", re.ASCII)
#: what Excel shows where it has no value (ECMA-376-1, 18.17.3, and newer ones)
_ERROR = re.compile(r"#(?:N/A|[A-Z]+(?:/0)?[!?]|GETTING_DATA)", re.ASCII | re.IGNORECASE)
#: what databases and programs write for a value that is not there
_MISSING = re.compile(
    r"[(\[<]?null[)\]>]?|[-+]?nan|<na>|none|nil|n/a|undefined|\\n", re.ASCII | re.IGNORECASE
)
#: digits of a number that a program took for one with decimals
_WITH_DECIMALS = re.compile(r"[0-9]+\.0+", re.ASCII)
#: before digits that are to stay text, in Excel's own way and as exported
_APOSTROPHES = "'‘’＇`´"
_DATE = re.compile(
    r"([0-9]{4})(?:[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?|([0-9]{2})([0-9]{2}))", re.ASCII
)
_CLOCK = re.compile(r"(.*?)[ T]([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?", re.ASCII)


def read_cell(cell: Cell, column: Column) -> Any:
    """The JSON value of ``cell``, in the contract's form where it can be brought into it.

    Raises ``Invalid`` where the cell says nothing certain. What is certain but wrong (a check
    digit, a date of the future) passes: the contract's own rules tell it.
    """
    if cell.kind is CellKind.FORMULA:
        raise refused("cell_formula")
    if cell.kind is CellKind.ERROR:
        raise refused("cell_error")
    if cell.kind in _TEXTS:
        _require_a_value(str(cell.value))
    value = _READERS[column.form](cell, column)
    if _is_sample(value, column):
        raise refused("sample_value")
    return value


def _require_a_value(text: str) -> None:
    """Raise ``Invalid`` for text that says that there is no value."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if _ERROR.fullmatch(plain):
        raise refused("cell_error")
    if _MISSING.fullmatch(plain):
        raise refused("cell_no_value", word=plain)


def shown(cell: Cell, column: Column) -> str:
    """What stands in ``cell`` as far as it may be shown."""
    text = printable(str(cell.value))
    if not column.personal:
        return text[:_SHOWN_LENGTH]
    is_long_number = column.form is Form.DIGITS and len(text) >= _MASKED_LENGTH
    return masked(text) if is_long_number else "****"


def printable(text: str) -> str:
    """``text`` without what a terminal would obey or not show."""
    return "".join(character if character.isprintable() else "?" for character in text)


def _is_sample(value: Any, column: Column) -> bool:
    """True for what only the sample row can hold: its numbers, and names that begin so."""
    if not isinstance(value, str):
        return False
    is_number = column.form is Form.DIGITS and column.personal
    return value.startswith("示例") or (is_number and value == column.sample)


def _text(cell: Cell, _: Column) -> str:
    if cell.kind in _TEXTS:
        return str(cell.value)
    if cell.kind is CellKind.NUMBER and isinstance(cell.value, int):
        return str(cell.value)
    raise refused("cell_type", expected_zh="文本", expected="text")


def _digits(cell: Cell, _: Column) -> str:
    if cell.kind is CellKind.NUMBER:
        lost = isinstance(cell.value, int | float) and abs(cell.value) >= 10**_KEPT_DIGITS
        raise refused("cell_digits_lost") if lost else refused("cell_number")
    if cell.kind not in _TEXTS:
        raise refused("cell_type", expected_zh="文本", expected="text")
    # nothing is lost: a full-width digit is that digit, and the mark of a text is no part of it
    text = unicodedata.normalize("NFKC", str(cell.value).lstrip(_APOSTROPHES))
    if _WITH_DECIMALS.fullmatch(text):
        raise refused("cell_number")
    if _SCIENTIFIC.fullmatch(text) or (cell.kind is CellKind.PLAIN and _is_cut_short(text)):
        raise refused("cell_digits_lost")
    return text.upper() if _LOWER_X.fullmatch(text) else text


def _is_cut_short(text: str) -> bool:
    """True for a long number of which only 15 digits are left."""
    kept, rest = text[:_KEPT_DIGITS], text[_KEPT_DIGITS:]
    return len(text) >= _SUSPECT_DIGITS and (kept + rest).isdecimal() and not rest.strip("0")


def _amount(cell: Cell, _: Column) -> str:
    match = _AMOUNT.fullmatch(str(cell.value)) if cell.kind in _TEXTS else None
    if cell.kind is CellKind.NUMBER:
        number = str(cell.value)
    elif match is not None:
        number = match[1].replace(",", "").replace("，", "") + (match[2] or "")
    else:
        raise refused(
            "cell_type", expected_zh="金额，如 3465.30", expected="an amount like 3465.30"
        )
    return _two_decimals(number)


def _two_decimals(number: str) -> str:
    try:
        amount = Decimal(number)
        cents = amount.quantize(Decimal("0.01"))
    except InvalidOperation as error:
        raise refused("cell_type", expected_zh="金额", expected="an amount") from error
    if cents != amount:
        raise refused("amount_decimals", amount=number)
    return str(cents)


def _month(cell: Cell, _: Column) -> str:
    if cell.kind is CellKind.DATE and isinstance(cell.value, datetime):
        return f"{cell.value:%Y-%m}"
    written = _written(cell)
    match = _MONTH.fullmatch(written)
    if match is None and cell.kind is CellKind.TEXT:
        match = _MONTH_AS_TEXT.fullmatch(written)
    if match is None:
        raise refused("cell_date", example="2026-03")
    year, *months = match.groups()
    return f"{year}-{int(next(filter(None, months))):02d}"


def _date(cell: Cell, _: Column) -> str:
    if cell.kind is CellKind.DATE and isinstance(cell.value, datetime):
        if cell.value.time() != time():
            raise refused("cell_date", example="2026-03-05")
        return cell.value.date().isoformat()
    return _iso_date(_written(cell), "2026-03-05")


def _iso_date(text: str, example: str) -> str:
    match = _DATE.fullmatch(text)
    if match is None:
        raise refused("cell_date", example=example)
    year, month, day = match[1], match[2] or match[4], match[3] or match[5]
    return f"{year}-{int(month):02d}-{int(day):02d}"


def _written(cell: Cell) -> str:
    """The text of a cell, or its whole number (20260305), without the blanks in it."""
    is_whole = cell.kind is CellKind.NUMBER and isinstance(cell.value, int)
    return re.sub(r"\s", "", str(cell.value)) if cell.kind in _TEXTS or is_whole else ""


def _moment(cell: Cell, _: Column) -> str:
    if cell.kind is CellKind.DATE and isinstance(cell.value, datetime):
        return cell.value.replace(microsecond=0, tzinfo=CHINA).isoformat()
    example = "2026-03-05 09:21"
    match = _CLOCK.fullmatch(str(cell.value))
    day = _iso_date(match[1].strip() if match else _written(cell), example)
    hour, minute, second = (int(match[n] or 0) if match else 0 for n in (2, 3, 4))
    try:
        clock = time(hour, minute, second)
        return datetime.combine(date.fromisoformat(day), clock, CHINA).isoformat()
    except ValueError as error:
        raise refused("cell_date", example=example) from error


def _flag(cell: Cell, _: Column) -> bool:
    if cell.kind is CellKind.FLAG and isinstance(cell.value, bool):
        return cell.value
    said = _FLAGS.get(str(cell.value).lower()) if cell.kind in _TEXTS else None
    if said is None:
        raise refused("cell_choice", allowed=f"{YES}、{NO}")
    return said


def _count(cell: Cell, _: Column) -> int:
    text = _written(cell)
    if not (text.isascii() and text.isdigit() and len(text) < _KEPT_DIGITS):
        raise refused("cell_type", expected_zh="整数", expected="a whole number")
    return int(text)


def _choice(cell: Cell, column: Column) -> str:
    words = column.words or {}
    text = _even(str(cell.value)) if cell.kind in _TEXTS else ""
    codes = {_even(word): code for code, word in words.items()} | {code: code for code in words}
    if text not in codes:
        raise refused("cell_choice", allowed="、".join(words.values()))
    return str(codes[text])


def _even(text: str) -> str:
    """``text`` with one form of parentheses and no blanks, as it is compared."""
    return re.sub(r"\s", "", text.replace("(", "（").replace(")", "）"))


_FLAGS: Mapping[str, bool] = MappingProxyType({YES: True, NO: False, "true": True, "false": False})
_READERS: Mapping[Form, Callable[[Cell, Column], Any]] = {
    Form.TEXT: _text,
    Form.DIGITS: _digits,
    Form.AMOUNT: _amount,
    Form.DATE: _date,
    Form.MONTH: _month,
    Form.MOMENT: _moment,
    Form.FLAG: _flag,
    Form.COUNT: _count,
    Form.CHOICE: _choice,
}
