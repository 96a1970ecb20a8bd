"""What the ledger has to count: events, documents, messages, deadlines, alarms."""

from collections.abc import Iterable, Mapping

from prometheus_client import Metric
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

from cases.states import EventState
from ledger import counting
from ledger.database import Database
from ledger.watch import Watch
from schemas.documents import DocumentState
from workers.clock import Clock


class LedgerMetrics:
    """Reads the ledger at every scrape."""

    names = (
        "hanyin_inbox_events",
        "hanyin_documents",
        "hanyin_outbox_waiting_messages",
        "hanyin_deadlines_due",
        "hanyin_alarms_total",
    )

    def __init__(self, *, database: Database, watch: Watch, clock: Clock) -> None:
        self._database = database
        self._watch = watch
        self._clock = clock

    def read(self) -> Iterable[Metric]:
        """Each family with every label that there can be, zero included."""
        with self._database.reading() as connection:
            events = counting.events(connection)
            documents = counting.documents(connection)
            waiting = counting.waiting_messages(connection)
            alarms = counting.alarms(connection)
            due = self._watch.count(connection, self._clock())
        return [
            _gauge(
                "hanyin_inbox_events",
                "Events in the inbox by state.",
                "state",
                {**dict.fromkeys(map(str, EventState), 0), **events},
            ),
            _gauge(
                "hanyin_documents",
                "Numbered documents by state.",
                "state",
                {**dict.fromkeys(map(str, DocumentState), 0), **documents},
            ),
            _gauge(
                "hanyin_outbox_waiting_messages",
                "Messages that have to leave, by exchange.",
                "exchange",
                waiting,
            ),
            _gauge(
                "hanyin_deadlines_due",
                "Deadlines that have passed and were not met since.",
                "deadline",
                {deadline.value: count for deadline, count in due.items()},
            ),
            _alarms(alarms),
        ]


def _gauge(name: str, meaning: str, label: str, values: Mapping[str, int]) -> Metric:
    family = GaugeMetricFamily(name, meaning, labels=[label])
    for value, count in sorted(values.items()):
        family.add_metric([value], count)
    return family


def _alarms(counts: Mapping[str, int]) -> Metric:
    """A counter: the trail is only ever added to."""
    family = CounterMetricFamily(
        "hanyin_alarms", "Alarms in the audit trail by action.", labels=["action"]
    )
    for action, count in sorted(counts.items()):
        family.add_metric([action], count)
    return family
