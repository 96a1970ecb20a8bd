"""退还方式: the same columns fill other members, by the method that was chosen."""

from collections.abc import Mapping
from typing import Any

from sheets.words import METHODS

#: method → what the columns (named as in ``layouts``) are called in the contract
_MEMBERS: Mapping[str, Mapping[str, str]] = {
    "lump_sum": {"method": "method", "amount": "amount", "to": "by"},
    "installments": {
        "method": "method",
        "amount": "per_period",
        "periods": "periods",
        "from": "from",
        "to": "to",
    },
    "monthly_deduction": {
        "method": "method",
        "amount": "per_month",
        "from": "from",
        "to": "to",
    },
}


def renamed(repayment: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """``repayment`` with the members of its method, and how each column's member is called now.

    A member that the method does not have is left out where it is empty, and stays under its
    own name where it is filled, for the caller to refuse. Without a known method all stays.
    """
    names = _MEMBERS.get(str(repayment.get("method")))
    if names is None:
        return dict(repayment), {name: name for name in repayment}
    members = {
        names.get(name, name): value
        for name, value in repayment.items()
        if name in names or value is not None
    }
    # an empty cell is a missing member: none of a method's members may be null
    return {name: value for name, value in members.items() if value is not None}, dict(names)


def word_of(method: str) -> str:
    """The Chinese word of a method."""
    return METHODS[method]
