"""The warnings about a valid event: they do not reject, they are kept with it and shown."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from schemas.codes import Problem
from schemas.events import AccountType, AuditOpened, Event, LumpSum, OverpaymentConfirmed
from schemas.months import Month
from schemas.numbers import masked, passes_luhn

#: where days begin and end for everything that is printed
SHANGHAI = ZoneInfo("Asia/Shanghai")
#: 湘人社规〔2022〕30号: in force from 2022-08-18 for five years
BASIS_LAST_DAY = date(2027, 8, 17)
#: how long before its end a basis document is remarked on
BASIS_NOTICE = timedelta(days=180)


def warnings_of(event: Event, *, today: date | None = None) -> list[Problem]:
    """What is remarkable about ``event``, as of ``today`` (default: the day of the event)."""
    day = today or event.time.astimezone(SHANGHAI).date()
    return [problem for remark in _REMARKS for problem in remark(event, day)]


def _luhn(event: Event, _: date) -> Iterator[Problem]:
    if not isinstance(event.data, OverpaymentConfirmed):
        return
    for index, card in enumerate(event.data.benefit_cards):
        if card.account_type is AccountType.CARD and not passes_luhn(card.account_number):
            yield Problem.of(
                f"/data/benefit_cards/{index}/account_number",
                "luhn",
                account=masked(card.account_number),
            )


def _deadline(event: Event, day: date) -> Iterator[Problem]:
    data = event.data
    if isinstance(data, AuditOpened) and data.deadline < day:
        yield Problem.of("/data/deadline", "deadline_past", deadline=data.deadline)
    if isinstance(data, OverpaymentConfirmed) and isinstance(data.repayment, LumpSum):
        by = data.repayment.by
        if by < Month.of(day):
            yield Problem.of("/data/repayment/by", "deadline_past", deadline=by)


def _death(event: Event, _: date) -> Iterator[Problem]:
    data = event.data
    if not isinstance(data, OverpaymentConfirmed) or data.party.died_on is None:
        return
    died_on = data.party.died_on
    for index, entry in enumerate(data.overpayments):
        if entry.from_.first_day < died_on:
            yield Problem.of(
                f"/data/overpayments/{index}/from",
                "overpaid_before_death",
                start=entry.from_,
                died_on=died_on,
            )


def _basis(_: Event, day: date) -> Iterator[Problem]:
    if day >= BASIS_LAST_DAY - BASIS_NOTICE:
        yield Problem.of("/time", "basis_ending", until=BASIS_LAST_DAY)


def _unknown_card(event: Event, _: date) -> Iterator[Problem]:
    if not isinstance(event.data, OverpaymentConfirmed):
        return
    for index, entry in enumerate(event.data.overpayments):
        if entry.entitlement_lost and entry.still_paid and entry.paid_to is None:
            yield Problem.of(f"/data/overpayments/{index}/paid_to", "paid_to_unknown")


_REMARKS: tuple[Callable[[Event, date], Iterator[Problem]], ...] = (
    _luhn,
    _deadline,
    _death,
    _basis,
    _unknown_card,
)
