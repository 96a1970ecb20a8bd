"""The rules that compare members of the later steps' events: agreement, correction, selectors."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal

from schemas.benefits import is_paid_once
from schemas.codes import Problem
from schemas.people import SELF
from schemas.plan_checks import rate_problems
from schemas.pointers import pointer
from schemas.reader import Reader

Check = Callable[[Reader], Iterator[Problem]]

#: the least share of a monthly benefit that is deducted (annex 1, 告知事项 3–10)
LEAST_SHARE = Decimal("0.20")
_CHANGES = "/data/changes"


def selector(*path: str | int) -> Check:
    """A check that the selector at ``path`` names a document in one way only."""

    def check(reader: Reader) -> Iterator[Problem]:
        yield from _selector_shape(reader.at(*path), path)

    return check


def selectors(name: str) -> Check:
    """The same for each entry of the list ``name``."""

    def check(reader: Reader) -> Iterator[Problem]:
        for index, entry in enumerate(reader.entries(name)):
            yield from _selector_shape(entry, (name, index))

    return check


def _selector_shape(value: object, path: tuple[str | int, ...]) -> Iterator[Problem]:
    if not isinstance(value, dict):
        return
    given = {name for name, entry in value.items() if entry is not None}
    ways = given & {"number", "reference", "kind"}
    details = given & {"account_number", "recipient"}
    if len(ways) != 1 or (details and "kind" not in ways):
        yield Problem.of(pointer(("data", *path)), "selector_shape")


def debtor(reader: Reader) -> Iterator[Problem]:
    """A debtor who is not the party has a number, a telephone and an address of his own."""
    found = reader.at("debtor")
    if not isinstance(found, dict) or found.get("relation") in (None, SELF):
        return
    for name in ("id_type", "id_number", "phone", "address"):
        if found.get(name) is None:
            yield Problem.of(f"/data/debtor/{name}", "missing")


def agreement(reader: Reader) -> Iterator[Problem]:
    """An agreement pays back its total; a deduction says from what."""
    if reader.at("kind") == "deduction_agreement":
        for name in ("benefit", "monthly_benefit"):
            if reader.at(name) is None:
                yield Problem.of(f"/data/{name}", "missing")
    first, last = reader.month("from"), reader.month("to")
    if first is not None and last is not None and last < first:
        yield Problem.of("/data/to", "period_reversed", start=first, to=last)
        return
    if _is_paid_once(reader) and first != last:
        yield Problem.of("/data/to", "paid_once")
        return
    yield from _agreed_rate(reader)
    yield from _share(reader)


def _is_paid_once(reader: Reader) -> bool:
    benefit = reader.at("benefit")
    deducts = reader.at("kind") == "deduction_agreement"
    return deducts and isinstance(benefit, str) and is_paid_once(benefit)


def _agreed_rate(reader: Reader) -> Iterator[Problem]:
    first, last = reader.month("from"), reader.month("to")
    rate, total = reader.amount("per_month"), reader.amount("total")
    at_first = reader.amount("from_personal_account") or Decimal(0)
    if first is not None and last is not None and rate is not None and total is not None:
        yield from rate_problems(rate, first.months_to(last), total - at_first, "/data/per_month")


def _share(reader: Reader) -> Iterator[Problem]:
    monthly, rate = reader.amount("monthly_benefit"), reader.amount("per_month")
    if monthly is None or rate is None:
        return
    if reader.at("kind") == "deduction_agreement" and rate > monthly:
        yield Problem.of("/data/per_month", "above_monthly", rate=rate, monthly=monthly)
    monthly_share = reader.at("basis") == "notice" and not _is_paid_once(reader)
    if monthly_share and rate < monthly * LEAST_SHARE:
        yield Problem.of("/data/per_month", "below_least_share", rate=rate, monthly=monthly)


def something_changes(reader: Reader) -> Iterator[Problem]:
    """A correction names at least one member."""
    if reader.at("changes") == {}:
        yield Problem.of(_CHANGES, "nothing_to_correct")


def within_changes(check: Check) -> Check:
    """``check``, of the data of overpayment.confirmed, done on what a correction says of them."""

    def checked(reader: Reader) -> Iterator[Problem]:
        for problem in check(Reader(reader.at("changes"))):
            place = problem.pointer.removeprefix("/data")
            yield replace(problem, pointer=_CHANGES + place)

    return checked
