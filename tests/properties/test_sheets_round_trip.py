"""Any event of the shape that sheets have: typed into the sheets and read back, it is the same."""

import re
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from stdnum.cn import ric
from stdnum.iso7064 import mod_11_10

from schemas.events import (
    Channel,
    GroupCode,
    IdType,
    Insurance,
    NotifiedKind,
    OverpaymentConfirmed,
    RepaymentRecorded,
)
from schemas.months import Month
from sheets.layouts import REPAYMENTS, SIMPLE, WORKBOOK
from tests.building.sheets import events_in, plain_book, read, row_of, rows_of, simple_csv

LETTERS = st.characters(
    categories=["L", "N", "P", "S"], exclude_characters="_=\ufeff", max_codepoint=0x3FFFF
)
#: words that stand for no value, which are refused
NO_VALUE = {"null", "nan", "none", "nil", "undefined"}
TEXT = st.text(LETTERS, min_size=1, max_size=12).filter(
    lambda text: not text.startswith("示例") and text.lower() not in NO_VALUE
)
#: what a spreadsheet program leaves of a longer number: fifteen digits, and zeros
_ENDS_AS_IF_CUT = re.compile(r"\d{15}0+")
_SYLLABLES = st.text(st.sampled_from("刘德厚晓云买提𠅤㛃䶮〇"), min_size=1, max_size=4)
NAME = st.lists(_SYLLABLES, min_size=1, max_size=2).map("·".join)
KEY = st.from_regex(r"[0-9]{4}-[0-9]{4}-[0-9]{1,6}", fullmatch=True)
PHONE = st.from_regex(r"0[0-9]{3}-[0-9]{8}|1[0-9]{10}", fullmatch=True)
ACCOUNT = st.from_regex(r"[0-9]{8,14}|[0-9]{15,31}[1-9]", fullmatch=True)
AMOUNT = st.integers(1, 10**13).map(lambda fen: f"{fen // 100}.{fen % 100:02d}")
DAY = st.dates(date(1952, 1, 1), date(2199, 12, 31)).map(date.isoformat)
MONTH = st.tuples(st.integers(1951, 2100), st.integers(1, 12)).map(lambda pair: Month(*pair))


