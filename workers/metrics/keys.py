"""When agencies' certificates end: read from keys that stay open from scrape to scrape."""

import threading
from collections.abc import Iterable

from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily

from workers.sealing import SealRoom


class KeyMetrics:
    """Asks no server: a scrape waits for nobody. A key that does not open is not there."""

    names = ("hanyin_certificate_end_seconds",)

    def __init__(self, seals: SealRoom) -> None:
        self._seals = seals
        self._lock = threading.Lock()

    def read(self) -> Iterable[Metric]:
        """Seconds since 1970 at which the first certificate of each chain ends."""
        family = GaugeMetricFamily(
            "hanyin_certificate_end_seconds",
            "When the first certificate of an agency's chain ends, Unix time.",
            labels=["agency"],
        )
        with self._lock:
            for agency, end in sorted(self._seals.expiries().items()):
                family.add_metric([agency], end.timestamp())
        return [family]
