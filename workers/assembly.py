"""The stages that are threads of ``hanyin work``, built from the settings, and its metrics."""

# ruff: noqa: PLC0415 -- sealing takes a second to load, and few ask for metrics

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ledger.database import Database
from ledger.watch import Watch
from schemas.configuration import Directory
from workers.applying import Apply
from workers.bootstrap import open_shelf, open_store
from workers.brokers.opening import open_intake, open_outlet
from workers.calendar import load_calendar
from workers.clock import now
from workers.receiving import Receive
from workers.reconciling import Reconcile
from workers.relaying import Relay
from workers.settings import Settings
from workers.stage import Stage

if TYPE_CHECKING:
    from workers.metrics import Source


def build_receive(settings: Settings, directory: Directory) -> Receive:
    """The receive stage, with a connection of its own."""
    return Receive(
        database=Database(settings.database),
        intake=open_intake(
            settings.broker,
            directory,
            ca_file=settings.broker_ca_file,
            most=settings.event_bytes,
        ),
        settings=settings,
        clock=now,
    )


def build_apply(settings: Settings, directory: Directory) -> Apply:
    """The apply stage."""
    return Apply(
        database=Database(settings.database), directory=directory, settings=settings, clock=now
    )


def build_relay(settings: Settings, directory: Directory) -> Relay:
    """The relay stage."""
    return Relay(
        database=Database(settings.database),
        outlet=open_outlet(settings.broker, directory, ca_file=settings.broker_ca_file),
        archive=open_store(settings),
        settings=settings,
        clock=now,
    )


def build_reconcile(settings: Settings, directory: Directory) -> Reconcile:
    """The reconcile stage; it serves all agencies alike."""
    return Reconcile(
        database=Database(settings.database),
        shelf=open_shelf(settings, directory),
        watch=build_watch(settings, directory),
        settings=settings,
        clock=now,
    )


def build_telling(settings: Settings) -> Stage | None:
    """What tells alarms to the webhook; None where none is set. Raises ``Misconfigured``."""
    if settings.alarm_url is None:
        return None
    from workers.webhook import Telling, Webhook

    webhook = Webhook.of(settings)
    if webhook is None:
        return None
    return Telling(database=Database(settings.database), webhook=webhook, clock=now)


def build_watch(settings: Settings, directory: Directory) -> Watch:
    """What deadlines are judged by. Raises ``Misconfigured``."""
    return Watch(directory=directory, calendar=load_calendar(settings.calendar_file))


@contextmanager
def metrics_served(settings: Settings, directory: Directory) -> Iterator[None]:
    """While the block runs, metrics are served where ``HANYIN_METRICS_LISTEN`` says so.

    Raises ``Misconfigured`` where that address cannot be taken.
    """
    if settings.metrics_listen is None:
        yield
        return
    from templates.library import Library
    from workers.metrics.keys import KeyMetrics
    from workers.metrics.ledger import LedgerMetrics
    from workers.metrics.serving import serving
    from workers.metrics.templates import TemplateMetrics
    from workers.sealing import SealRoom

    database = Database(settings.database)
    sources: list[Source] = [
        LedgerMetrics(database=database, watch=build_watch(settings, directory), clock=now),
        KeyMetrics(SealRoom(settings, directory)),
        TemplateMetrics(Library(settings.templates_dir)),
    ]
    try:
        with serving(settings.metrics_listen, sources, database):
            yield
    finally:
        database.close()
