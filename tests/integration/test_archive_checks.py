"""Fixity and the probe of the lock, on both archives."""

import os
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from archive.directory import DirectoryArchive
from archive.fixity import Expectation, FixityState, check_fixity
from archive.keys import digest_of, object_key
from archive.opening import open_archive
from archive.probe import ProbeAct, probe_lock
from archive.s3 import S3Archive
from schemas.documents import StoredObject
from schemas.errors import Unavailable

UNTIL = date(2036, 1, 1)


def store(archive: DirectoryArchive | S3Archive, content: bytes) -> StoredObject:
    digest = digest_of(content)
    key = object_key(agency="430111", year=2026, document_id="d", sha256=digest)
    return archive.put(key, content, sha256=digest, retain_until=UNTIL, content_type="a/b")


@pytest.fixture
def directory(tmp_path: Path) -> DirectoryArchive:
    return DirectoryArchive(tmp_path / "archive")


@pytest.fixture
def s3_archive(s3_bucket: Any) -> Iterator[S3Archive]:
    opened = open_archive(
        s3_bucket.url, access_key=s3_bucket.access_key, secret_key=s3_bucket.secret_key
    )
    assert isinstance(opened, S3Archive)
    yield opened
    opened.close()


def test_fixity_tells_intact_altered_and_missing_apart(directory: DirectoryArchive) -> None:
    intact, altered, missing = (store(directory, text) for text in (b"one", b"two", b"three"))
    path = directory.root / altered.key
    path.chmod(0o600)
    path.write_bytes(b"tWo")
    (directory.root / missing.key).unlink()
    findings = list(
        check_fixity(directory, [Expectation(stored=each) for each in (intact, altered, missing)])
    )
    assert [f.state for f in findings] == [
        FixityState.INTACT,
        FixityState.ALTERED,
        FixityState.MISSING,
    ]
    assert [f.found_sha256 for f in findings] == [intact.sha256, digest_of(b"tWo"), None]


def test_a_store_that_is_away_is_no_finding(private_s3: Any) -> None:
    archive = open_archive(
        private_s3.bucket_url("letters"),
        access_key=private_s3.access_key,
        secret_key=private_s3.secret_key,
    )
    private_s3.stop()
    lost = StoredObject(key="a/b.pdf", version_id=None, sha256="0" * 64, size=1)
    with pytest.raises(Unavailable):
        list(check_fixity(archive, [Expectation(stored=lost)]))
    archive.close()


def test_a_directory_has_no_lock_to_prove(directory: DirectoryArchive) -> None:
    report = probe_lock(directory)
    assert not report.has_lock
    assert not report.proved


def test_the_lock_of_a_true_store_is_proved(s3_archive: S3Archive, s3_bucket: Any) -> None:
    if not s3_bucket.locks:
        pytest.skip("moto's server has no true object lock")
    report = probe_lock(s3_archive)
    assert report.proved
    assert report.mode == "COMPLIANCE"
    assert {finding.act for finding in report.findings} == set(ProbeAct)


def test_a_bucket_that_was_made_without_a_lock_is_not_proved(
    s3_archive: S3Archive,
) -> None:
    s3_archive.client.make_bucket(s3_archive.bucket.name)
    assert not probe_lock(s3_archive).proved


def test_a_bucket_that_was_made_without_a_lock_still_keeps_every_version(
    s3_archive: S3Archive,
) -> None:
    s3_archive.client.make_bucket(s3_archive.bucket.name)
    stored = store(s3_archive, b"sealed")
    s3_archive.client.put_object(s3_archive.bucket.name, stored.key, BytesIO(b"forged"), 6)
    assert stored.version_id
    assert s3_archive.get(stored.key, stored.version_id) == b"sealed"
    assert s3_archive.retained_until(stored.key, stored.version_id) is None


def test_probes_are_not_walked_over(s3_archive: S3Archive) -> None:
    stored = store(s3_archive, os.urandom(16))
    probe_lock(s3_archive)
    assert list(s3_archive.walk()) == [stored]
