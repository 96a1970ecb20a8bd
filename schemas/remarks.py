"""The warnings about a valid event: they do not reject, they are kept with it and shown."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

from schemas.benefits import is_paid_once
from schemas.codes import Problem
from schemas.events import (
    AccountType,
    AgreementBasis,
    AgreementReached,
    AgreementSigned,
    AuditOpened,
    CaseCorrected,
    DocumentVoid,
    Event,
    LumpSum,
    OverpaymentConfirmed,
)
from schemas.months import Month
from schemas.numbers import masked, passes_luhn
from schemas.step_checks import LEAST_SHARE
from schemas.zone import CHINA

#: 湘人社规〔2022〕30号: in force from 2022-08-18 for five years
BASIS_LAST_DAY = date(2027, 8, 17)
#: how long before its end a basis document is remarked on
BASIS_NOTICE = timedelta(days=180)


def warnings_of(event: Event, *, today: date | None = None) -> list[Problem]:
    """What is remarkable about ``event``, as of ``today`` (default: the day of the event)."""
    day = today or event.time.astimezone(CHINA).date()
    return [problem for remark in _REMARKS for problem in remark(event, day)]


def warnings_about(facts: OverpaymentConfirmed, day: date) -> list[Problem]:
    """What is remarkable about the facts of a case as of ``day``; pointers as in its opening."""
    return [problem for remark in _REMARKS_ON_FACTS for problem in remark(facts, day)]


def _on_facts(event: Event, day: date) -> Iterator[Problem]:
    if isinstance(event.data, OverpaymentConfirmed):
        yield from warnings_about(event.data, day)


def _luhn(facts: OverpaymentConfirmed, _: date) -> Iterator[Problem]:
    for index, card in enumerate(facts.benefit_cards):
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


def _signed_ahead(event: Event, _: date) -> Iterator[Problem]:
    data, day = event.data, event.time.astimezone(CHINA).date()
    if not isinstance(data, AgreementReached | AgreementSigned) or data.signed_on is None:
        return
    if data.signed_on > day:
        yield Problem.of("/data/signed_on", "signed_ahead", signed_on=data.signed_on)


def _repaid_by(facts: OverpaymentConfirmed, day: date) -> Iterator[Problem]:
    if isinstance(facts.repayment, LumpSum) and facts.repayment.by < Month.of(day):
        yield Problem.of("/data/repayment/by", "deadline_past", deadline=facts.repayment.by)


def _death(facts: OverpaymentConfirmed, _: date) -> Iterator[Problem]:
    died_on = facts.party.died_on
    if died_on is None:
        return
    for index, entry in enumerate(facts.overpayments):
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


def _share(event: Event, _: date) -> Iterator[Problem]:
    data = event.data
    if not isinstance(data, AgreementReached) or data.monthly_benefit is None:
        return
    if is_paid_once(data.benefit or ""):
        return
    if data.basis is AgreementBasis.AGREED and data.per_month < data.monthly_benefit * LEAST_SHARE:
        values = {"rate": data.per_month, "monthly": data.monthly_benefit}
        yield Problem.of("/data/per_month", "small_share", **values)


def _unknown_card(facts: OverpaymentConfirmed, _: date) -> Iterator[Problem]:
    for index, entry in enumerate(facts.overpayments):
        if entry.entitlement_lost and entry.still_paid and entry.paid_to is None:
            yield Problem.of(f"/data/overpayments/{index}/paid_to", "paid_to_unknown")


def _no_reason(event: Event, _: date) -> Iterator[Problem]:
    if isinstance(event.data, CaseCorrected | DocumentVoid) and event.data.reason is None:
        yield Problem.of("/data/reason", "reason_missing")


_REMARKS: tuple[Callable[[Event, date], Iterator[Problem]], ...] = (
    _on_facts,
    _deadline,
    _share,
    _signed_ahead,
    _no_reason,
    _basis,
)
_REMARKS_ON_FACTS: tuple[Callable[[OverpaymentConfirmed, date], Iterator[Problem]], ...] = (
    _luhn,
    _repaid_by,
    _death,
    _unknown_card,
)
