"""One suite over both archives: a directory and an S3 bucket."""

import hashlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from minio.error import S3Error

from archive import Archive
from archive.directory import DirectoryArchive
from archive.keys import object_key
from archive.opening import open_archive
from archive.s3 import S3Archive
from schemas.documents import StoredObject
from schemas.errors import DigestMismatch, Misconfigured, ObjectMissing, Unavailable
from schemas.identifiers import new_id

PDF = "application/pdf"
IN_TEN_YEARS = datetime.now(UTC).date().replace(month=1, day=15) + timedelta(days=3650)

HOSTILE_KEYS = [
    "",
    "/",
    "/etc/passwd",
    "..",
    "../outside.pdf",
    "430111/../../outside.pdf",
    "430111/./a.pdf",
    "430111//a.pdf",
    "430111/a.pdf/",
    ".probe/a.pdf",
    "430111/.hidden/a.pdf",
    "430111/a\x00.pdf",
    "430111/a\n.pdf",
    "430111\\..\\a.pdf",
    "430111/刘晓云.pdf",
    "430111/%2e%2e/a.pdf",
    "430111/" + "a" * 201,
    "/".join(["a" * 100] * 12),
]


@dataclass(frozen=True, kw_only=True)
class Letter:
    content: bytes
    document_id: str = field(default_factory=new_id)

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    @property
    def key(self) -> str:
        return object_key(
            agency="430111", year=2026, document_id=self.document_id, sha256=self.sha256
        )


def letter(text: str = "稽核意见书") -> Letter:
    return Letter(content=f"%PDF-1.7 {text}".encode())


def put(archive: Archive, made: Letter, until: date = IN_TEN_YEARS) -> StoredObject:
    return archive.put(
        made.key, made.content, sha256=made.sha256, retain_until=until, content_type=PDF
    )


def put_other_bytes(archive: Archive, key: str, content: bytes) -> StoredObject:
    digest = hashlib.sha256(content).hexdigest()
    return archive.put(key, content, sha256=digest, retain_until=IN_TEN_YEARS, content_type=PDF)


@pytest.fixture(params=["directory", pytest.param("s3", marks=pytest.mark.s3)])
def archive(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Archive]:
    if request.param == "directory":
        opened = open_archive((tmp_path / "archive").as_uri())
    else:
        opened = request.getfixturevalue("s3_archive")
    yield opened
    opened.close()


@pytest.fixture
def s3_archive(s3_bucket: Any) -> Iterator[S3Archive]:
    opened = open_archive(
        s3_bucket.url, access_key=s3_bucket.access_key, secret_key=s3_bucket.secret_key
    )
    assert isinstance(opened, S3Archive)
    yield opened
    opened.close()


def test_what_was_put_comes_back_byte_for_byte(archive: Archive) -> None:
    made = Letter(content=bytes(range(256)) * 700)
    stored = put(archive, made)
    assert archive.get(stored.key, stored.version_id) == made.content


def test_what_was_put_as_new_is_found_by_the_next_try(archive: Archive) -> None:
    made = letter()
    first = archive.put(
        made.key,
        made.content,
        sha256=made.sha256,
        retain_until=IN_TEN_YEARS,
        content_type=PDF,
        new=True,
    )
    assert put(archive, made) == first
    assert list(archive.walk()) == [first]


