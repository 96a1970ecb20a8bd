"""Books and listings a page at a time: the same rows, level memory, no transaction held open."""

import io
import tracemalloc
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event, select, update

from books import case_ledger, due, receipts, register, service
from books.book import Book, BookQuery, Circumstances
from books.writers import Writer
from books.writers.csv_text import CsvWriter
from books.writers.json_text import JsonWriter
from books.writers.spreadsheet import SpreadsheetWriter
from books.writers.terminal import PipeWriter, TerminalWriter
from cases.states import EventState
from commands.books import Reader
from commands.county import month_of_cases
from ledger import documents, inbox, pages, trail_book, watched
from ledger.tables import deadlines
from ledger.tables import documents as table
from ledger.trail_book import TrailQuery
from ledger.watch import Watch
from schemas.workdays import WorkCalendar
from tests.building.books import CHINESE
from tests.building.office import Office
from workers.deadlines import look_at_these

BOOKS: dict[str, Reader] = {
    "register": register.read,
    "ledger": case_ledger.read,
    "service": service.read,
    "receipts": receipts.read,
    "due": due.read,
}
LISTINGS: dict[str, Callable[[Connection], Iterable[Any]]] = {
    "documents": lambda connection: chain.from_iterable(documents.pages(connection)),
    "events": lambda connection: chain.from_iterable(inbox.pages(connection, EventState)),
    "trail": lambda connection: trail_book.read(connection, TrailQuery()),
}
#: statements of a page: its rows, and what belongs to them
_FIRST = {"due": 3}
#: bytes; a page of rows and what a writer holds back
_SLACK = 3 * 1024 * 1024


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    opened = Office(f"sqlite:///{tmp_path}/ledger.db")
    opened.take(*month_of_cases(12))
    opened.work()
    now = opened.clock()
    with opened.database.writing() as connection:
        connection.execute(
            update(table).values(state="announced", archived_at=now, leaving_at=now, sent_at=now)
        )
        watched.look_at(connection, list(connection.execute(select(table.c.document_id)).scalars()))
    opened.clock.move(timedelta(days=40))
    watch = Watch(directory=opened.directory, calendar=WorkCalendar())
    with opened.database.writing() as connection:
        # half of what is due was reported, the other half is to be looked at
        look_at_these(
            connection, watch, watched.due(connection, today=date.max)[::2], opened.clock()
        )
    yield opened
    opened.close()


def book(office: Office, reader: Reader, connection: Connection, **query: Any) -> Book:
    circumstances = Circumstances(
        now=office.clock(), directory=office.directory, calendar=WorkCalendar()
    )
    return reader(connection, BookQuery(**query), circumstances)


def rows(office: Office, name: str) -> list[Any]:
    with office.database.reading() as connection:
        if name in LISTINGS:
            return list(LISTINGS[name](connection))
        return list(book(office, BOOKS[name], connection).rows)


