"""The rules of a chosen way of repayment: it pays back the total, no more and no less."""

from collections.abc import Iterator
from decimal import Decimal

from schemas.codes import Problem
from schemas.months import Month
from schemas.reader import Reader


def repayment_problems(reader: Reader) -> Iterator[Problem]:
    """What is wrong with ``repayment`` against the overpayments and the party."""
    method = reader.at("repayment", "method")
    if method == "lump_sum":
        yield from _lump_sum(reader)
    elif method == "installments":
        yield from _installments(reader)
    elif method == "monthly_deduction":
        yield from _deduction(reader)


def _lump_sum(reader: Reader) -> Iterator[Problem]:
    amount, total = reader.amount("repayment", "amount"), reader.total()
    if amount is not None and total is not None and amount != total:
        yield Problem.of("/data/repayment/amount", "lump_sum_mismatch", amount=amount, total=total)


def _installments(reader: Reader) -> Iterator[Problem]:
    months = _months(reader)
    periods = reader.at("repayment", "periods")
    if months is not None and type(periods) is int and periods != months:
        yield Problem.of(
            "/data/repayment/periods", "periods_mismatch", periods=periods, months=months
        )
    yield from _span_and_rate(reader, "per_period", months)


def _deduction(reader: Reader) -> Iterator[Problem]:
    if reader.at("party", "died_on") is not None:
        yield Problem.of("/data/repayment/method", "deduction_from_dead")
    yield from _span_and_rate(reader, "per_month", _months(reader))


def _span(reader: Reader) -> tuple[Month | None, Month | None]:
    return reader.month("repayment", "from"), reader.month("repayment", "to")


def _months(reader: Reader) -> int | None:
    first, last = _span(reader)
    if first is None or last is None or last < first:
        return None
    return first.months_to(last)


def _span_and_rate(reader: Reader, member: str, months: int | None) -> Iterator[Problem]:
    first, last = _span(reader)
    if first is not None and last is not None and last < first:
        yield Problem.of("/data/repayment/to", "period_reversed", start=first, to=last)
    rate, total = reader.amount("repayment", member), reader.total()
    if months is not None and rate is not None and total is not None:
        yield from rate_problems(rate, months, total, f"/data/repayment/{member}")


def rate_problems(rate: Decimal, months: int, total: Decimal, where: str) -> Iterator[Problem]:
    """The problem at ``where`` unless ``months`` of ``rate`` pay back ``total``, the last in part.

    (n − 1) × rate < total ≤ n × rate (contract, "Codes and shapes"); yuan.
    """
    if not (months - 1) * rate < total <= months * rate:
        yield Problem.of(where, "rate_mismatch", rate=rate, months=months, total=total)