@pytest.mark.s3
def test_what_is_new_is_not_looked_for(
    s3_archive: S3Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = list[str]()
    versions = s3_archive._versions

    def look(key: str) -> Iterator[Any]:
        asked.append(key)
        return versions(key)

    monkeypatch.setattr(s3_archive, "_versions", look)
    for new in (True, False):
        made = letter(str(new))
        s3_archive.put(
            made.key,
            made.content,
            sha256=made.sha256,
            retain_until=IN_TEN_YEARS,
            content_type=PDF,
            new=new,
        )
    assert asked == [made.key]


def test_put_says_what_is_stored(archive: Archive) -> None:
    made = letter()
    stored = put(archive, made)
    assert (stored.key, stored.sha256, stored.size) == (made.key, made.sha256, len(made.content))
    assert archive.stat(stored.key, stored.version_id) == stored


def test_putting_the_same_again_adopts_what_is_there(archive: Archive) -> None:
    made = letter()
    assert put(archive, made) == put(archive, made)
    assert list(archive.walk(made.key)) == [archive.stat(made.key, None)]


def test_other_bytes_under_the_same_key_are_a_mismatch_and_change_nothing(
    archive: Archive,
) -> None:
    made = letter()
    stored = put(archive, made)
    with pytest.raises(DigestMismatch) as caught:
        put_other_bytes(archive, made.key, b"something else")
    assert caught.value.found == made.sha256
    assert list(archive.walk()) == [stored]
    assert archive.get(stored.key, stored.version_id) == made.content


def test_bytes_that_are_not_what_their_digest_says_are_not_stored(archive: Archive) -> None:
    made = letter()
    with pytest.raises(DigestMismatch):
        archive.put(
            made.key,
            made.content + b" ",
            sha256=made.sha256,
            retain_until=IN_TEN_YEARS,
            content_type=PDF,
        )
    assert archive.stat(made.key, None) is None


@pytest.mark.parametrize("key", HOSTILE_KEYS)
def test_a_key_that_leads_elsewhere_is_refused(archive: Archive, key: str) -> None:
    with pytest.raises(ValueError, match="not a key"):
        put_other_bytes(archive, key, b"x")
    with pytest.raises(ValueError, match="not a key"):
        archive.get(key, None)
    with pytest.raises(ValueError, match="not a key"):
        archive.stat(key, None)
    with pytest.raises(ValueError, match="not a key"):
        archive.retained_until(key, None)


@pytest.mark.parametrize("prefix", ["../", "/", "430111/../..", ".retention/"])
def test_a_prefix_that_leads_elsewhere_is_refused(archive: Archive, prefix: str) -> None:
    with pytest.raises(ValueError, match="not a key"):
        list(archive.walk(prefix))


def test_what_was_never_put_is_missing(archive: Archive) -> None:
    put(archive, letter("another"))
    absent = letter("absent").key
    assert archive.stat(absent, None) is None
    with pytest.raises(ObjectMissing):
        archive.get(absent, None)
    with pytest.raises(ObjectMissing):
        archive.retained_until(absent, None)


@pytest.mark.parametrize("version", ["no-such-version", "00000000-0000-4000-8000-000000000000"])
def test_a_version_that_never_was_is_missing(archive: Archive, version: str) -> None:
    stored = put(archive, letter())
    assert archive.stat(stored.key, version) is None
    with pytest.raises(ObjectMissing):
        archive.get(stored.key, version)


def test_walk_gives_every_object_in_the_order_of_keys(archive: Archive) -> None:
    keys = ["a/2026/x/1.pdf", "a-b/2026/x/1.pdf", "a/2026/x.y/1.pdf", "b/2026/x/1.pdf"]
    stored = [put_other_bytes(archive, key, key.encode()) for key in keys]
    assert list(archive.walk()) == sorted(stored, key=lambda each: each.key)
    assert [each.key for each in archive.walk("a/2026/x")] == ["a/2026/x.y/1.pdf", "a/2026/x/1.pdf"]
    assert [each.key for each in archive.walk("a/")] == ["a/2026/x.y/1.pdf", "a/2026/x/1.pdf"]
    assert list(archive.walk("c/")) == []


def test_an_empty_archive_has_nothing_to_walk(archive: Archive) -> None:
    assert list(archive.walk()) == []


def test_putting_again_extends_the_retention_and_never_shortens_it(archive: Archive) -> None:
    if isinstance(archive, S3Archive) and not archive.bucket.prepare():
        pytest.skip("this store cannot lock")
    made = letter()
    stored = put(archive, made, IN_TEN_YEARS)
    put(archive, made, IN_TEN_YEARS - timedelta(days=365))
    assert archive.retained_until(stored.key, stored.version_id) == IN_TEN_YEARS
    later = IN_TEN_YEARS + timedelta(days=365)
    put(archive, made, later)
    assert archive.retained_until(stored.key, stored.version_id) == later


def test_many_who_put_the_same_at_once_agree(archive: Archive) -> None:
    made = letter()
    stored: list[StoredObject] = []
    workers = [threading.Thread(target=lambda: stored.append(put(archive, made))) for _ in range(8)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert {each.sha256 for each in stored} == {made.sha256}
    assert len(stored) == len(workers)
    assert {archive.get(each.key, each.version_id) for each in stored} == {made.content}


def test_an_object_of_a_directory_can_only_be_read(tmp_path: Path) -> None:
    archive = DirectoryArchive(tmp_path / "archive")
    stored = put(archive, letter())
    assert (tmp_path / "archive" / stored.key).stat().st_mode & 0o777 == 0o440


def test_a_symbolic_link_in_a_directory_is_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(b"of somebody else")
    archive = DirectoryArchive(tmp_path / "archive")
    (tmp_path / "archive" / "link.pdf").symlink_to(secret)
    assert list(archive.walk()) == []
    with pytest.raises(Misconfigured):
        archive.get("link.pdf", None)


def test_a_directory_that_is_a_file_is_misconfigured(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(Misconfigured, match="HANYIN_STORAGE_URL"):
        DirectoryArchive(tmp_path / "file" / "archive")


@pytest.mark.s3
def test_the_store_refuses_to_delete_a_locked_version(
    s3_archive: S3Archive, s3_bucket: Any
) -> None:
    if not s3_bucket.locks:
        pytest.skip("moto's server has no true object lock")
    stored = put(s3_archive, letter())
    with pytest.raises(S3Error):
        s3_archive.client.remove_object(
            s3_archive.bucket.name, stored.key, version_id=stored.version_id
        )
    assert s3_archive.stat(stored.key, stored.version_id) == stored


@pytest.mark.s3
def test_an_overwrite_behind_our_back_is_a_mismatch_and_loses_nothing(
    s3_archive: S3Archive,
) -> None:
    from io import BytesIO  # noqa: PLC0415

    made = letter()
    stored = put(s3_archive, made)
    s3_archive.client.put_object(s3_archive.bucket.name, made.key, BytesIO(b"forged"), 6)
    with pytest.raises(DigestMismatch):
        put(s3_archive, made)
    assert s3_archive.get(stored.key, stored.version_id) == made.content
    assert [each.size for each in s3_archive.walk()] == [6, len(made.content)]


@pytest.mark.s3
def test_a_deletion_mark_does_not_hide_a_version(s3_archive: S3Archive) -> None:
    made = letter()
    stored = put(s3_archive, made)
    s3_archive.client.remove_object(s3_archive.bucket.name, made.key)
    assert s3_archive.stat(made.key, None) is None
    assert s3_archive.get(stored.key, stored.version_id) == made.content
    assert put(s3_archive, made) == stored


@pytest.mark.s3
def test_a_wrong_secret_is_misconfigured(s3_bucket: Any) -> None:
    if not s3_bucket.locks:
        pytest.skip("moto's server lets everybody in")
    opened = open_archive(s3_bucket.url, access_key=s3_bucket.access_key, secret_key="wrong-secret")
    with pytest.raises(Misconfigured, match="the secret key is wrong"):
        put(opened, letter())
    with pytest.raises(Misconfigured, match="the secret key is wrong"):
        opened.stat(letter().key, None)
    opened.close()


@pytest.mark.s3
def test_clocks_that_differ_are_waited_for_and_told_as_such(
    s3_archive: S3Archive, s3_bucket: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not s3_bucket.locks:
        pytest.skip("moto's server looks at no clock")
    stored = put(s3_archive, letter())
    late = datetime.now(UTC) + timedelta(minutes=20)
    monkeypatch.setattr("minio.time.utcnow", lambda: late)
    for asked in (
        lambda: put(s3_archive, letter()),
        lambda: s3_archive.stat(stored.key, stored.version_id),
        lambda: s3_archive.get(stored.key, stored.version_id),
    ):
        with pytest.raises(Unavailable, match="clock"):
            asked()


@pytest.mark.s3
def test_a_store_that_is_gone_is_unavailable(private_s3: Any) -> None:
    opened = open_archive(
        private_s3.bucket_url("letters"),
        access_key=private_s3.access_key,
        secret_key=private_s3.secret_key,
    )
    stored = put(opened, letter())
    private_s3.stop()
    for attempt in (
        lambda: put(opened, letter()),
        lambda: opened.get(stored.key, stored.version_id),
        lambda: opened.stat(stored.key, stored.version_id),
        lambda: opened.retained_until(stored.key, stored.version_id),
        lambda: list(opened.walk()),
    ):
        with pytest.raises(Unavailable):
            attempt()
    opened.close()


@pytest.mark.s3
def test_the_bucket_is_asked_for_again_after_the_store_was_away(private_s3: Any) -> None:
    opened = open_archive(
        private_s3.bucket_url("letters"),
        access_key=private_s3.access_key,
        secret_key=private_s3.secret_key,
    )
    private_s3.stop()
    with pytest.raises(Unavailable):
        put(opened, letter())
    private_s3.start_again()
    assert put(opened, letter()).version_id
    opened.close()
