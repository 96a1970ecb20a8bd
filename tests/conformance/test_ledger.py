"""The ledger's promises, on SQLite and PostgreSQL alike."""

import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from cases.states import EventState
from ledger import claims, documents, inbox, outbox, production, series
from ledger.database import Conflict, Database
from ledger.migration import migrate
from ledger.tables import metadata
from schemas.documents import SealedPdf, StoredObject
from schemas.errors import ClaimLost
from schemas.identifiers import new_id
from tests.building.office import Office, example, examples

TODAY = date(2026, 11, 24)
LEASE = timedelta(seconds=60)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/ledger.db"
    found: str = request.getfixturevalue("postgresql_url")
    return found


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    opened = Database(url)
    migrate(opened)
    yield opened
    opened.close()


@pytest.fixture
def office(url: str) -> Iterator[Office]:
    opened = Office(url)
    yield opened
    opened.close()


def sealed(content: bytes = b"%PDF sealed", sha256: str = "a" * 64) -> SealedPdf:
    return SealedPdf(
        content=content,
        sha256=sha256,
        pages=1,
        sealed_at=datetime(2026, 11, 24, tzinfo=UTC),
        certificate_subject="CN=DEMO",
        certificate_serial="1",
    )


def claim_one(office: Office, token: str | None = None) -> production.Claim:
    with office.database.writing() as connection:
        found = production.claim(
            connection, token=token or new_id(), now=office.clock(), lease=LEASE, limit=1
        )
    assert len(found) == 1
    return found[0]


def archive_it(office: Office, claim: production.Claim) -> None:
    stored = StoredObject(key="k", version_id=None, sha256="a" * 64, size=11)
    with office.database.writing() as connection:
        production.archived(
            connection, claim, stored, retain_until=date(2057, 1, 1), at=office.clock()
        )


def produce_all(office: Office) -> None:
    """Every document that can be made is archived, as far as the ledger is concerned."""
    while True:
        with office.database.writing() as connection:
            found = production.claim(
                connection, token=new_id(), now=office.clock(), lease=LEASE, limit=100
            )
        if not found:
            return
        for claim in found:
            with office.database.writing() as connection:
                production.pin(connection, claim, sealed())
            archive_it(office, claim)


def test_the_migrations_make_the_tables_that_the_code_describes(database: Database) -> None:
    with database.writing() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        assert compare_metadata(context, metadata) == []


def test_sealed_bytes_are_not_packed_once_more(database: Database) -> None:
    if database.engine.dialect.name != "postgresql":
        pytest.skip("SQLite packs nothing")
    query = (
        "SELECT attstorage::text FROM pg_attribute WHERE attname = 'pinned'"
        " AND attrelid IN ('documents'::regclass, 'attachments'::regclass)"
    )
    with database.reading() as connection:
        # "e": kept beside the row, as it is
        assert connection.exec_driver_sql(query).scalars().all() == ["e", "e"]


def test_migrating_again_changes_nothing(database: Database) -> None:
    assert migrate(database) == migrate(database)


