"""Alarms: open until somebody says that they are done or the ledger knows it; true ones return."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from ledger import alarms, trail
from ledger.tables import documents as table
from ledger.tables import outbox
from ledger.tables import trail as trail_rows
from ledger.watch import Watch
from schemas.alarms import ALARMS
from schemas.workdays import WorkCalendar
from tests.building.office import Office, example, examples
from workers.alarms import Standing, Trouble, bring_back, settle, troubles

FAILED = "document_failed"


@pytest.fixture
def office(ledger_url: str) -> Iterator[Office]:
    opened = Office(ledger_url)
    opened.take(*examples("01", "24"))
    opened.work()
    yield opened
    opened.close()


def watch(office: Office) -> Watch:
    return Watch(directory=office.directory, calendar=WorkCalendar())


def raise_(office: Office, kind: str, subject: str | None = None, **details: Any) -> None:
    with office.database.writing() as connection:
        trail.note(
            connection,
            at=office.clock(),
            actor="x",
            action=kind,
            subject=subject,
            details=details,
            alarm=True,
        )


def listed(office: Office) -> list[Trouble]:
    with office.database.reading() as connection:
        return troubles(connection, watch(office), office.clock())


def kinds(office: Office) -> list[tuple[str, Standing]]:
    return [(each.raised[0].kind, each.standing) for each in listed(office)]


def settled(office: Office) -> int:
    return settle(office.database, watch(office), office.clock())


def back(office: Office) -> int:
    with office.database.writing() as connection:
        return bring_back(connection, watch(office), office.clock())


def finish(office: Office, trouble: Trouble, by: str = "李科长") -> None:
    with office.database.writing() as connection:
        alarms.close(connection, trouble.seqs, at=office.clock(), by=by)


def change(office: Office, document_id: str, **values: Any) -> None:
    with office.database.writing() as connection:
        mine = table.c.document_id == document_id
        connection.execute(update(table).where(mine).values(**values))


def document(office: Office, kind: str = "recovery_notice") -> str:
    return next(str(row["document_id"]) for row in office.register() if row["kind"] == kind)


def ended(office: Office) -> list[tuple[str, str | None]]:
    with office.database.reading() as connection:
        return [(each.kind, each.done_by) for each in alarms.finished(connection)]


def test_what_is_raised_again_and_again_is_one_trouble_since_the_first(office: Office) -> None:
    failed = document(office)
    change(office, failed, state="failed")
    began = office.clock()
    raise_(office, FAILED, failed, code="x")
    office.clock.move(timedelta(hours=1))
    raise_(office, FAILED, failed, code="x")
    raise_(office, "letter_refused", "430111/1", document_id="a")
    raise_(office, "letter_refused", "430111/1", document_id="b")
    first, *others = listed(office)
    assert (len(first.raised), first.raised[0].at) == (2, began)
    assert first.raised[0].number is not None
    assert first.raised[0].agency == "430111"
    assert [len(each.raised) for each in others] == [1, 1]


def test_what_is_over_ends_by_itself_and_is_listed_no_more(office: Office) -> None:
    failed = document(office)
    change(office, failed, state="failed")
    raise_(office, FAILED, failed)
    assert kinds(office) == [(FAILED, Standing.TRUE)]
    assert settled(office) == 0
    change(office, failed, state="archived")
    assert kinds(office) == []
    assert settled(office) == 1
    assert ended(office) == [(FAILED, None)]
    assert settled(office) + back(office) == 0


def test_what_is_done_and_true_all_the_same_comes_back_once_each_time(office: Office) -> None:
    failed = document(office)
    change(office, failed, state="failed")
    raise_(office, FAILED, failed, code="x")
    for _ in range(2):
        (trouble,) = listed(office)
        finish(office, trouble)
        assert listed(office) == []
        assert back(office) == 1
        assert back(office) == 0
        (again,) = listed(office)
        assert again.id > trouble.id
        assert again.raised[0].details["code"] == "x"
    (trouble,) = listed(office)
    finish(office, trouble)
    change(office, failed, state="archived")
    assert back(office) == 0
    assert listed(office) == []


def test_what_only_a_person_can_tell_is_done_when_he_says_so(office: Office) -> None:
    raise_(office, "letter_refused", "430111/430111-2026-000017", document_id=document(office))
    ((kind, standing),) = kinds(office)
    assert standing is Standing.UNKNOWN
    finish(office, listed(office)[0])
    assert settled(office) + back(office) == 0
    assert listed(office) == []
    assert ended(office) == [(kind, "李科长")]


def _cannot_seal(office: Office) -> None:
    raise_(office, "agency_cannot_seal", "430111", code="key_unusable")
    change(
        office,
        document(office),
        next_attempt_at=office.clock(),
        error={"code": "key_unusable", "message": "x", "message_en": "x"},
    )


def _sealed(office: Office) -> None:
    change(office, document(office), next_attempt_at=None, error=None)


def _deadline(office: Office) -> None:
    notice = document(office)
    change(office, notice, state="announced", archived_at=office.clock())
    office.clock.move(timedelta(days=60))
    raise_(office, "deadline_passed", notice, deadline="service")


def _served(office: Office) -> None:
    change(office, document(office), services=[{}])


def _held_back(office: Office) -> None:
    letter = document(office, "stop_payment_letter")
    raise_(office, "letter_held_back", letter, code="object_missing")
    with office.database.writing() as connection:
        connection.execute(
            insert(outbox).values(
                message_id="m",
                exchange="hanyin.letters",
                routing_key="x",
                type="x",
                envelope={},
                document_id=letter,
                carries=True,
                state="waiting",
                made_at=office.clock(),
                error="object_missing",
            )
        )


def _left(office: Office) -> None:
    with office.database.writing() as connection:
        connection.execute(update(outbox).values(state="sent", error=None))


def _void_unstored(office: Office) -> None:
    change(office, document(office), state="void")
    raise_(office, "void_document_not_stored", document(office))


def _stored(office: Office) -> None:
    change(office, document(office), storage_key="k")


@pytest.mark.parametrize(
    ("begin", "end"),
    [
        (_cannot_seal, _sealed),
        (_deadline, _served),
        (_held_back, _left),
        (_void_unstored, _stored),
    ],
)
def test_the_ledger_knows_while_it_is_true_and_when_it_is_over(
    office: Office, begin: Any, end: Any
) -> None:
    begin(office)
    ((kind, standing),) = kinds(office)
    assert standing is Standing.TRUE
    assert ALARMS[kind].returns
    finish(office, listed(office)[0])
    assert back(office) == 1
    end(office)
    assert kinds(office) == []
    assert settled(office) == 1


def test_a_letter_to_an_unknown_bank_is_handed_over_by_somebody(office: Office) -> None:
    letter = document(office, "stop_payment_letter")
    raise_(office, "bank_unknown", letter, bank_code="999")
    change(office, letter, bank_code="999")
    assert kinds(office) == [("bank_unknown", Standing.TRUE)]
    change(office, letter, bank_code="102100099996")
    # the directory has the bank by now, and the letter lies where it lay
    assert kinds(office) == [("bank_unknown", Standing.UNKNOWN)]
    change(office, letter, state="void")
    assert kinds(office) == []


def test_others_end_when_the_cause_is_gone(office: Office) -> None:
    notice = document(office)
    raise_(office, "workers_end_with_document", notice)
    raise_(office, "letter_refused", "430111/x", document_id=notice)
    raise_(office, "quota_bytes_used_up", None, speaker="user x", agency="")
    assert {standing for _, standing in kinds(office)} == {Standing.UNKNOWN}
    assert len(kinds(office)) == 3
    change(office, notice, state="void")
    office.clock.move(timedelta(days=1))
    assert kinds(office) == []


def test_what_the_rules_ask_ends_by_an_answer(ledger_url: str) -> None:
    office = Office(ledger_url)
    case = example("01")
    benefit = next(each for each in case["data"]["overpayments"] if each["paid_to"])
    benefit["paid_to"] = None
    office.take(case)
    office.work()
    assert kinds(office) == [("nobody_to_stop", Standing.UNKNOWN)]
    answer = example("42")
    answer["data"] = answer["data"] | {
        "changes": {"overpayments": example("01")["data"]["overpayments"]}
    }
    answer |= {"subject": case["subject"]}
    answer["data"]["case_no"] = case["data"]["case_no"]
    office.take(answer)
    office.work()
    assert office.codes() == []
    assert kinds(office) == []
    office.close()


def test_alarms_that_workers_of_before_wrote_are_taken_in(office: Office) -> None:
    with office.database.writing() as connection:
        connection.execute(
            insert(trail_rows).values(
                at=office.clock(), actor="x", action="object_not_intact", alarm=True, details={}
            )
        )
    assert listed(office) == []
    with office.database.writing() as connection:
        alarms.take_in(connection)
        alarms.take_in(connection)
    assert kinds(office) == [("object_not_intact", Standing.UNKNOWN)]
    settled(office)
    assert len(listed(office)) == 1


def test_an_alarm_of_another_version_is_listed_too(office: Office) -> None:
    raise_(office, "something_new")
    assert kinds(office) == [("something_new", Standing.UNKNOWN)]


def test_the_trail_keeps_every_raising_and_no_done_one_is_lost(office: Office) -> None:
    raise_(office, "object_not_intact", "x")
    finish(office, listed(office)[0])
    with office.database.reading() as connection:
        raised = connection.execute(select(trail_rows.c.seq).where(trail_rows.c.alarm)).all()
    assert len(raised) == 1
