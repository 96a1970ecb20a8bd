from pathlib import Path

import pytest

from archive.directory import DirectoryArchive
from archive.opening import open_archive
from archive.s3 import S3Archive
from schemas.errors import Misconfigured

REFUSED = [
    "",
    "/var/archive",
    "s3://bucket",
    "http://host/bucket",
    "file://host/dir",
    "file:relative",
    "file:///",
    "file:///dir?x=1",
    "s3+https://host",
    "s3+https://host/Bucket",
    "s3+https://host/a/b",
    "s3+https://host/bucket?x=1",
    "s3+https:///bucket",
    "s3+https://host:notaport/bucket",
    "s3+https://host:99999/bucket",
    "s3+https://[::1/bucket",
    "s3+https://key:topsecret@host/bucket",
]


@pytest.mark.parametrize("url", REFUSED)
def test_a_url_that_names_no_archive_is_refused_by_the_settings_name(url: str) -> None:
    with pytest.raises(Misconfigured, match="HANYIN_STORAGE_URL") as caught:
        open_archive(url, access_key="key", secret_key="secret")
    assert "topsecret" not in str(caught.value)


def test_a_file_url_opens_a_directory_and_makes_it(tmp_path: Path) -> None:
    archive = open_archive((tmp_path / "档案 1").as_uri())
    assert isinstance(archive, DirectoryArchive)
    assert (tmp_path / "档案 1").is_dir()


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("s3+https://s3.example.org/letters", "s3+https://s3.example.org/letters"),
        ("s3+http://127.0.0.1:9000/letters/", "s3+http://127.0.0.1:9000/letters"),
        ("s3+http://[::1]:9000/letters", "s3+http://[::1]:9000/letters"),
    ],
)
def test_an_s3_url_opens_a_bucket_and_asks_nothing_of_it_yet(url: str, place: str) -> None:
    archive = open_archive(url, access_key="key", secret_key="secret")
    assert isinstance(archive, S3Archive)
    assert archive.bucket.place == place
    archive.close()


@pytest.mark.parametrize(("access", "secret"), [(None, "s"), ("a", None), ("", ""), (None, None)])
def test_a_store_without_credentials_names_both_settings(
    access: str | None, secret: str | None
) -> None:
    with pytest.raises(Misconfigured, match="ACCESS_KEY and HANYIN_STORAGE_SECRET_KEY"):
        open_archive("s3+https://host/bucket", access_key=access, secret_key=secret)


def test_certificates_that_are_not_there_are_named(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match=r"ca\.pem"):
        open_archive(
            "s3+https://host/bucket",
            access_key="a",
            secret_key="s",
            ca_file=tmp_path / "ca.pem",
        )
