"""Metrics over HTTP: ``GET /metrics``, from a thread of the process that opened it."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

import structlog
from prometheus_client import CollectorRegistry, Metric, start_http_server
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from schemas.errors import Misconfigured, Unavailable
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


@contextmanager
def serving(listen: str, sources: Sequence[Source]) -> Iterator[int]:
    """Metrics are served on ``listen`` (``host:port``; port 0: any) while the block runs.

    Gives the port. Raises ``Misconfigured`` where the address cannot be taken.
    """
    host, _, port = listen.rpartition(":")
    if int(port) > _HIGHEST_PORT:
        raise Misconfigured(f"HANYIN_METRICS_LISTEN {listen}: a port is 0 to {_HIGHEST_PORT}")
    registry = CollectorRegistry(auto_describe=False)
    registry.register(SourceCollector(sources))
    try:
        server, thread = start_http_server(int(port), addr=host.strip("[]"), registry=registry)
    except OSError as error:
        raise Misconfigured(
            f"HANYIN_METRICS_LISTEN {listen} cannot be taken ({error.strerror}): choose a free"
            " port, or leave the setting out for all but one process"
        ) from error
    _log.info("metrics are served", port=server.server_port)
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
