"""Deadlines that pass are told exactly once, on SQLite and PostgreSQL alike."""

import threading
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import chain
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, func, select

from archive.directory import DirectoryArchive
from ledger import outbox
from ledger.tables import deadlines, watched
from ledger.watch import Watch
from schemas.deadlines import DeadlineKind
from schemas.documents import DocumentKind
from schemas.message_models import DeadlinePassed
from schemas.workdays import WorkCalendar
from tests.building.office import Office, example, examples, out
from workers.deadlines import tell_passed
from workers.reconciling import Reconcile
from workers.shelving import Shelf

STOP, NOTICE, OPINION = (
    DocumentKind.STOP_PAYMENT_LETTER,
    DocumentKind.RECOVERY_NOTICE,
    DocumentKind.AUDIT_OPINION,
)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/ledger.db"
    found: str = request.getfixturevalue("postgresql_url")
    return found


@pytest.fixture
def office(url: str) -> Iterator[Office]:
    opened = Office(url)
    yield opened
    opened.close()


def produced(office: Office, *names: str) -> None:
    """The examples' events are applied; their documents are archived, bank letters sent."""
    office.take(*examples(*names))
    office.work()
    with office.database.writing() as connection:
        out(connection, office.clock())


def watch(office: Office) -> Watch:
    return Watch(directory=office.directory, calendar=WorkCalendar())


def due(office: Office) -> list[tuple[str, str]]:
    """Kind and deadline of what is due now."""
    with office.database.reading() as connection:
        found = list(chain.from_iterable(watch(office).passed(connection, office.clock())))
    return sorted((entry.document.kind.value, entry.deadline.value) for entry in found)


def tell(office: Office) -> int:
    with office.database.writing() as connection:
        return tell_passed(connection, watch(office), office.clock())


def told(office: Office) -> list[dict[str, Any]]:
    """The messages about deadlines, in order."""
    with office.database.reading() as connection:
        messages = outbox.due(connection, now=office.clock(), limit=999)
    return [m.envelope for m in messages if m.type == "hanyin.deadline.passed.v1"]


def test_nothing_is_due_on_the_last_day_and_all_is_on_the_day_after(office: Office) -> None:
    produced(office, "24")
    # archived and sent on a Tuesday: three working days end on Friday
    office.clock.move(timedelta(days=3))
    assert due(office) == []
    office.clock.move(timedelta(days=1))
    assert due(office) == [("stop_payment_letter", "receipt")]
    office.clock.move(timedelta(days=7))
    assert [kind for kind, deadline in due(office) if deadline == "service"] == [
        "recovery_notice",
        "suspension_notice",
    ]


def test_an_opinion_is_due_when_its_printed_day_is_over_and_money_is_owed(office: Office) -> None:
    produced(office, "01", "02", "04")
    assert ("audit_opinion", "repayment") in due(office)
    tell(office)
    (message,) = [m for m in told(office) if m["data"]["deadline"] == "repayment"]
    data = DeadlinePassed.model_validate(message["data"])
    assert (data.last_day, str(data.outstanding)) == (date(2026, 7, 15), "3465.30")


def test_what_is_paid_after_its_deadline_is_no_longer_due(office: Office) -> None:
    produced(office, "01", "02", "04")
    produced(office, "05", "06")
    assert ("audit_opinion", "repayment") not in due(office)


def test_what_a_bank_answers_late_is_no_longer_due(office: Office) -> None:
    produced(office, "01")
    office.clock.move(timedelta(days=8))
    assert ("stop_payment_letter", "receipt") in due(office)
    produced(office, "03")
    assert ("stop_payment_letter", "receipt") not in due(office)


def test_what_is_served_late_is_no_longer_due(office: Office) -> None:
    produced(office, "01")
    office.clock.move(timedelta(days=30))
    assert ("recovery_notice", "service") in due(office)
    produced(office, "02")
    assert ("recovery_notice", "service") not in due(office)


def test_what_became_void_is_no_longer_due_and_its_message_does_not_leave(office: Office) -> None:
    produced(office, "24")
    office.clock.move(timedelta(days=30))
    tell(office)
    assert ("suspension_notice", "service") in due(office)
    office.take(example("41"))
    office.work()
    assert ("suspension_notice", "service") not in due(office)
    (notice,) = [row for row in office.register() if row["kind"] == "suspension_notice"]
    about = {m["type"]: m["data"] for m in told(office)}
    assert notice["document_id"] not in {data["document_id"] for data in about.values()}


def test_a_case_that_opens_again_is_owed_again_and_told_no_second_time(office: Office) -> None:
    produced(office, "01", "02", "04")
    tell(office)
    produced(office, "05", "06")
    tell(office)
    assert ("audit_opinion", "repayment") not in due(office)
    produced(office, "43")
    assert ("audit_opinion", "repayment") in due(office)
    tell(office)
    assert ("audit_opinion", "repayment") in due(office)
    assert len([m for m in told(office) if m["data"]["deadline"] == "repayment"]) == 1


