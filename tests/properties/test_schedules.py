"""A schedule pays back its total to the fen, whatever was agreed."""

from decimal import Decimal

import hypothesis.strategies as st
from hypothesis import given

from cases.money import written
from cases.schedules import schedule
from schemas.steps import AgreementReached
from tests.building.events import from_example

FEN = Decimal("0.01")


@st.composite
def agreements(draw: st.DrawFn) -> AgreementReached:
    """What the contract accepts: (n − 1) × rate < total − personal account ≤ n × rate."""
    months, rate = draw(st.integers(1, 1200)), draw(st.integers(1, 10**7))
    rest = (months - 1) * rate + draw(st.integers(1, rate))
    account = draw(st.none() | st.integers(1, 10**7))
    start = draw(st.integers(1951 * 12, 2090 * 12))
    data = from_example(
        "31",
        per_month=written(rate * FEN),
        total=written((rest + (account or 0)) * FEN),
        from_personal_account=None if account is None else written(account * FEN),
        **{"from": _month(start), "to": _month(start + months - 1)},
    ).data
    assert isinstance(data, AgreementReached)
    return data


def _month(count: int) -> str:
    return f"{count // 12:04}-{count % 12 + 1:02}"


@given(agreements())
def test_amounts_sum_to_the_total_and_nothing_remains(agreed: AgreementReached) -> None:
    rows = schedule(agreed)
    assert sum(row.amount for row in rows) == agreed.total
    assert written(rows[-1].remaining) == "0.00"
    assert all(row.amount > 0 and row.remaining >= 0 for row in rows)


@given(agreements())
def test_what_remains_is_what_has_not_come_back_yet(agreed: AgreementReached) -> None:
    outstanding = agreed.total
    for row in schedule(agreed):
        outstanding -= row.amount
        assert row.remaining == outstanding


@given(agreements())
def test_each_month_has_one_instalment_and_only_the_last_is_smaller(
    agreed: AgreementReached,
) -> None:
    monthly = [row for row in schedule(agreed) if not row.personal_account]
    first, last = monthly[0].month, monthly[-1].month
    assert (first, last) == (agreed.from_, agreed.to)
    assert [row.month for row in monthly] == [first.plus(n) for n in range(len(monthly))]
    assert {row.amount for row in monthly[:-1]} <= {agreed.per_month}
    assert monthly[-1].amount <= agreed.per_month


@given(agreements())
def test_what_comes_from_the_personal_account_comes_first_and_once(
    agreed: AgreementReached,
) -> None:
    rows = schedule(agreed)
    at_first = [row.amount for row in rows if row.personal_account]
    account = agreed.from_personal_account
    assert at_first == ([] if account is None else [account])
    assert not any(row.personal_account for row in rows[1:])
