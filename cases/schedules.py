"""The schedule of an agreement: what comes back in each month, and what then remains."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from cases.money import ZERO
from schemas.months import Month
from schemas.steps import AgreementReached


@dataclass(frozen=True, kw_only=True)
class Instalment:
    """One payment of a schedule; yuan."""

    month: Month
    amount: Decimal
    #: what is still to be paid back after it
    remaining: Decimal
    #: taken from the personal account at once, before the monthly ones
    personal_account: bool = False


def schedule(agreed: AgreementReached) -> tuple[Instalment, ...]:
    """Every instalment in order; their amounts sum to ``agreed.total``, the last remaining is 0.

    What comes from the personal account stands first, in the month the agreement starts. Each
    month has the agreed amount, the last one takes the rest to the fen.
    """
    return tuple(_instalments(agreed))


def _instalments(agreed: AgreementReached) -> Iterator[Instalment]:
    remaining = agreed.total
    if agreed.from_personal_account is not None:
        amount = min(agreed.from_personal_account, remaining)
        remaining -= amount
        yield Instalment(
            month=agreed.from_, amount=amount, remaining=remaining, personal_account=True
        )
    months = agreed.from_.months_to(agreed.to)
    for place in range(months):
        if remaining == ZERO:
            return
        last = place == months - 1
        amount = remaining if last else min(agreed.per_month, remaining)
        remaining -= amount
        yield Instalment(month=agreed.from_.plus(place), amount=amount, remaining=remaining)