def optional(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | strategy


@st.composite
def resident_id(draw: st.DrawFn) -> str:
    body = "430111" + draw(DAY).replace("-", "") + draw(st.from_regex(r"[0-9]{3}", fullmatch=True))
    return body + str(ric.calc_check_digit(body + "0"))


@st.composite
def identity(draw: st.DrawFn) -> dict[str, str]:
    kind = draw(st.sampled_from(IdType))
    number = draw(resident_id() if kind is IdType.RESIDENT_ID else ACCOUNT)
    return {"id_type": kind.value, "id_number": number}


@st.composite
def bank_code(draw: st.DrawFn) -> str:
    body = draw(st.from_regex(r"[1-9][0-9]{10}", fullmatch=True))
    return next(body + digit for digit in "0123456789" if mod_11_10.is_valid(body + digit))


@st.composite
def card(draw: st.DrawFn) -> dict[str, Any]:
    return {
        "bank_code": draw(bank_code()),
        "bank_name": draw(TEXT),
        "account_type": draw(st.sampled_from(["card", "passbook"])),
        "account_name": draw(NAME),
        "account_number": draw(ACCOUNT),
    }


@st.composite
def overpayment(draw: st.DrawFn, accounts: list[str]) -> dict[str, Any]:
    first = draw(MONTH)
    return {
        "insurance": draw(st.sampled_from(Insurance)).value,
        "benefit": draw(TEXT),
        "from": str(first),
        "to": str(first.plus(draw(st.integers(0, 60)))),
        "amount": draw(AMOUNT),
        "reason": draw(optional(TEXT)),
        "entitlement_lost": draw(st.booleans()),
        "still_paid": draw(st.booleans()),
        "paid_to": draw(st.sampled_from([None, *accounts])),
    }


@st.composite
def promisor(draw: st.DrawFn) -> dict[str, Any]:
    who: dict[str, Any] = draw(identity())
    who |= {"name": draw(NAME), "relation": draw(TEXT), "phone": draw(PHONE)}
    second = {"phone": draw(PHONE), "id_number": who["id_number"]}
    return who | {"address": draw(TEXT), "second": draw(st.sampled_from([None, second]))}


@st.composite
def notified(draw: st.DrawFn) -> dict[str, Any]:
    kind = draw(st.sampled_from(NotifiedKind))
    is_relative = kind is NotifiedKind.RELATIVE
    return {
        "kind": kind.value,
        "name": draw(NAME if is_relative else TEXT),
        "relation": draw(TEXT) if is_relative else None,
        "address": draw(TEXT),
    }


@st.composite
def group(draw: st.DrawFn) -> dict[str, Any]:
    return {
        "code": draw(st.sampled_from(GroupCode)).value,
        "issuer": draw(optional(TEXT)),
        "document": draw(optional(TEXT)),
        "date": draw(optional(DAY)),
    }


@st.composite
def way(draw: st.DrawFn, total: str, *, dead: bool) -> dict[str, Any] | None:
    """A way of repayment that pays back the total: at once, or in one month of all."""
    if draw(st.booleans()):
        return draw(
            st.sampled_from([None, {"method": "lump_sum", "amount": total, "by": str(draw(MONTH))}])
        )
    first = draw(MONTH)
    span = {"from": str(first), "to": str(first)}
    if dead or draw(st.booleans()):
        return {"method": "installments", "periods": 1, "per_period": total, **span}
    return {"method": "monthly_deduction", "per_month": total, **span}


@st.composite
def confirmed(draw: st.DrawFn, *, most: int = 3) -> dict[str, Any]:
    cards = draw(st.lists(card(), max_size=most, unique_by=lambda each: each["account_number"]))
    accounts = [each["account_number"] for each in cards]
    benefits = draw(st.lists(overpayment(accounts), min_size=1, max_size=most))
    fen = sum(int(each["amount"].replace(".", "")) for each in benefits)
    died = draw(optional(DAY))
    data = {
        "party": {
            **draw(identity()),
            "personal_no": draw(ACCOUNT),
            "name": draw(NAME),
            "died_on": died,
            "category": draw(TEXT),
            "benefit_status": draw(TEXT),
            "groups": draw(st.lists(group(), max_size=most)),
            "phone": draw(optional(PHONE)),
            "address": draw(optional(TEXT)),
        },
        "facts": draw(TEXT),
        "overpayments": benefits,
        "promisor": draw(optional(promisor())),
        "repayment": draw(way(f"{fen // 100}.{fen % 100:02d}", dead=died is not None)),
        "benefit_cards": cards,
        "notify": draw(st.lists(notified(), max_size=most)),
        "stop_from": draw(DAY),
        "handler": {"name": draw(NAME), "phone": draw(PHONE)},
    }
    return enveloped("overpayment.confirmed", draw(KEY), data, draw(DAY))


@st.composite
def recorded(draw: st.DrawFn) -> dict[str, Any]:
    received, deposited = sorted([draw(DAY), draw(DAY)])
    data = {
        "receipt_no": draw(KEY),
        "amount": draw(AMOUNT),
        "received_on": received,
        "deposited_on": draw(st.sampled_from([None, deposited])),
        "channel": draw(st.sampled_from(Channel)).value,
        "payer": draw(TEXT),
        "still_qualified": draw(optional(st.booleans())),
    }
    return enveloped("repayment.recorded", draw(KEY), data, draw(DAY))


def enveloped(kind: str, case_no: str, data: dict[str, Any], day: str) -> dict[str, Any]:
    return {
        "type": f"hanyin.{kind}.v1",
        "subject": case_no,
        "time": f"{max(day, '1992-01-01')}T09:21:07+08:00",
        "data": {"case_no": case_no, "agency": "430111", **data},
    }


def read_back(sheets: dict[str, list[list[Any]]]) -> list[dict[str, Any]]:
    with tempfile.TemporaryDirectory() as folder:
        return list(events_in(read(plain_book(Path(folder) / "x.xlsx", sheets))))


PATIENT = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])


@PATIENT
@given(event=confirmed())
def test_any_case_is_read_back_as_it_was_typed(event: dict[str, Any]) -> None:
    typed = rows_of(event)
    sheets = {
        layout.name: [
            [column.heading for column in layout.columns],
            *([row[column.heading] for column in layout.columns] for row in typed[layout.name]),
        ]
        for layout in WORKBOOK
    }
    (read_event,) = read_back({name: rows for name, rows in sheets.items() if len(rows) > 1})
    told = OverpaymentConfirmed.model_validate(read_event["data"])
    assert told == OverpaymentConfirmed.model_validate(event["data"])
    assert read_event["time"] == event["time"]


@PATIENT
@given(event=recorded())
def test_any_repayment_is_read_back_as_it_was_typed(event: dict[str, Any]) -> None:
    row = row_of(event, REPAYMENTS)
    (read_event,) = read_back({"还款": [list(row), list(row.values())]})
    told = RepaymentRecorded.model_validate(read_event["data"])
    assert told == RepaymentRecorded.model_validate(event["data"])


@PATIENT
@given(event=confirmed(most=1), encoding=st.sampled_from(["utf-8", "utf-8-sig", "gb18030"]))
def test_any_simple_case_is_read_back_from_csv(event: dict[str, Any], encoding: str) -> None:
    data = event["data"]
    # the card of the row is the one that the benefit was paid to
    data["overpayments"][0]["paid_to"] = next(
        (each["account_number"] for each in data["benefit_cards"]), None
    )
    row = row_of(event, SIMPLE)
    # such a number is refused, as nobody can tell whether a program has changed it
    assume(not any(_ENDS_AS_IF_CUT.fullmatch(str(value)) for value in row.values()))
    with tempfile.TemporaryDirectory() as folder:
        file = simple_csv(Path(folder) / "x.csv", [row], encoding=encoding)
        (read_event,) = events_in(read(file))
    told = OverpaymentConfirmed.model_validate(read_event["data"])
    assert told == OverpaymentConfirmed.model_validate(data)
