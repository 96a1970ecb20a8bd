"""An S3 archive against servers that answer wrongly, late or not at all."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import pytest

from archive import Archive
from archive.keys import digest_of
from archive.opening import open_archive
from schemas.errors import HanyinError, Unavailable

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


def put(archive: Archive) -> None:
    archive.put(
        "430111/2026/a/b.pdf",
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
