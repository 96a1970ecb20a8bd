"""Events become cases, numbers and planned documents; on SQLite, without a broker."""

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from cases.states import EventState
from ledger import cases, inbox, outbox
from ledger.tables import trail
from tests.building.office import Office, example, examples


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    opened = Office(f"sqlite:///{tmp_path}/ledger.db", attempts=3)
    yield opened
    opened.close()


def end_state(office: Office) -> Any:
    """What the cases came to, without numbers and ids."""
    with office.database.reading() as connection:
        found = [
            cases.load(connection, row["agency"], row["case_no"])
            for row in cases.everything(connection)
        ]
    letters = sorted((row["case_no"], row["kind"], row["state"]) for row in office.register())
    signatures = {"signatures": {"__all__": {"document_id"}}}
    return [case.model_dump(mode="json", exclude=signatures) for case in found if case], letters


def told(office: Office) -> list[dict[str, Any]]:
    with office.database.reading() as connection:
        return [m.envelope for m in outbox.due(connection, now=office.clock(), limit=999)]


def test_the_first_case_gets_the_letters_that_the_contract_asks_for(office: Office) -> None:
    office.take(*examples("01", "02", "03", "04", "05", "06"))
    office.work()
    numbers = [(row["number"], row["kind"]) for row in office.register()]
    assert numbers == [
        ("稽（告知）字〔2026〕第1号", "suspension_notice"),
        ("稽（告知）字〔2026〕第2号", "suspension_notice"),
        ("稽（待遇）字〔2026〕第1号", "recovery_notice"),
        ("稽（待遇）字〔2026〕第2号", "audit_opinion"),
        ("稽（止付）字〔2026〕第1号", "stop_payment_letter"),
        ("稽（解付）字〔2026〕第1号", "release_payment_letter"),
    ]


@pytest.mark.parametrize("ids", [("a", "b"), ("b", "a")])
def test_events_of_one_moment_go_as_they_arrived_whatever_their_ids(
    office: Office, ids: tuple[str, str]
) -> None:
    office.take(*examples("11"))
    office.work()
    agreed = example("31")
    repaid = example("05") | {"subject": agreed["subject"]}
    whole = {"case_no": agreed["data"]["case_no"], "amount": agreed["data"]["total"]}
    repaid["data"] = repaid["data"] | whole | {"still_qualified": None}
    moment = {"time": agreed["time"], "source": agreed["source"]}
    office.take(agreed | moment | {"id": ids[0]}, repaid | moment | {"id": ids[1]})
    office.work()
    assert office.states()[ids[0]] == office.states()[ids[1]] == ["applied"]
    agreements = [row for row in office.register() if row["kind"] == "deduction_agreement"]
    assert [row["state"] for row in agreements] == ["void"]
    with office.database.reading() as connection:
        found = connection.execute(select(trail.c.action).where(trail.c.alarm)).scalars().all()
    assert "document_overtaken" in found


@pytest.mark.parametrize("seed", range(8))
def test_the_order_of_coming_makes_no_difference(tmp_path: Path, seed: int) -> None:
    names = ["01", "02", "03", "04", "05", "06", "11", "21", "24"]
    names += ["31", "32", "41", "42", "43", "51", "52", "61"]
    straight = Office(f"sqlite:///{tmp_path}/straight.db")
    straight.take(*examples(*names))
    straight.work()
    chance = random.Random(seed)
    names += chance.sample(names, 5)
    chance.shuffle(names)
    shuffled = Office(f"sqlite:///{tmp_path}/shuffled.db")
    shuffled.take(*examples(*names))
    shuffled.work()
    assert end_state(shuffled) == end_state(straight)


def test_events_that_come_before_their_case_wait_for_it(office: Office) -> None:
    for name in ("06", "04", "02", "05"):
        office.take(example(name))
        office.work()
    assert set(map(tuple, office.states().values())) == {("parked",)}
    office.take(example("01"))
    office.work()
    assert set(map(tuple, office.states().values())) == {("applied",)}
    assert "release_payment_letter" in {row["kind"] for row in office.register()}


def test_the_same_event_again_has_no_effect(office: Office) -> None:
    office.take(*examples("01", "05"))
    office.work()
    before = end_state(office)
    office.take(*examples("01", "05"))
    # the same content, written otherwise
    office.take(json.dumps(example("01"), ensure_ascii=True, indent=7).encode())
    office.work()
    assert end_state(office) == before
    assert office.codes() == []


def test_a_parked_event_that_comes_again_is_parked_once(office: Office) -> None:
    office.take(example("05"), example("05"))
    office.work()
    assert office.states()["430111-2026-000017-05"] == ["parked", "repeated"]


def test_an_id_with_other_content_is_refused(office: Office) -> None:
    office.take(example("24"))
    office.work()
    other = example("24")
    other["data"]["facts"] = "别的情况"
    office.take(other)
    office.work()
    assert office.codes() == ["id_reused"]


