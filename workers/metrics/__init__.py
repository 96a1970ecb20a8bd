"""Metrics for Prometheus: the port. A source reads at every scrape, so a restart loses nothing.

A new metric is a new source beside ``ledger``, added in ``assembly.metrics_served``. Labels are
words of the program (states, kinds, actions), never a name, a number or an id.
"""

from collections.abc import Iterable
from typing import Protocol

from prometheus_client import Metric


class Source(Protocol):
    """Something that can be counted."""

    @property
    def names(self) -> tuple[str, ...]:
        """The metrics that it gives, by name as it stands in docs/metrics.md."""

    def read(self) -> Iterable[Metric]:
        """The values as they are now. Raises ``Unavailable``."""
