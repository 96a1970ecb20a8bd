"""A wire between the program and a server, on loopback, which can be made bad."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from enum import Enum

from tests.servers.process import free_port

_PIECE = 65536
_REFUSAL = (
    '<?xml version="1.0" encoding="UTF-8"?><Error><Code>{code}</Code><Message>no</Message>'
    "<Resource>/</Resource><RequestId>1</RequestId></Error>"
)


class Fault(Enum):
    """What is wrong with the wire."""

    NONE = "none"
    #: nothing comes through, and nobody hangs up
    HANGS = "hangs"
    #: it breaks after so many bytes in one direction
    CUTS = "cuts"
    #: it breaks after so many bytes of what is answered
    CUTS_ANSWERS = "cuts answers"
    #: what is answered trickles: so many bytes a second
    TRICKLES = "trickles"
    #: whoever is there answers 503 SlowDown to everything
    BUSY = "503 SlowDown"
    #: whoever is there has no room left, as MinIO says it
    FULL = "507 XMinioStorageFull"


class Wire:
    """Listens on ``endpoint`` and passes everything on to ``target``; one fault at a time."""

    def __init__(self, target: str) -> None:
        host, _, port = target.rpartition(":")
        self._target = (host, int(port))
        self._fault = Fault.NONE
        self._after = 0
        #: how many connections were good, and how many met a fault
        self.good = self.met = 0
        self._open: set[socket.socket] = set()
        self._guard = threading.Lock()
        port_here = free_port()
        self.endpoint = f"127.0.0.1:{port_here}"
        self._listener = socket.create_server(("127.0.0.1", port_here), backlog=128)
        threading.Thread(target=self._listen, daemon=True).start()

    def become(self, fault: Fault, *, after: int = 2000) -> None:
        """The wire has this fault from now on; connections of before are gone.

        What cuts does so ``after`` so many bytes of each connection; what trickles lets so many
        through a second.
        """
        with self._guard:
            self._fault, self._after = fault, after
            connections, self._open = self._open, set()
        for each in connections:
            _end(each)

    def close(self) -> None:
        """Nobody listens any more."""
        self._listener.close()
        self.become(Fault.NONE)

    def _listen(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with self._guard:
            fault, after = self._fault, self._after
            self._open.add(client)
            self.met += fault is not Fault.NONE
            self.good += fault is Fault.NONE
        try:
            if fault in {Fault.BUSY, Fault.FULL}:
                _refuse(client, fault)
            elif fault is Fault.HANGS:
                # read, so that the client can send all of it, and never answered
                while client.recv(_PIECE):
                    pass
            else:
                self._pass_on(
                    client,
                    there=after if fault is Fault.CUTS else None,
                    back=after if fault in {Fault.CUTS, Fault.CUTS_ANSWERS} else None,
                    speed=after if fault is Fault.TRICKLES else None,
                )
        except OSError:
            pass
        finally:
            _end(client)

    def _pass_on(
        self, client: socket.socket, *, there: int | None, back: int | None, speed: int | None
    ) -> None:
        server = socket.create_connection(self._target, timeout=60)
        with self._guard:
            self._open.add(server)
        answers = threading.Thread(target=_pump, args=(server, client, back, speed), daemon=True)
        answers.start()
        _pump(client, server, there)
        answers.join()


@contextlib.contextmanager
def wire(target: str) -> Iterator[Wire]:
    """A good wire to ``host:port``, until the end of the block."""
    made = Wire(target)
    try:
        yield made
    finally:
        made.close()


def _pump(
    from_: socket.socket, to: socket.socket, limit: int | None, speed: int | None = None
) -> None:
    """What comes from one end goes to the other, ``limit`` bytes at most, and both are closed.

    With ``speed``, so many bytes a second.
    """
    left = limit
    with contextlib.suppress(OSError):
        while piece := from_.recv(speed // 10 if speed else _PIECE):
            if speed:
                time.sleep(0.1)
            to.sendall(piece if left is None else piece[:left])
            if left is not None:
                left -= len(piece)
                if left <= 0:
                    break
    _end(from_)
    _end(to)


def _refuse(client: socket.socket, fault: Fault) -> None:
    client.settimeout(5)
    client.recv(_PIECE)
    status, code = fault.value.split(" ")
    body = _REFUSAL.format(code=code)
    client.sendall(
        f"HTTP/1.1 {status} {code}\r\nContent-Type: application/xml\r\nConnection: close\r\n"
        f"Content-Length: {len(body)}\r\n\r\n{body}".encode()
    )
    client.shutdown(socket.SHUT_WR)
    with contextlib.suppress(OSError):
        while client.recv(_PIECE):
            pass


def _end(connection: socket.socket) -> None:
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)
    connection.close()
