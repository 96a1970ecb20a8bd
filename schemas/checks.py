"""The rules that compare members of an event.

They work on the JSON as it came, each on what it can read of it, so that an event with a bad
name still hears of its bad sum: all errors of an event at once.
"""

from collections.abc import Iterator
from typing import Any

from pydantic import TypeAdapter, ValidationError

from schemas.codes import Problem
from schemas.fields import AMOUNT_LIMIT, Name
from schemas.months import Month
from schemas.numbers import masked, resident_id_faults
from schemas.plan_checks import repayment_problems
from schemas.pointers import pointer
from schemas.reader import Reader
from schemas.step_checks import (
    Check,
    agreement,
    debtor,
    selector,
    selectors,
    something_changes,
    within_changes,
)

#: no benefit period lies before it (劳动保险条例, 1951)
FIRST_BENEFIT_YEAR = 1951


def problems_of(type_name: str, data: Any) -> list[Problem]:
    """What is wrong between the members of ``data``, for the short type ``type_name``."""
    reader = Reader(data)
    return [problem for check in _CHECKS[type_name] for problem in check(reader)]


def _identity(*path: str | int) -> Check:
    """A check of the ID number of the person at ``path`` by his ``id_type``."""

    def check(reader: Reader) -> Iterator[Problem]:
        if reader.at(*path, "id_type") != "resident_id":
            return
        for steps in ((*path, "id_number"), (*path, "second", "id_number")):
            number = reader.at(*steps)
            if isinstance(number, str):
                for code in resident_id_faults(number):
                    yield Problem.of(pointer(("data", *steps)), code)

    return check


def _periods(reader: Reader) -> Iterator[Problem]:
    for index in range(len(reader.entries("overpayments"))):
        path = ("overpayments", index)
        first, last = reader.month(*path, "from"), reader.month(*path, "to")
        if first is not None and first.year < FIRST_BENEFIT_YEAR:
            yield Problem.of(pointer(("data", *path, "from")), "period_before_1951")
        yield from reversed_period(first, last, ("data", *path, "to"))


def reversed_period(
    first: Month | None, last: Month | None, path: tuple[str | int, ...]
) -> Iterator[Problem]:
    """The problem of a period that ends before it starts."""
    if first is not None and last is not None and last < first:
        yield Problem.of(pointer(path), "period_reversed", start=first, to=last)


def _sum(reader: Reader) -> Iterator[Problem]:
    total = reader.total()
    if total is not None and len(reader.entries("overpayments")) > 1 and total >= AMOUNT_LIMIT:
        yield Problem.of("/data/overpayments", "amount_too_large")


def _cards(reader: Reader) -> Iterator[Problem]:
    seen = set()
    for index in range(len(reader.entries("benefit_cards"))):
        path = ("benefit_cards", index, "account_number")
        number = reader.account(*path)
        if number is not None and number in seen:
            yield Problem.of(pointer(("data", *path)), "card_repeated", account=masked(number))
        seen.add(number)


def _paid_to(reader: Reader) -> Iterator[Problem]:
    cards = {
        reader.at("benefit_cards", index, "account_number")
        for index in range(len(reader.entries("benefit_cards")))
        if isinstance(reader.at("benefit_cards", index, "account_number"), str)
    }
    for index in range(len(reader.entries("overpayments"))):
        path = ("overpayments", index, "paid_to")
        number = reader.account(*path)
        if number is not None and number not in cards:
            yield Problem.of(pointer(("data", *path)), "paid_to_not_a_card", account=masked(number))


def _stop_from(reader: Reader) -> Iterator[Problem]:
    lost = [
        entry
        for entry in reader.entries("overpayments")
        if isinstance(entry, dict) and entry.get("entitlement_lost") is True
    ]
    stop_due = any(entry.get("still_paid") is True and entry.get("paid_to") for entry in lost)
    notice_due = bool(lost and reader.entries("notify"))
    if (stop_due or notice_due) and reader.at("stop_from") is None:
        yield Problem.of("/data/stop_from", "stop_from_required")


_NAME: TypeAdapter[str] = TypeAdapter(Name)


def _notified(reader: Reader) -> Iterator[Problem]:
    for index, entry in enumerate(reader.entries("notify")):
        if not isinstance(entry, dict):
            continue
        here = ("data", "notify", index)
        relation = entry.get("relation")
        if entry.get("kind") == "relative":
            if relation is None:
                yield Problem.of(pointer((*here, "relation")), "missing")
            yield from _relative_name(entry.get("name"), pointer((*here, "name")))
        elif relation is not None:
            yield Problem.of(pointer((*here, "relation")), "relation_unexpected")


def _relative_name(name: object, where: str) -> Iterator[Problem]:
    try:
        _NAME.validate_python(name)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        if first["type"] in {"name_characters", "name_dot", "too_long"}:
            yield Problem.of(where, first["type"], **first.get("ctx", {}))


def _execution(reader: Reader) -> Iterator[Problem]:
    result, executed_at = reader.at("result"), reader.at("executed_at")
    if result == "executed" and executed_at is None:
        yield Problem.of("/data/executed_at", "executed_at_required")
    if result == "refused" and executed_at is not None:
        yield Problem.of("/data/executed_at", "executed_at_unexpected")


def _deposit(reader: Reader) -> Iterator[Problem]:
    received, deposited = reader.day("received_on"), reader.day("deposited_on")
    if received is not None and deposited is not None and deposited < received:
        yield Problem.of("/data/deposited_on", "deposited_before_received", received_on=received)


#: short type name → its checks
_CHECKS: dict[str, tuple[Check, ...]] = {
    "overpayment.confirmed": (
        _identity("party"),
        _identity("promisor"),
        _periods,
        _sum,
        _cards,
        _paid_to,
        _stop_from,
        _notified,
        repayment_problems,
    ),
    "document.served": (selector("document"),),
    "letter.receipted": (selector("document"), _execution),
    "audit.opened": (_identity("addressee"),),
    "repayment.recorded": (_deposit,),
    "repayment.deposited": (),
    "repayment.reversed": (),
    "resumption.approved": (),
    "agreement.reached": (_identity("debtor"), debtor, agreement),
    "agreement.signed": (selector("document"),),
    "assistance.verified": (),
    "case.referred": (selectors("attachments"),),
    # what compares a changed member with one that stays is checked on the corrected whole
    "case.corrected": (
        something_changes,
        *map(
            within_changes,
            (_identity("party"), _identity("promisor"), _periods, _sum, _cards, _notified),
        ),
    ),
    "document.void": (selector("document"),),
}