@pytest.mark.parametrize("name", [*BOOKS, *LISTINGS])
def test_pages_hold_the_same_rows_in_the_same_order_as_the_whole(
    office: Office, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = rows(office, name)
    assert len(whole) > 10
    monkeypatch.setattr(pages, "PAGE", 3)
    assert rows(office, name) == whole


@pytest.mark.parametrize("limit", [0, 1, 3, 4, 6, 1_000])
def test_a_limit_is_kept_whatever_the_pages(
    office: Office, limit: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = rows(office, "register")
    entries = rows(office, "trail")
    monkeypatch.setattr(pages, "PAGE", 3)
    with office.database.reading() as connection:
        assert list(book(office, register.read, connection, limit=limit).rows) == whole[:limit]
        if limit:
            newest = trail_book.read(connection, TrailQuery(limit=limit))
            assert list(newest) == entries[-limit:]


@pytest.mark.parametrize("name", [*BOOKS, *LISTINGS])
def test_no_transaction_is_open_while_somebody_looks_at_a_page(
    office: Office, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "PAGE", 3)
    with office.database.reading() as connection:
        found = iter(
            LISTINGS[name](connection)
            if name in LISTINGS
            else book(office, BOOKS[name], connection).rows
        )
        for _ in range(7):
            next(found)
            assert not connection.in_transaction()


def test_a_snapshot_stays_one(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "PAGE", 3)
    with office.database.snapshot() as connection:
        found = chain.from_iterable(documents.pages(connection))
        next(found)
        assert connection.in_transaction()


def test_rows_that_come_meanwhile_are_behind_and_none_is_shown_twice(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "PAGE", 3)
    with office.database.reading() as connection:
        found = chain.from_iterable(inbox.pages(connection, EventState))
        seen = [next(found)["seq"]]
        office.take(*month_of_cases(3))
        seen += [row["seq"] for row in found]
    assert seen == sorted(set(seen))
    assert len(seen) == len(rows(office, "events"))


def test_the_case_ledger_asks_twice_a_page(office: Office) -> None:
    asked: list[str] = []

    def note(*words: Any) -> None:
        asked.append(words[2])

    with office.database.reading() as connection:
        event.listen(office.database.engine, "before_cursor_execute", note)
        list(book(office, case_ledger.read, connection, since=office.clock().date()).rows)
        list(book(office, case_ledger.read, connection).rows)
        event.remove(office.database.engine, "before_cursor_execute", note)
    # a month without a case reads no document at all
    assert len([words for words in asked if "FROM documents" in words]) == 1


def test_what_is_due_loads_the_cases_of_a_page_at_once(office: Office) -> None:
    asked: list[str] = []

    def note(*words: Any) -> None:
        asked.append(words[2])

    with office.database.writing() as connection:
        money = update(deadlines).where(deadlines.c.deadline == "service")
        connection.execute(money.values(deadline="repayment"))
    with office.database.reading() as connection:
        event.listen(office.database.engine, "before_cursor_execute", note)
        found = list(book(office, due.read, connection).rows)
        event.remove(office.database.engine, "before_cursor_execute", note)
    owing = [row for row in found if row["outstanding"] is not None]
    assert len(owing) > 2
    assert len([words for words in asked if words.startswith("SELECT cases.body")]) == 1


class _Sink(io.RawIOBase):
    """Takes bytes and keeps none."""

    def writable(self) -> bool:
        return True

    def write(self, content: Any, /) -> int:
        return len(content)


def _peak(step: Callable[[], object]) -> int:
    tracemalloc.start()
    step()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


@pytest.mark.parametrize("name", [*BOOKS, *LISTINGS])
def test_no_more_is_read_than_somebody_has_looked_at(
    office: Office, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "PAGE", 3)
    asked: list[str] = []

    def note(*words: Any) -> None:
        if words[2].startswith("SELECT"):
            asked.append(words[2])

    with office.database.reading() as connection:
        event.listen(office.database.engine, "before_cursor_execute", note)
        found = iter(
            LISTINGS[name](connection)
            if name in LISTINGS
            else book(office, BOOKS[name], connection).rows
        )
        next(found)
        # a page, and what belongs to its rows
        first = len(asked)
        count = 1 + sum(1 for _ in found)
        event.remove(office.database.engine, "before_cursor_execute", note)
    assert first <= _FIRST.get(name, 2)
    assert len(asked) >= count / 3


@pytest.mark.parametrize(
    "writer",
    [JsonWriter(), CsvWriter(), PipeWriter(), TerminalWriter(200), SpreadsheetWriter()],
    ids=lambda writer: type(writer).__name__,
)
def test_a_writer_keeps_no_rows(office: Office, writer: Writer) -> None:
    with office.database.reading() as connection:
        whole = book(office, register.read, connection)
        some = list(whole.rows)

    def write(times: int) -> None:
        many = Book(
            form=whole.form,
            query=whole.query,
            rows=chain.from_iterable(some for _ in range(times)),
            read_at=whole.read_at,
        )
        with io.BytesIO() as spooled:
            stream = spooled if isinstance(writer, SpreadsheetWriter) else _Sink()
            writer.write(many, CHINESE, stream)  # type: ignore[arg-type]

    write(1)
    # the terminal's first page of a thousand rows is kept for the columns' widths
    few = _peak(lambda: write(2_000 // len(some)))
    many = _peak(lambda: write(8_000 // len(some)))
    assert many - few < _SLACK
