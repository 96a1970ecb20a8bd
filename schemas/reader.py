"""Typed reading of a message that may be wrong elsewhere."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from schemas import limits
from schemas.fields import AccountNumber, Date, Money
from schemas.fields import Month as MonthField
from schemas.months import Month
from schemas.pointers import Path, resolve

_T = TypeVar("_T")

_MONEY: TypeAdapter[Decimal] = TypeAdapter(Money)
_MONTH: TypeAdapter[Month] = TypeAdapter(MonthField)
_DATE: TypeAdapter[date] = TypeAdapter(Date)
_ACCOUNT: TypeAdapter[str] = TypeAdapter(AccountNumber)


@dataclass(frozen=True)
class Reader:
    """Reads typed values out of an event's data; what cannot be read is None."""

    #: the event's ``data``, as JSON
    data: Any

    def at(self, *path: str | int) -> Any:
        """What stands at ``path``."""
        return resolve(self.data, path)

    def entries(self, name: str) -> list[Any]:
        """The entries of the list ``name``; empty where it is no list, or longer than is taken."""
        value = self.at(name)
        return value if isinstance(value, list) and len(value) <= limits.LIST else []

    def amount(self, *path: str | int) -> Decimal | None:
        """The amount at ``path``, yuan."""
        return self._read(_MONEY, path)

    def month(self, *path: str | int) -> Month | None:
        """The month at ``path``."""
        return self._read(_MONTH, path)

    def day(self, *path: str | int) -> date | None:
        """The date at ``path``."""
        return self._read(_DATE, path)

    def account(self, *path: str | int) -> str | None:
        """The account number at ``path``."""
        return self._read(_ACCOUNT, path)

    def total(self) -> Decimal | None:
        """The sum of the overpayments in yuan; None where one of them cannot be read."""
        amounts = [
            self.amount("overpayments", index, "amount")
            for index in range(len(self.entries("overpayments")))
        ]
        known = [amount for amount in amounts if amount is not None]
        return sum(known, Decimal(0)) if known and len(known) == len(amounts) else None

    def _read(self, kind: TypeAdapter[_T], path: Path) -> _T | None:
        try:
            return kind.validate_python(self.at(*path))
        except ValidationError:
            return None
