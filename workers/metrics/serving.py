"""Metrics and health over HTTP, from threads of the process that opened it.

``/metrics`` is for Prometheus; ``/livez`` answers while the process serves, ``/readyz`` while the
ledger answers too; anything else is not there.
"""

import socket
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from http import HTTPStatus
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

import structlog
from prometheus_client import CollectorRegistry, Metric, make_wsgi_app
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from ledger.database import Database
from schemas.errors import Misconfigured, Unavailable
from schemas.file_faults import os_words
from workers.metrics import Source

_log = structlog.get_logger(__name__)

#: whether the ledger answered; the other families are missing where it did not
UP = "hanyin_ledger_up"
_HIGHEST_PORT = 65535


class SourceCollector(Collector):
    """What all sources say, at every scrape."""

    def __init__(self, sources: Sequence[Source]) -> None:
        self._sources = sources

    def collect(self) -> Iterable[Metric]:
        """The families of every source that answers, and whether all did."""
        found: list[Metric] = []
        up = True
        for source in self._sources:
            try:
                found += source.read()
            except Unavailable as error:
                _log.warning("a metric could not be read", reason=str(error))
                up = False
        yield GaugeMetricFamily(UP, "1 where what is counted could be read.", value=up)
        yield from found


class _Pages:
    """The WSGI application (PEP 3333)."""

    def __init__(self, sources: Sequence[Source], ledger: Database) -> None:
        registry = CollectorRegistry(auto_describe=False)
        registry.register(SourceCollector(sources))
        self._metrics = make_wsgi_app(registry)
        self._ledger = ledger

    def __call__(self, environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        path = environ.get("PATH_INFO")
        if environ["REQUEST_METHOD"] not in {"GET", "HEAD"}:
            return _page(start, HTTPStatus.METHOD_NOT_ALLOWED)
        if path == "/metrics":
            found: Iterable[bytes] = self._metrics(environ, start)
            return found
        if path == "/livez" or (path == "/readyz" and self._answers()):
            return _page(start, HTTPStatus.OK)
        return _page(
            start, HTTPStatus.SERVICE_UNAVAILABLE if path == "/readyz" else HTTPStatus.NOT_FOUND
        )

    def _answers(self) -> bool:
        try:
            with self._ledger.reading() as connection:
                connection.exec_driver_sql("SELECT 1")
        except Unavailable:
            return False
        return True


def _page(start: Any, status: HTTPStatus) -> Iterable[bytes]:
    start(f"{status.value} {status.phrase}", [("Content-Type", "text/plain; charset=utf-8")])
    return [f"{status.phrase}\n".encode("ascii")]


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _QuietHandler(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        """Nothing: who asks, and how often, is no news."""


def _opened(host: str, port: int) -> _Server:
    kind = socket.getaddrinfo(host or None, port, type=socket.SOCK_STREAM)[0][0]
    family = type("_Server", (_Server,), {"address_family": kind})
    opened: _Server = family((host, port), _QuietHandler)
    return opened


@contextmanager
def serving(listen: str, sources: Sequence[Source], ledger: Database) -> Iterator[int]:
    """Metrics and health are served on ``listen`` (``host:port``; port 0: any) in the block.

    Gives the port. Raises ``Misconfigured`` where the address cannot be taken.
    """
    host, _, port = listen.rpartition(":")
    if int(port) > _HIGHEST_PORT:
        raise Misconfigured(
            f"HANYIN_METRICS_LISTEN {listen}：端口为 0 至 {_HIGHEST_PORT}",
            f"HANYIN_METRICS_LISTEN {listen}: a port is 0 to {_HIGHEST_PORT}",
        )
    try:
        server = _opened(host.strip("[]"), int(port))
    except OSError as error:
        raise Misconfigured(
            f"HANYIN_METRICS_LISTEN {listen} 不能占用（{os_words(error).zh}"
            "）：请选空闲端口，或只在一个进程中设置",
            f"HANYIN_METRICS_LISTEN {listen} cannot be taken ({os_words(error).en}): choose a free"
            " port, or leave the setting out for all but one process",
        ) from error
    server.set_app(_Pages(sources, ledger))
    thread = threading.Thread(target=server.serve_forever, name="metrics", daemon=True)
    thread.start()
    _log.info("metrics are served", port=server.server_port)
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
