"""The overpayments of a case and the way of paying back that was chosen (annex 1, 退还方式)."""

from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from schemas.fields import AccountNumber, Flag, Money, Month, Strict, Text


class Insurance(StrEnum):
    """The five insurances."""

    ENTERPRISE_PENSION = "enterprise_pension"  # 企业职工基本养老保险
    PUBLIC_SECTOR_PENSION = "public_sector_pension"  # 机关事业单位养老保险
    RESIDENT_PENSION = "resident_pension"  # 城乡居民基本养老保险
    WORK_INJURY = "work_injury"  # 工伤保险
    UNEMPLOYMENT = "unemployment"  # 失业保险


class Overpayment(Strict):
    """A benefit that was paid without a right to it, over a period, to one card."""

    insurance: Insurance
    benefit: Text  #: 待遇类别
    from_: Annotated[Month, Field(alias="from")]
    to: Month
    amount: Money
    reason: Text | None = None  #: 多领原因
    entitlement_lost: Flag
    still_paid: Flag
    #: account number of one of the case's cards; None where it is not known
    paid_to: AccountNumber | None


class LumpSum(Strict):
    """退还方式 1: everything at once."""

    method: Literal["lump_sum"] = "lump_sum"
    amount: Money
    by: Month


class Installments(Strict):
    """退还方式 2: in instalments."""

    method: Literal["installments"] = "installments"
    periods: Annotated[int, Field(strict=True, ge=1, le=1200)]
    per_period: Money
    from_: Annotated[Month, Field(alias="from")]
    to: Month


class MonthlyDeduction(Strict):
    """退还方式 3: deducted from what is still paid each month."""

    method: Literal["monthly_deduction"] = "monthly_deduction"
    per_month: Money
    from_: Annotated[Month, Field(alias="from")]
    to: Month


METHODS: dict[str, type[Strict]] = {
    "lump_sum": LumpSum,
    "installments": Installments,
    "monthly_deduction": MonthlyDeduction,
}

#: the union's tag of an object without a method
NO_METHOD = "\x00\x00"


def _method(value: Any) -> str | None:
    """The union's tag; for its NUL no member of a message has the same name.

    None where there can be no method, NO_METHOD where there is none.
    """
    if isinstance(value, Strict):
        return "\x00" + str(getattr(value, "method", ""))
    if not isinstance(value, dict):
        return None
    return f"\x00{value['method']}" if "method" in value else NO_METHOD


Repayment = Annotated[
    Annotated[LumpSum, Tag("\x00lump_sum")]
    | Annotated[Installments, Tag("\x00installments")]
    | Annotated[MonthlyDeduction, Tag("\x00monthly_deduction")],
    Discriminator(_method),
]
