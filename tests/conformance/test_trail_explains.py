"""The trail explains every document; a row that was rewritten is named, with what was changed."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, delete, select, update

from ledger import production, trail_book
from ledger.gaps import gaps
from ledger.lives import Disagreement, LifeAction, accept, unexplained
from ledger.signoff import SignOff
from ledger.tables import attachments, documents, enclosures, outbox, series, trail
from ledger.trail import note
from ledger.trail_book import TrailQuery
from schemas.errors import ProductionFailed
from schemas.people import Approver
from tests.building.office import Office, directory_with, example
from tests.building.post import Letter, Post
from workers.approval import approve


@pytest.fixture
def post(ledger_url: str, tmp_path: Path) -> Iterator[Post]:
    office = Office(ledger_url)
    made = Post(office, tmp_path / "archive")
    made.sent()
    yield made
    office.close()


def odd(post: Post) -> dict[str, tuple[Disagreement, ...]]:
    with post.office.database.snapshot() as connection:
        return {each.document_id: each.differs for each in unexplained(connection)}


def test_all_that_events_do_to_documents_is_explained(post: Post) -> None:
    office = post.office
    for name in ("24", "41", "42", "01", "02", "03", "04", "05", "06"):
        office.take(example(name))
        office.work()
    post.workshop.work()
    post.sent()
    states = {row["state"] for row in office.register()}
    assert {"void", "announced"} <= states
    assert any(row["receipts"] for row in office.register())
    assert odd(post) == {}


def test_approving_failing_and_retrying_are_explained(
    ledger_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = Office(ledger_url, directory=directory_with(approval="all"))
    post = Post(office, tmp_path / "archive")
    assert {row["state"] for row in office.register()} == {"awaiting_approval"}
    assert odd(post) == {}
    ids = [row["document_id"] for row in office.register()][:4]
    word = SignOff(approved_by=Approver(name="王主任", post="主任"))
    approve(office.database, ids, word, clock=office.clock)
    assert odd(post) == {}
    with monkeypatch.context() as patched:
        patched.setattr(post.workshop.paper, "render", fails)
        post.workshop.work()
    assert {row["state"] for row in office.register()} == {"awaiting_approval", "failed"}
    assert odd(post) == {}
    for document_id in ids:
        again(office, document_id)
    assert odd(post) == {}
    post.workshop.work()
    post.sent()
    assert {row["state"] for row in office.register()} == {"awaiting_approval", "announced"}
    assert odd(post) == {}
    office.close()


def fails(*_: object) -> Any:
    raise ProductionFailed("glyph_missing", final=True, characters="?")


def again(office: Office, document_id: str) -> None:
    """As ``hanyin documents retry`` does it."""
    with office.database.writing() as connection:
        assert production.retry(connection, document_id)
        note(
            connection,
            at=office.clock(),
            actor="operator",
            action=LifeAction.RETRIED,
            subject=document_id,
        )


def void(letter: Letter) -> dict[str, Any]:
    return {"state": "void", "void_reason": "写错了"}


TAMPERED: list[tuple[Callable[[Letter], dict[str, Any]], tuple[Disagreement, ...]]] = [
    (void, (Disagreement.VOID,)),
    (lambda _: {"state": "planned"}, (Disagreement.STATE,)),
    (lambda _: {"state": "failed"}, (Disagreement.STATE,)),
    (lambda _: {"bank_code": "102551000018"}, (Disagreement.RECIPIENT,)),
    (lambda _: {"account_number": "6222"}, (Disagreement.RECIPIENT,)),
    (lambda _: {"recipient_name": "某某银行"}, (Disagreement.RECIPIENT,)),
    (lambda _: {"kind": "release_payment_letter"}, (Disagreement.KIND,)),
    (lambda _: {"number": "稽（止付）字〔2026〕第99号"}, (Disagreement.NUMBER,)),
    (lambda _: {"issued_on": date(2026, 1, 1)}, (Disagreement.DATE,)),
    (lambda _: {"sealed_sha256": "0" * 64}, (Disagreement.DIGEST,)),
    (lambda _: {"sent_at": None}, (Disagreement.SENT,)),
    (lambda _: {"receipts": [{"executed": True}]}, (Disagreement.RECEIPTS,)),
    (lambda letter: void(letter) | {"bank_code": "1"}, (Disagreement.RECIPIENT, Disagreement.VOID)),
]


@pytest.mark.parametrize(("values", "differs"), TAMPERED)
def test_a_row_that_was_rewritten_is_named(
    post: Post, values: Callable[[Letter], dict[str, Any]], differs: tuple[Disagreement, ...]
) -> None:
    letter, _ = post.stops()
    assert odd(post) == {}
    post.rewrite(letter, **values(letter))
    assert odd(post) == {letter["document_id"]: differs}


def test_a_void_that_was_taken_back_is_named(post: Post) -> None:
    post.office.take(example("24"), example("41"))
    post.office.work()
    row = next(row for row in post.office.register() if row["state"] == "void")
    post.rewrite(row, state="planned", void_reason=None)
    assert odd(post) == {row["document_id"]: (Disagreement.VOID,)}


def test_what_was_accepted_is_explained_and_what_comes_after_it_is_not(post: Post) -> None:
    letter, _ = post.stops()
    post.rewrite(letter, bank_code="102551000018")
    with post.office.database.writing() as connection:
        assert accept(connection, unexplained(connection), at=post.office.clock()) == 1
    assert odd(post) == {}
    post.rewrite(letter, **void(letter))
    assert odd(post) == {letter["document_id"]: (Disagreement.VOID,)}


def test_documents_from_before_the_trail_told_of_them_are_left_out(post: Post) -> None:
    with post.office.database.writing() as connection:
        connection.execute(delete(trail))
    assert odd(post) == {}
    post.office.take(example("01"))
    post.office.clock.move(timedelta(seconds=1))
    post.office.work()
    assert odd(post) == {}


def remove(connection: Connection, letter: Letter) -> None:
    """The document and all that hangs on it is gone."""
    for table in (outbox, attachments, enclosures, documents):
        connection.execute(delete(table).where(table.c.document_id == letter["document_id"]))


@pytest.mark.parametrize("last", [True, False])
@pytest.mark.parametrize("trail_too", [True, False])
def test_a_document_that_was_deleted_leaves_a_gap(
    post: Post, *, last: bool, trail_too: bool
) -> None:
    stops = [row for row in post.office.register() if row["kind"] == "stop_payment_letter"]
    letter = stops[-1 if last else 1]
    with post.office.database.writing() as connection:
        remove(connection, letter)
        if trail_too:
            connection.execute(delete(trail).where(trail.c.subject == letter["document_id"]))
    with post.office.database.reading() as connection:
        (gap,) = gaps(connection)
        assert gaps(connection, agency="430112") == gaps(connection, year=2025) == []
    seq = letter["seq"]
    assert (gap.number, gap.first, gap.last, gap.explained) == (letter["number"], seq, seq, False)
    expected = {} if trail_too else {letter["document_id"]: (Disagreement.GONE,)}
    assert odd(post) == expected


def test_the_life_of_a_document_that_was_deleted_is_found_by_its_number_and_its_case(
    post: Post,
) -> None:
    letter, _ = post.stops()
    with post.office.database.writing() as connection:
        remove(connection, letter)
    with post.office.database.reading() as connection:
        for name in (letter["number"], letter["case_no"]):
            subjects = trail_book.subjects_of(connection, name)
            found = trail_book.read(connection, TrailQuery(subjects=subjects))
            mine = [row["action"] for row in found if row["subject"] == letter["document_id"]]
            assert mine == [LifeAction.PLANNED, LifeAction.ARCHIVED, LifeAction.SENT]


def test_numbers_that_were_skipped_are_a_gap_with_a_reason(post: Post) -> None:
    letter, _ = post.stops()
    with post.office.database.writing() as connection:
        connection.execute(
            update(series).where(series.c.series == letter["series"]).values(last_seq=90)
        )
        connection.execute(
            trail.insert(),
            {
                "at": post.office.clock(),
                "actor": "operator",
                "action": "number_found_in_store",
                "subject": f"{letter['agency']} {letter['series']}〔{letter['year']}〕第90号",
                "alarm": True,
            },
        )
    with post.office.database.reading() as connection:
        (gap,) = gaps(connection)
    assert (gap.last, gap.explained) == (90, True)


def test_a_register_without_gaps_has_none(post: Post) -> None:
    with post.office.database.reading() as connection:
        assert gaps(connection) == []


def test_the_trail_of_a_number_is_its_life(post: Post) -> None:
    letter, _ = post.stops()
    with post.office.database.reading() as connection:
        subjects = trail_book.subjects_of(connection, letter["number"])
        found = list(trail_book.read(connection, TrailQuery(subjects=subjects)))
        of_case = list(
            trail_book.read(
                connection,
                TrailQuery(subjects=trail_book.subjects_of(connection, letter["case_no"])),
            )
        )
        newest = list(trail_book.read(connection, TrailQuery(limit=1)))
        assert list(trail_book.read(connection, TrailQuery(alarms=True))) == []
    actions = [row["action"] for row in found]
    assert actions == [LifeAction.PLANNED, LifeAction.ARCHIVED, LifeAction.SENT]
    assert {row["number"] for row in found} == {letter["number"]}
    assert len(of_case) > len(found)
    assert len(newest) == 1


def test_the_trail_holds_no_name_and_no_account(post: Post) -> None:
    with post.office.database.reading() as connection:
        told = str([row.details for row in connection.execute(select(trail))])
    for row in post.office.register():
        for value in (row["recipient_name"], row["account_number"], row["bank_code"]):
            assert not value or value not in told
