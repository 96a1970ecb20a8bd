"""Books read from a ledger that events filled: their sums are those of the events."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import update

from books import case_ledger, receipts, register, service
from books.book import Book, BookQuery, Circumstances, Row, Tally
from books.writers.json_text import JsonWriter
from cases.states import EventState
from commands.books import Reader
from commands.county import as_bytes, month_of_cases
from ledger.tables import documents as table
from schemas.documents import BANK_LETTERS
from schemas.workdays import WorkCalendar
from tests.building.books import written
from tests.building.events import example
from tests.building.installation import Installation, example_file
from tests.building.office import Office, examples

TODAY = date(2026, 11, 24)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    opened = Office(f"sqlite:///{tmp_path}/ledger.db")
    yield opened
    opened.close()


def opened(office: Office, reader: Reader, **query: Any) -> Book:
    circumstances = Circumstances(
        now=office.clock(), directory=office.directory, calendar=WorkCalendar()
    )
    with office.database.reading() as connection:
        book = reader(connection, BookQuery(**query), circumstances)
        return replace(book, rows=tuple(book.rows))


def sums(book: Book) -> Row:
    tally = Tally(book.form.totalled)
    assert [*tally(book.rows)] == [*book.rows]
    return tally.sums


def made(office: Office) -> None:
    """Every document is archived, every bank letter sent, at the moment of the clock."""
    now = office.clock()
    with office.database.writing() as connection:
        connection.execute(
            update(table).where(table.c.archived_at.is_(None)).values(archived_at=now)
        )
        letters = table.c.kind.in_(sorted(BANK_LETTERS))
        connection.execute(update(table).where(letters).values(leaving_at=now, sent_at=now))


def money_of(events: list[dict[str, Any]]) -> tuple[Counter[str], dict[str, Decimal]]:
    """Fen overpaid by case, and yuan recovered by channel, as the events say it."""
    overpaid: Counter[str] = Counter()
    came: dict[str, tuple[str, Decimal]] = {}
    for event in events:
        data = event["data"]
        for entry in data.get("overpayments", []):
            overpaid[data["case_no"]] += int(Decimal(entry["amount"]) * 100)
        if event["type"] == "hanyin.repayment.recorded.v1":
            came[data["receipt_no"]] = (data["channel"], Decimal(data["amount"]))
        if event["type"] == "hanyin.repayment.reversed.v1":
            came.pop(data["receipt_no"])
    channels: dict[str, Decimal] = defaultdict(Decimal)
    for channel, amount in came.values():
        channels[channel] += amount
    return overpaid, dict(channels)


def test_the_case_ledgers_sums_are_those_of_the_events_to_the_fen(office: Office) -> None:
    events = [*month_of_cases(60), *examples("01", "05", "06", "11", "21", "24", "43")]
    office.take(*map(as_bytes, events))
    office.work()
    assert office.codes() == []
    book = opened(office, case_ledger.read)
    overpaid, channels = money_of(events)
    assert {row["case_no"]: int(row["overpaid"] * 100) for row in book.rows} == dict(overpaid)
    totals = sums(book)
    assert totals["overpaid"] == Decimal(sum(overpaid.values())) / 100
    assert totals["recovered_by_channel"] == channels
    assert totals["recovered"] == sum(channels.values())
    assert totals["outstanding"] == totals["overpaid"] - totals["recovered"]


def test_a_case_stands_in_the_days_in_which_an_event_changed_it(office: Office) -> None:
    office.take(*examples("01", "24"))
    office.work()
    office.clock.move(timedelta(days=2))
    office.take(*examples("05"))
    office.work()
    later = TODAY + timedelta(days=2)

    def cases(since: date | None, until: date | None) -> list[str]:
        book = opened(office, case_ledger.read, since=since, until=until)
        return [row["case_no"][-2:] for row in book.rows]

    assert cases(None, TODAY) == ["17", "20"]
    assert cases(later, None) == ["17"]
    assert cases(TODAY + timedelta(days=1), TODAY + timedelta(days=1)) == []
    assert cases(None, None) == ["17", "20"]


def test_the_case_ledger_shows_what_was_deposited_and_what_is_not_yet(office: Office) -> None:
    first, rest = example("05"), example("06")
    rest["data"]["deposited_on"] = None
    office.take(*examples("01"), first, rest)
    office.work()
    (row,) = json.loads(written(JsonWriter(), opened(office, case_ledger.read)))
    assert row["deposited"] == "1465.30"
    assert [entry["deposited_on"] for entry in row["deposits"]] == ["2026-06-19", None]
    told = example("44")
    of_first = {"receipt_no": rest["data"]["receipt_no"], "case_no": first["subject"]}
    told |= {"subject": first["subject"], "data": told["data"] | of_first}
    office.take(told)
    office.work()
    (row,) = json.loads(written(JsonWriter(), opened(office, case_ledger.read)))
    assert row["deposited"] == "3465.30"
    assert row["deposits"][1]["deposited_on"] == "2026-09-16"


def test_the_case_ledger_shows_groups_measures_and_documents(office: Office) -> None:
    office.take(*examples("01"))
    office.work()
    (row,) = json.loads(written(JsonWriter(), opened(office, case_ledger.read)))
    assert row["groups"] == ["minimum_living_allowance"]
    assert row["measures"] == ["stop_payment"]
    assert {entry["kind"] for entry in row["documents"]} == {
        "recovery_notice",
        "stop_payment_letter",
        "suspension_notice",
    }


def test_what_is_served_what_not_and_what_is_overdue(office: Office) -> None:
    office.take(*examples("01"))
    office.work()
    made(office)
    before = [row["status"] for row in opened(office, service.read).rows]
    office.clock.move(timedelta(days=30))
    office.take(*examples("02"))
    office.work()
    rows = {row["kind"]: row for row in opened(office, service.read).rows}
    assert before == ["not_served"] * 3
    assert rows["suspension_notice"]["status"] == "overdue"
    notice = rows["recovery_notice"]
    assert (notice["status"], notice["received_by"]) == ("served", "刘晓云")


def test_no_letter_to_a_bank_is_in_the_service_list(office: Office) -> None:
    office.take(*examples("01", "11"))
    office.work()
    kinds = {row["kind"] for row in opened(office, service.read).rows}
    assert kinds == {"recovery_notice", "suspension_notice"}


def test_a_letter_waits_for_its_receipt_until_the_bank_answers(office: Office) -> None:
    office.take(*examples("01"))
    office.work()
    assert opened(office, receipts.read).rows == ()
    made(office)
    office.clock.move(timedelta(days=7))
    (row,) = opened(office, receipts.read).rows
    assert (row["working_days"], row["overdue"], row["account"]) == (5, True, "****9014")
    office.take(*examples("03"))
    office.work()
    assert opened(office, receipts.read).rows == ()


def test_the_register_counts_void_documents_too(office: Office) -> None:
    office.take(*examples("01", "05", "06", "43"))
    office.work()
    rows = opened(office, register.read, agency="430111", year=2026).rows
    assert "void" in {row["state"] for row in rows}
    assert len([*rows]) == len(office.register())
    assert opened(office, register.read, agency="430102").rows == ()


def test_the_commands_write_what_they_are_asked_for(embedded: Installation, tmp_path: Path) -> None:
    embedded.publish(example_file("01"), example_file("05"))
    embedded.run("work", "--only", "receive,apply", "--drain")
    (row,) = embedded.rows("ledger")
    assert (row["recovered"], row["outstanding"]) == ("1465.30", "2000.00")
    file = tmp_path / "ledger.xlsx"
    embedded.run("ledger", "-o", str(file))
    assert load_workbook(file).worksheets[0].max_row == 3
    assert "recovered" in embedded.run("ledger", "--format", "csv")
    number, name = embedded.run("ledger", "--columns", "case_no,personal_no").split("\t")
    assert (number, name.strip()) == ("430111-2026-000017", "4301110017234")
    embedded.run("ledger", "--columns", "case_no,colour", codes=(64,))
    embedded.run("ledger", "--columns", "case_no", "--json", codes=(1,))
    assert embedded.rows("due") == []
    assert embedded.run("ledger", "--format", "pdf", codes=(1,)) == ""
    assert embedded.run("ledger", "-o", str(tmp_path / "x.doc"), codes=(1,)) == ""
    assert embedded.run("service", "--agency", "999999", codes=(1,)) == ""


def test_the_register_keeps_the_fields_of_its_contract(embedded: Installation) -> None:
    embedded.publish(example_file("24"))
    embedded.run("work", "--only", "receive,apply", "--drain")
    assert list(embedded.rows("register")[0]) == list(register.FIELDS)
    text = embedded.run("register", "--csv")
    assert text.splitlines()[0] == "\ufeff" + ",".join(register.FIELDS)


def test_an_event_that_was_refused_changes_no_book(office: Office) -> None:
    office.take(*examples("01", "06"))
    refused = examples("05")[0]
    refused["data"]["amount"] = "99999.00"
    office.take(refused)
    office.work()
    assert office.states()[refused["id"]] == [EventState.REJECTED]
    assert sums(opened(office, case_ledger.read))["recovered"] == Decimal("2000.00")
