"""Files that stand with a document, on SQLite and PostgreSQL alike."""

import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from archive.keys import digest_of
from ledger import attachments, production
from ledger.attachments import StoredAttachment
from schemas.documents import AttachedFile, AttachmentRole, SealedPdf, StoredObject
from schemas.identifiers import new_id
from tests.building.office import Office, example


@pytest.fixture
def office(ledger_url: str) -> Iterator[Office]:
    opened = Office(ledger_url)
    opened.take(example("21"))
    opened.work()
    yield opened
    opened.close()


def scan(content: bytes) -> AttachedFile:
    return AttachedFile(
        role=AttachmentRole.SIGNED_COPY,
        media_type="image/png",
        content=content,
        sha256=digest_of(content),
        pages=1,
        file_name="签字.png",
        brought_by="刘晓云",
    )


def the_document(office: Office) -> str:
    (row,) = office.register()
    return str(row["document_id"])


def add(office: Office, content: bytes) -> str | None:
    with office.database.writing() as connection:
        return attachments.add(connection, the_document(office), scan(content), at=office.clock())


def stored(attachment_id: str) -> StoredAttachment:
    place = StoredObject(key="a/b", version_id=None, sha256="0" * 64, size=1)
    return StoredAttachment(attachment_id=attachment_id, place=place, retain_until=date(2057, 1, 1))


def pin_the_letter(office: Office) -> production.Claim:
    with office.database.writing() as connection:
        (claim,) = production.claim(
            connection,
            token=new_id(),
            now=office.clock(),
            lease=timedelta(seconds=60),
            limit=1,
        )
        sealed = SealedPdf(
            content=b"%PDF",
            sha256="a" * 64,
            pages=1,
            sealed_at=datetime(2026, 11, 24, tzinfo=UTC),
            certificate_subject="CN=DEMO",
            certificate_serial="1",
        )
        production.pin(connection, claim, sealed)
    return claim


def archive_the_letter(office: Office) -> None:
    claim = pin_the_letter(office)
    with office.database.writing() as connection:
        place = StoredObject(key="k", version_id=None, sha256="a" * 64, size=4)
        production.archived(
            connection, claim, place, retain_until=date(2057, 1, 1), at=office.clock()
        )


def test_the_same_bytes_are_attached_once(office: Office) -> None:
    assert add(office, b"one") is not None
    assert add(office, b"one") is None
    assert add(office, b"two") is not None
    with office.database.reading() as connection:
        rows = attachments.of_documents(connection, [the_document(office)])
    assert [row["position"] for row in rows[the_document(office)]] == [1, 2]


def test_four_who_attach_at_once_get_places_of_their_own(office: Office) -> None:
    threads = [
        threading.Thread(target=add, args=(office, content)) for content in (b"1", b"2", b"3", b"3")
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with office.database.reading() as connection:
        rows = attachments.of_documents(connection, [the_document(office)])
    assert [row["position"] for row in rows[the_document(office)]] == [1, 2, 3]


def test_the_bytes_stay_in_the_ledger_until_it_is_on_record_where_they_are(
    office: Office,
) -> None:
    attachment_id = add(office, b"one") or ""
    with office.database.writing() as connection:
        (pinned,) = attachments.pinned_of(connection, the_document(office))
        assert pinned.content == b"one"
        assert attachments.record(connection, stored(attachment_id), at=office.clock())
        assert attachments.pinned_of(connection, the_document(office)) == []
        # whoever stored it at the same time changes nothing
        assert not attachments.record(connection, stored(attachment_id), at=office.clock())


def test_what_belongs_to_a_letter_in_production_is_left_to_it(office: Office) -> None:
    pin_the_letter(office)
    add(office, b"service record")
    with office.database.reading() as connection:
        assert attachments.loose(connection, limit=9) == []
        assert attachments.count_loose(connection) == 0


def test_what_was_left_with_an_archived_letter_is_found(office: Office) -> None:
    archive_the_letter(office)
    add(office, b"signed copy")
    with office.database.reading() as connection:
        (left,) = attachments.loose(connection, limit=9)
        assert attachments.count_loose(connection) == 1
    assert (left.content, left.agency, left.year) == (b"signed copy", "430111", 2026)
