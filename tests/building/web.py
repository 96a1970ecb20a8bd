"""A web server on loopback that answers what a test says, and remembers what it was asked."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BufferedIOBase
from ssl import SSLContext
from typing import Any


@dataclass(kw_only=True)
class Web:
    """The server at work."""

    port: int
    #: (path, headers) of each request
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    #: pieces of the body
    body: Callable[[], Iterator[bytes]] = lambda: iter([b"hello"])
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    #: bytes that the last client took before it had enough
    sent: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        handler.rfile.read(int(handler.headers.get("Content-Length", 0)))
        self.asked.append((handler.path, dict(handler.headers)))
        handler.send_response(self.status)
        for name, value in self.headers.items():
            handler.send_header(name, value)
        handler.send_header("Connection", "close")
        handler.end_headers()
        with suppress(OSError):
            self._send(handler.wfile)

    def _send(self, stream: BufferedIOBase) -> None:
        self.sent = 0
        for piece in self.body():
            stream.write(piece)
            self.sent += len(piece)


@contextmanager
def web(tls: SSLContext | None = None) -> Iterator[Web]:
    """The server runs until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            made.answer(self)

        do_POST = do_GET  # noqa: N815

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    made = Web(port=server.server_port)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