def test_a_refused_event_may_come_again_corrected_under_its_id(office: Office) -> None:
    wrong = example("24")
    wrong["data"]["overpayments"][0]["amount"] = "9639.1"
    office.take(wrong)
    office.work()
    office.take(example("24"))
    office.work()
    assert office.states()["430111-2026-000020-01"] == ["rejected", "applied"]


def test_another_agencys_case_is_not_found_whether_it_exists_or_not(office: Office) -> None:
    foreign = example("24")
    foreign["data"]["agency"] = "430102"
    stranger = example("05")
    stranger["source"] = "/elsewhere"
    office.take(example("01"), foreign, stranger)
    office.work()
    assert office.codes() == ["not_found", "not_found"]


def test_a_bank_answers_for_its_own_letters_alone(office: Office) -> None:
    office.take(example("01"))
    office.work()
    office.take(example("03"), exchange="hanyin.receipts", user_id="bank-icbc")
    office.work()
    assert office.codes() == ["not_found"]
    office.take(example("03"), exchange="hanyin.receipts", user_id="bank-abc")
    office.work()
    assert office.states()["430111-2026-000017-03"] == ["rejected", "applied"]


def test_a_bank_may_send_receipts_and_nothing_else(office: Office) -> None:
    office.take(example("24"), exchange="hanyin.receipts", user_id="bank-boc")
    office.take(example("03"), exchange="hanyin.receipts")
    office.work()
    assert office.codes() == ["not_found", "not_found"]


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x80\x04not json",
        b"[" * 100_000,
        b'{"id": 1}',
        b'{"id":"x","id":"y"}',
        b'{"id":"\\ud800"}',
        b"1" * 2_000_000,
        b'{"data":' + b"9" * 5000 + b"}",
    ],
    ids=["empty", "bytes", "deep", "no-event", "twice", "surrogate", "large", "number"],
)
def test_whatever_comes_is_kept_whole_and_answered(office: Office, raw: bytes) -> None:
    office.take(raw, example("24"))
    office.work()
    with office.database.reading() as connection:
        (refused,) = inbox.listing(connection, [EventState.REJECTED])
        events = inbox.of_cases(connection, [(None, None)], [EventState.REJECTED])
    assert refused["problems"]
    assert events[0].raw == raw
    assert office.states()["430111-2026-000020-01"] == ["applied"]
    assert [m["type"] for m in told(office)].count("hanyin.event.rejected.v1") == 1


def test_a_rejection_names_the_event_and_says_why_in_both_languages(office: Office) -> None:
    wrong = example("06")
    wrong["data"]["amount"] = "999999.00"
    office.take(example("01"), wrong)
    office.work()
    (message,) = [m for m in told(office) if m["type"] == "hanyin.event.rejected.v1"]
    assert message["data"]["event"]["id"] == wrong["id"]
    (error,) = message["data"]["errors"]
    assert (error["pointer"], error["code"]) == ("/data/amount", "exceeds_outstanding")
    assert error["message"] != error["message_en"]


def test_a_rejected_event_can_be_replayed(office: Office) -> None:
    office.take(example("24"), exchange="hanyin.receipts")
    office.work()
    with office.database.writing() as connection:
        (refused,) = inbox.listing(connection, [EventState.REJECTED])
        assert inbox.replay(connection, [refused["seq"]], at=office.clock()) == 1
    assert office.states()["430111-2026-000020-01"] == ["rejected", "received"]


def test_an_event_that_ends_its_worker_is_set_aside_after_some_attempts(office: Office) -> None:
    office.take(example("24"), example("21"))
    with office.database.reading() as connection:
        (deadly, _) = inbox.of_cases(
            connection,
            [("430111", "430111-2026-000020"), ("430111", "430111-2026-000019")],
            [EventState.RECEIVED],
        )
    for _ in range(3):
        # what a worker does before it is killed: the attempt is counted and committed
        with office.database.writing() as connection:
            inbox.count_attempt(connection, [deadly.seq])
    office.work()
    assert office.codes() == ["processing_failed"]
    assert office.states()["430111-2026-000019-01"] == ["applied"]


def test_a_repayment_that_bounced_reopens_its_case(office: Office) -> None:
    office.take(*examples("01", "05", "06", "43"))
    office.work()
    with office.database.reading() as connection:
        case = cases.load(connection, "430111", "430111-2026-000017")
    assert case is not None
    assert (case.state, str(case.outstanding)) == ("open", "2000.00")
    release = next(r for r in office.register() if r["kind"] == "release_payment_letter")
    assert release["state"] == "void"


def test_an_event_that_another_worker_parks_meanwhile_is_applied_once(office: Office) -> None:
    pair = ("430111", "430111-2026-000017")

    def read() -> list[inbox.InboxEvent]:
        with office.database.reading() as connection:
            return inbox.of_cases(connection, [pair], [EventState.RECEIVED])

    office.take(example("06"))
    one = read()
    office.take(example("01"))
    other = read()
    # both workers have read what waits, and wait for the case
    office.apply._apply(one)
    assert office.states()["430111-2026-000017-06"] == ["parked"]
    office.apply._apply(other)
    assert set(map(tuple, office.states().values())) == {("applied",)}
