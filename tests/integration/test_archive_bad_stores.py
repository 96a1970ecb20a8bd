"""An S3 archive against servers that answer wrongly, late or not at all."""

import socket
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest

from archive import Archive
from archive.keys import digest_of
from archive.opening import open_archive
from schemas.documents import StoredObject
from schemas.errors import HanyinError, Unavailable
from tests.conftest import Bucket
from tests.servers.wire import Fault, wire

PAGE = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 33\r\n\r\n"
    b"<html><body>Sign in</body></html>"
)
XML = b"Content-Type: application/xml\r\n"

ANSWERS = {
    "a broken XML": b"HTTP/1.1 409 No\r\n" + XML + b"Content-Length: 7\r\n\r\n<Error>",
    "an empty error": b"HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n",
    "too busy": b"HTTP/1.1 503 Busy\r\n"
    + XML
    + b"Content-Length: 37\r\n\r\n<Error><Code>SlowDown</Code></Error>\n",
    "half an answer": b"HTTP/1.1 200 OK\r\n" + XML + b"Content-Length: 900\r\n\r\n<ListBucket",
    "no HTTP": b"220 mail.example.org ESMTP\r\n",
    "nothing": b"",
}


@contextmanager
def store_that_says(answer: bytes | None) -> Iterator[str]:
    """A server on loopback that sends ``answer`` and closes; None: takes connections, is silent."""
    server = socket.create_server(("127.0.0.1", 0))
    held: list[socket.socket] = []

    def serve() -> None:
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            if answer is None:
                held.append(connection)
                continue
            with connection:
                connection.settimeout(5)
                try:
                    connection.recv(65536)
                    connection.sendall(answer)
                except OSError:
                    continue

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield f"s3+http://127.0.0.1:{server.getsockname()[1]}/letters"
    finally:
        server.shutdown(socket.SHUT_RDWR)
        server.close()
        thread.join()
        for connection in held:
            connection.close()


def put(archive: Archive, key: str = "430111/2026/a/b.pdf") -> StoredObject:
    return archive.put(
        key,
        b"sealed",
        sha256=digest_of(b"sealed"),
        retain_until=date(2036, 1, 1),
        content_type="application/pdf",
    )


@pytest.mark.parametrize("name", ANSWERS)
def test_a_store_that_does_not_speak_s3_is_unavailable(name: str) -> None:
    with store_that_says(ANSWERS[name]) as url:
        archive = open_archive(url, access_key="a", secret_key="topsecret")
        for attempt in (
            lambda: put(archive),
            lambda: archive.get("430111/2026/a/b.pdf", "v"),
            lambda: list(archive.walk()),
        ):
            with pytest.raises(Unavailable) as caught:
                attempt()
            assert "topsecret" not in str(caught.value)
            assert "430111" not in str(caught.value)
        archive.close()


def test_a_web_page_with_status_200_does_not_count_as_stored() -> None:
    with store_that_says(PAGE) as url:
        archive = open_archive(url, access_key="a", secret_key="s")
        with pytest.raises(HanyinError):
            put(archive)
        archive.close()


def test_a_store_that_hangs_is_given_up() -> None:
    with store_that_says(None) as url:
        archive = open_archive(url, access_key="a", secret_key="s")
        with pytest.raises(Unavailable):
            put(archive)
        archive.close()


def test_a_server_without_the_expected_certificate_is_unavailable() -> None:
    with store_that_says(PAGE) as url:
        archive = open_archive(url.replace("http", "https"), access_key="a", secret_key="s")
        with pytest.raises(Unavailable):
            put(archive)
        archive.close()


def test_wherever_an_answer_is_cut_what_counts_as_stored_is_there_in_that_version(
    s3_bucket: Bucket,
) -> None:
    def opened(url: str) -> Archive:
        return open_archive(
            url,
            access_key=s3_bucket.access_key,
            secret_key=s3_bucket.secret_key,
            lock_mode="GOVERNANCE",
        )

    good = opened(s3_bucket.url)
    put(good)
    place, _, bucket = s3_bucket.url.rpartition("/")
    outcomes = Counter[str]()
    with wire(place.partition("//")[2]) as laid:
        for after in range(100, 4000, 29):
            laid.become(Fault.CUTS_ANSWERS, after=after)
            key = f"430111/2026/{after}/b.pdf"
            cut = opened(f"s3+http://{laid.endpoint}/{bucket}")
            try:
                stored = put(cut, key)
            except Unavailable:
                outcomes["unavailable"] += 1
                stored = put(good, key)
            else:
                outcomes["stored"] += 1
            assert stored in list(good.walk(key))
            cut.close()
    good.close()
    assert outcomes["unavailable"] > 10
    assert outcomes["stored"] > 10