def test_a_deadline_that_is_not_told_because_it_was_paid_is_told_when_that_was_wrong(
    office: Office,
) -> None:
    produced(office, "01", "02", "04", "05", "06")
    tell(office)
    assert not [m for m in told(office) if m["data"]["deadline"] == "repayment"]
    produced(office, "43")
    tell(office)
    assert [m["data"]["last_day"] for m in told(office) if m["data"]["deadline"] == "repayment"]


def test_a_stop_letter_that_was_released_is_not_waited_for(office: Office) -> None:
    produced(office, "01", "05", "06")
    office.clock.move(timedelta(days=30))
    assert ("stop_payment_letter", "receipt") not in due(office)


def test_a_document_that_is_not_made_yet_is_not_due(office: Office) -> None:
    office.take(example("24"))
    office.work()
    office.clock.move(timedelta(days=90))
    assert due(office) == []


def test_each_deadline_is_told_once_however_often_one_looks(office: Office) -> None:
    produced(office, "01", "02", "04", "24")
    office.clock.move(timedelta(days=30))
    count = tell(office)
    assert count == len(due(office)) == len(told(office))
    assert tell(office) == 0
    assert len(told(office)) == count


def test_a_process_that_is_killed_before_the_commit_loses_nothing(office: Office) -> None:
    produced(office, "24")
    office.clock.move(timedelta(days=30))

    def tell_and_die() -> None:
        with office.database.writing() as connection:
            tell_passed(connection, watch(office), office.clock())
            raise RuntimeError("killed")

    with pytest.raises(RuntimeError):
        tell_and_die()
    assert told(office) == []
    assert tell(office) == len(told(office)) == 3


def test_several_that_look_at_once_tell_it_once_together(office: Office) -> None:
    produced(office, "01", "02", "04", "24")
    office.clock.move(timedelta(days=30))
    counts: list[int] = []
    lookers = [threading.Thread(target=lambda: counts.append(tell(office))) for _ in range(4)]
    for looker in lookers:
        looker.start()
    for looker in lookers:
        looker.join()
    left = tell(office)
    assert sum(counts) + left == len(told(office)) == len(due(office))
    with office.database.reading() as connection:
        marks = connection.execute(select(func.count()).select_from(deadlines)).scalar_one()
    assert marks == len(told(office))


def reconciling(office: Office, root: Path) -> Reconcile:
    return Reconcile(
        database=office.database,
        shelf=Shelf(DirectoryArchive(root / "archive"), office.directory),
        settings=office.settings,
        watch=watch(office),
        clock=office.clock,
    )


def test_what_a_worker_of_the_version_before_archived_is_looked_at_too(
    office: Office, tmp_path: Path
) -> None:
    produced(office, "24")
    with office.database.writing() as connection:
        connection.execute(delete(watched))
    office.clock.move(timedelta(days=29))
    assert reconciling(office, tmp_path).step() == 3


def test_terms_that_have_changed_count_from_the_next_start(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # what was archived longer ago than a start looks back
    monkeypatch.setattr("workers.reconciling._FIRST_SURVEY", timedelta(0))
    produced(office, "24")
    holiday = WorkCalendar(holidays=frozenset({date(2026, 11, 26)}))
    stage = reconciling(office, tmp_path)
    stage._watch = Watch(directory=office.directory, calendar=holiday)
    stage.step()
    # put off to the first of December, for a holiday that is none
    office.clock.move(timedelta(days=4))
    assert stage.step() == 0
    assert reconciling(office, tmp_path).step() == 0
    office.clock.move(timedelta(minutes=2))
    assert reconciling(office, tmp_path).step() == 1


def test_what_was_served_since_is_no_longer_marked(office: Office) -> None:
    produced(office, "01")
    office.clock.move(timedelta(days=30))
    tell(office)
    produced(office, "02")
    tell(office)
    with office.database.reading() as connection:
        counts = watch(office).count(connection, office.clock())
        marks = connection.execute(select(deadlines.c.deadline, deadlines.c.document_id)).all()
        assert counts[DeadlineKind.SERVICE] == len([m for m in marks if m.deadline == "service"])
        assert sum(counts.values()) == len(due(office)) == len(marks)


def test_reconcile_tells_deadlines_and_counts_them(office: Office, tmp_path: Path) -> None:
    produced(office, "24")
    office.clock.move(timedelta(days=30))
    stage = reconciling(office, tmp_path)
    assert stage.step() == 3
    office.clock.move(timedelta(seconds=10))
    assert stage.step() == 0
    assert len(told(office)) == 3


def test_a_holiday_gives_the_bank_another_day(office: Office) -> None:
    produced(office, "24")
    office.clock.move(timedelta(days=4))
    calendar = WorkCalendar(holidays=frozenset({date(2026, 11, 26)}))
    with office.database.reading() as connection:
        later = Watch(directory=office.directory, calendar=calendar)
        assert [*chain.from_iterable(later.passed(connection, office.clock()))] == []
