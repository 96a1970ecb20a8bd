"""Each way in which ledger and store can disagree is planted, and found as what it is."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from archive import Archive
from archive.differences import DifferenceKind, Holding, differences
from archive.directory import DirectoryArchive
from archive.keys import object_key
from archive.opening import open_archive
from archive.s3 import S3Archive
from schemas.identifiers import new_id

UNTIL = date(2057, 1, 1)
CONTENT = b"%PDF a letter"
SHA256 = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture(params=["directory", pytest.param("s3", marks=pytest.mark.s3)])
def archive(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Archive]:
    if request.param == "directory":
        opened: Archive = DirectoryArchive(tmp_path / "archive")
    else:
        opened = bucket(request.getfixturevalue("s3_bucket"))
    yield opened
    opened.close()


def bucket(place: Any) -> S3Archive:
    opened = open_archive(
        place.url,
        access_key=place.access_key,
        secret_key=place.secret_key,
        lock_mode="GOVERNANCE",
    )
    assert isinstance(opened, S3Archive)
    return opened


def stored(archive: Archive, until: date = UNTIL) -> Holding:
    """A letter in the store, and what the ledger says of it."""
    document_id = new_id()
    key = object_key(agency="430111", year=2026, document_id=document_id, sha256=SHA256)
    put = archive.put(
        key, CONTENT, sha256=SHA256, retain_until=until, content_type="application/pdf"
    )
    return Holding(
        number="稽（待遇）字〔2026〕第1号",
        document_id=document_id,
        key=key,
        version_id=put.version_id,
        sha256=SHA256,
        retain_until=until,
        recorded=True,
    )


def kinds(archive: Archive, *holdings: Holding, known: str = "") -> list[DifferenceKind]:
    return [each.kind for each in differences(archive, holdings, {known})]


def test_where_both_agree_there_is_none(archive: Archive) -> None:
    assert kinds(archive, stored(archive), stored(archive)) == []


def test_an_object_that_is_not_there_is_missing(archive: Archive) -> None:
    here = stored(archive)
    gone = replace(here, key=here.key.replace(here.document_id, new_id()))
    assert kinds(archive, here, gone) == [DifferenceKind.MISSING]


def test_other_bytes_than_on_record_are_told_once(archive: Archive) -> None:
    assert kinds(archive, replace(stored(archive), sha256="0" * 64)) == [DifferenceKind.ALTERED]


def test_a_document_that_the_ledger_does_not_know_is_told_with_its_id(archive: Archive) -> None:
    strange = stored(archive)
    (found,) = differences(archive, [], set())
    assert (found.kind, found.document_id) == (
        DifferenceKind.UNKNOWN_DOCUMENT,
        strange.document_id,
    )


def test_an_object_beside_a_known_document_is_unrecorded(archive: Archive) -> None:
    known = stored(archive).document_id
    assert kinds(archive, known=known) == [DifferenceKind.UNRECORDED]


def test_what_nobody_here_stores_is_foreign(archive: Archive) -> None:
    archive.put(
        "430111/notes.txt",
        CONTENT,
        sha256=SHA256,
        retain_until=UNTIL,
        content_type="application/pdf",
    )
    assert kinds(archive) == [DifferenceKind.FOREIGN]


def test_a_name_that_promises_other_bytes_is_foreign(archive: Archive) -> None:
    key = object_key(agency="430111", year=2026, document_id=new_id(), sha256="0" * 64)
    archive.put(key, CONTENT, sha256=SHA256, retain_until=UNTIL, content_type="application/pdf")
    assert kinds(archive) == [DifferenceKind.FOREIGN]


def test_what_is_stored_and_not_yet_on_record_waits_for_production(archive: Archive) -> None:
    pinned = replace(stored(archive), recorded=False, version_id=None, retain_until=None)
    assert kinds(archive, pinned) == [DifferenceKind.NOT_RECORDED]


def test_what_is_pinned_and_not_stored_is_no_difference(archive: Archive) -> None:
    here = stored(archive)
    key = here.key.replace(here.document_id, new_id())
    assert kinds(archive, here, replace(here, key=key, recorded=False)) == []


def test_a_retention_that_ends_before_its_term_is_told(archive: Archive) -> None:
    if isinstance(archive, S3Archive) and archive.retained_until(stored(archive).key, None) is None:
        pytest.skip("this store has no object lock")
    promised = replace(stored(archive, date(2040, 1, 1)), retain_until=UNTIL)
    others = [h for h in kinds(archive, promised) if h is not DifferenceKind.UNKNOWN_DOCUMENT]
    assert others == [DifferenceKind.RETENTION_SHORT]


def test_what_lies_under_another_agency_is_not_looked_at(archive: Archive) -> None:
    stored(archive)
    assert list(differences(archive, [], set(), "430112/")) == []


@pytest.mark.s3
def test_a_second_version_of_the_same_bytes_is_told_as_such(s3_bucket: Any) -> None:
    archive = bucket(s3_bucket)
    holding = stored(archive)
    archive.client.put_object(archive.bucket.name, holding.key, BytesIO(CONTENT), len(CONTENT))
    assert kinds(archive, holding) == [DifferenceKind.EXTRA_VERSION]
    archive.close()


@pytest.mark.s3
def test_a_second_version_of_other_bytes_is_told_as_altered(s3_bucket: Any) -> None:
    archive = bucket(s3_bucket)
    holding = stored(archive)
    archive.client.put_object(archive.bucket.name, holding.key, BytesIO(b"forged"), 6)
    assert kinds(archive, holding) == [DifferenceKind.ALTERED]
    archive.close()
