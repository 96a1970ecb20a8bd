"""amqps: the server's certificate is checked, against the authority that the settings name."""

import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import pytest

from schemas.errors import Unavailable
from tests.building.brokers import directory, event
from tests.building.certificates import certificate_for
from workers.brokers.opening import declare_topology, open_intake, open_mailbox, open_outlet

Visit = Callable[[str, Path | None], None]


class Listener:
    """A TLS server that notes whether its visitors trusted it, and then hangs up."""

    def __init__(self, folder: Path, host: ipaddress.IPv4Address) -> None:
        self.certificate = certificate_for(folder, host)
        self.trusted: list[bool] = []
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, folder / "key.pem")
        self._context = context
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"amqps://user:secret@127.0.0.1:{self._socket.getsockname()[1]}/"
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def close(self) -> None:
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join()

    def _serve(self) -> None:
        while True:
            try:
                visitor, _ = self._socket.accept()
            except OSError:
                return
            with closing(visitor):
                self.trusted.append(self._greet(visitor))

    def _greet(self, visitor: socket.socket) -> bool:
        """Whether the visitor says its first words, the protocol's name."""
        try:
            with self._context.wrap_socket(visitor, server_side=True) as safe:
                return safe.recv(4) == b"AMQP"
        except (ssl.SSLError, OSError):
            return False


def _declare(url: str, ca_file: Path | None) -> None:
    declare_topology(url, directory(), ca_file=ca_file)


def _receive(url: str, ca_file: Path | None) -> None:
    with closing(open_intake(url, directory(), ca_file=ca_file)) as intake:
        intake.receive(limit=1, wait=0)


def _publish(url: str, ca_file: Path | None) -> None:
    with closing(open_outlet(url, directory(), ca_file=ca_file)) as outlet:
        outlet.publish([event("e1")])


def _read(url: str, ca_file: Path | None) -> None:
    open_mailbox(url, directory(), ca_file=ca_file).read("q", limit=1, remove=False)


@pytest.fixture(params=[_declare, _receive, _publish, _read])
def visit(request: pytest.FixtureRequest) -> Visit:
    chosen: Visit = request.param
    return chosen


@pytest.mark.parametrize(
    ("host", "named", "trusted"),
    [("127.0.0.1", True, True), ("127.0.0.1", False, False), ("127.0.0.2", True, False)],
    ids=["our authority", "an unknown authority", "another host's certificate"],
)
def test_a_connection_is_made_to_the_server_that_the_authority_vouches_for(
    tmp_path: Path, visit: Visit, host: str, *, named: bool, trusted: bool
) -> None:
    with (
        closing(Listener(tmp_path, ipaddress.IPv4Address(host))) as listener,
        pytest.raises(Unavailable),
    ):
        visit(listener.url, listener.certificate if named else None)
    # when it is closed it has noted every visitor
    assert set(listener.trusted) == {trusted}