def test_four_writers_on_one_series_leave_neither_gap_nor_repeat(database: Database) -> None:
    drawn: list[int] = []
    guard = threading.Lock()

    def draw() -> None:
        for _ in range(10):
            with database.writing() as connection:
                name = ("430111", "稽（待遇）字")
                with series.locked(connection, [name], today=TODAY) as numbers:
                    number, _ = numbers.draw(*name, today=TODAY)
            with guard:
                drawn.append(number.seq)

    writers = [threading.Thread(target=draw) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert sorted(drawn) == list(range(1, 41))


def test_a_transaction_that_fails_gives_its_number_back(database: Database) -> None:
    def draw(*, fail: bool) -> int:
        with database.writing() as connection:
            with series.locked(connection, [("430111", "字")], today=TODAY) as numbers:
                number, _ = numbers.draw("430111", "字", today=TODAY)
            if fail:
                raise RuntimeError("the process dies")
        return number.seq

    with pytest.raises(RuntimeError):
        draw(fail=True)
    assert draw(fail=False) == 1


def test_numbers_begin_anew_each_year_and_dates_never_fall(database: Database) -> None:
    def draw(day: date) -> tuple[int, int, date]:
        with (
            database.writing() as connection,
            series.locked(connection, [("430111", "字")], today=day) as numbers,
        ):
            number, issued_on = numbers.draw("430111", "字", today=day)
        return number.year, number.seq, issued_on

    assert draw(date(2026, 12, 31)) == (2026, 1, date(2026, 12, 31))
    assert draw(date(2027, 1, 1)) == (2027, 1, date(2027, 1, 1))
    # the clock is set back: the year stays, the date stays
    assert draw(date(2026, 12, 31)) == (2027, 2, date(2027, 1, 1))


def test_a_copy_that_is_delivered_twice_is_received_once(office: Office) -> None:
    office.take(example("24"), delivery_id="copy-1")
    office.take(example("24"), delivery_id="copy-1")
    assert office.states() == {"430111-2026-000020-01": ["received"]}


def test_a_document_is_claimed_by_one_worker_until_its_lease_runs_out(office: Office) -> None:
    office.take(example("21"))
    office.work()
    first = claim_one(office)
    with office.database.writing() as connection:
        again = production.claim(
            connection, token=new_id(), now=office.clock(), lease=LEASE, limit=9
        )
    assert again == []
    office.clock.move(LEASE * 2)
    second = claim_one(office)
    assert (second.document, second.deaths) == (first.document, 1)


def test_a_worker_that_wakes_after_its_lease_cannot_seal_a_second_time(office: Office) -> None:
    office.take(example("21"))
    office.work()
    frozen = claim_one(office)
    office.clock.move(LEASE * 2)
    awake = claim_one(office)
    with office.database.writing() as connection:
        production.pin(connection, awake, sealed(b"first", "1" * 64))
    with pytest.raises(ClaimLost), office.database.writing() as connection:
        production.pin(connection, frozen, sealed(b"second", "2" * 64))
    (row,) = office.register()
    assert row["sealed_sha256"] == "1" * 64


def test_a_pinned_document_is_taken_up_with_its_sealed_bytes(office: Office) -> None:
    office.take(example("21"))
    office.work()
    died = claim_one(office)
    with office.database.writing() as connection:
        production.pin(connection, died, sealed(b"the bytes"))
    office.clock.move(LEASE * 2)
    claim = claim_one(office)
    assert claim.pinned == b"the bytes"
    archive_it(office, claim)
    with pytest.raises(ClaimLost):
        archive_it(office, died)


def test_stop_letters_are_made_first(office: Office) -> None:
    office.take(example("01"))
    office.work()
    assert claim_one(office).document.kind == "stop_payment_letter"


def test_an_audit_opinion_waits_until_its_notice_is_archived(office: Office) -> None:
    office.take(*examples("01", "02", "04"))
    office.work()
    made = []
    while True:
        with office.database.writing() as connection:
            found = production.claim(
                connection, token=new_id(), now=office.clock(), lease=LEASE, limit=1
            )
        if not found:
            break
        with office.database.writing() as connection:
            production.pin(connection, found[0], sealed())
        archive_it(office, found[0])
        made.append(found[0].document.kind.value)
    assert made.index("recovery_notice") < made.index("audit_opinion")


def test_a_release_is_made_only_when_its_stop_letter_has_left(office: Office) -> None:
    office.take(*examples("01", "02", "04", "05", "06"))
    office.work()
    produce_all(office)
    states = {row["kind"]: row["state"] for row in office.register()}
    assert states["release_payment_letter"] == "planned"
    stop = next(row for row in office.register() if row["kind"] == "stop_payment_letter")
    send(office, stop["document_id"])
    produce_all(office)
    states = {row["kind"]: row["state"] for row in office.register()}
    assert states["release_payment_letter"] == "archived"


def send(office: Office, document_id: str) -> None:
    """The document's letter is in the outbox and confirmed by the broker."""
    now = office.clock()
    envelope = {"id": new_id(), "type": "t"}
    with office.database.writing() as connection:
        outbox.add(
            connection,
            envelope,
            exchange="hanyin.letters",
            routing_key="bank.abc.stop_payment_letter",
            at=now,
            document_id=document_id,
            carries=True,
        )
        due = [m for m in outbox.due(connection, now=now, limit=99) if m.carries]
        outbox.mark_sent(connection, outbox.let_go(connection, due, at=now), at=now)


def test_a_letter_that_began_to_leave_is_not_voided_behind_the_rules_back(office: Office) -> None:
    office.take(example("24"))
    office.work()
    produce_all(office)
    stop = next(row for row in office.register() if row["kind"] == "stop_payment_letter")
    send(office, stop["document_id"])
    with pytest.raises(Conflict), office.database.writing() as connection:
        documents.make_void(connection, stop["document_id"], "reason", None)


def test_what_a_void_document_had_to_tell_does_not_leave(office: Office) -> None:
    office.take(example("24"))
    office.work()
    now = office.clock()
    stop = next(row for row in office.register() if row["kind"] == "stop_payment_letter")
    with office.database.writing() as connection:
        outbox.add(
            connection,
            {"id": new_id(), "type": "t"},
            exchange="hanyin.letters",
            routing_key="bank.boc.stop_payment_letter",
            at=now,
            document_id=stop["document_id"],
            carries=True,
        )
        before = [m for m in outbox.due(connection, now=now, limit=99) if m.carries]
        documents.make_void(connection, stop["document_id"], "reason", None)
    with office.database.writing() as connection:
        assert outbox.let_go(connection, before, at=now) == []


def test_a_message_that_is_not_taken_holds_back_its_own_destination_alone(
    office: Office,
) -> None:
    now = office.clock()
    with office.database.writing() as connection:
        for key in ("a", "b", "a"):
            envelope = {"id": new_id(), "type": "t"}
            outbox.add(connection, envelope, exchange="x", routing_key=key, at=now)
        first, _, _ = outbox.due(connection, now=now, limit=9)
        outbox.put_off(connection, first, until=now + LEASE, error="returned")
    with office.database.reading() as connection:
        left = outbox.due(connection, now=now, limit=9)
        later = outbox.due(connection, now=now + LEASE, limit=9)
    assert [message.routing_key for message in left] == ["b"]
    assert [message.routing_key for message in later] == ["a", "b", "a"]


def test_a_claim_on_common_work_passes_on_when_its_lease_has_run_out(office: Office) -> None:
    def take(token: str) -> bool:
        with office.database.writing() as connection:
            return claims.take(connection, "relay", token=token, now=office.clock(), lease=LEASE)

    assert take("one")
    assert not take("two")
    assert take("one")
    office.clock.move(LEASE * 2)
    assert take("two")


def test_an_accepted_id_is_taken_once_whoever_applies_it(office: Office) -> None:
    office.take(example("24"), example("24"))
    with office.database.reading() as connection:
        first, second = inbox.of_cases(
            connection, [("430111", "430111-2026-000020")], [EventState.RECEIVED]
        )

    def apply_both() -> None:
        with office.database.writing() as connection:
            inbox.settle(connection, first.seq, EventState.APPLIED, at=office.clock())
            inbox.settle(connection, second.seq, EventState.APPLIED, at=office.clock())

    with pytest.raises(Conflict):
        apply_both()
