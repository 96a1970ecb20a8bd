"""Addresses on one line, and in the places of annex 1's 通讯地址."""

from typing import Any

from cases.letters.parts import Data
from schemas.events import Address

#: annex 1's places in their order: the part, and the word printed behind its blank
_PLACES = (
    ("province", "省"),
    ("city", "市"),
    ("county", "县"),
    ("community", "小区"),
    ("building", "楼栋"),
    ("unit", "单元"),
    ("room", "房号"),
)
#: room to write in before a printed word
_ROOM = "　　"
#: behind a bare number, so that one line reads as an address: 3栋2单元501室
_UNITS = {"building": "栋", "unit": "单元", "room": "室"}


def one_line(address: str | Address | None) -> str:
    """``address`` as one line; "" for none."""
    if address is None or isinstance(address, str):
        return address or ""
    return "".join(_with_unit(name, _part(address, name)) for name, _word in _PLACES)


def in_places(address: str | Address | None) -> Data:
    """``address_line`` for a string, the parts into their places; what is not known stays blank.

    A word that the form prints behind the blank is not printed twice: 湖南省 → 湖南 + 省. The
    form's 县(市区) is no suffix of 雨花区, which therefore stays whole.
    """
    parts = address if isinstance(address, Address) else Address()
    places = {f"address_{name}": _without(_part(parts, name), word) for name, word in _PLACES}
    return {"address_line": address if isinstance(address, str) else "", **places}


def _part(address: Address, name: str) -> str:
    """The part; the town, for which the form has no place, stands before the community."""
    value: Any = getattr(address, name) or ""
    if name == "community":
        return f"{address.town or ''}{value}"
    return str(value)


def _without(value: str, word: str) -> str:
    return value.removesuffix(word) or _ROOM


def _with_unit(name: str, value: str) -> str:
    bare = value.isascii() and value != ""
    return value + (_UNITS.get(name, "") if bare else "")
