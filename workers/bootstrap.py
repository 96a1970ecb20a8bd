"""The one place that builds adapters: settings in, working parts out.

What renders and seals is imported where it is built: it takes a second to load, which a command
that publishes or lists must not pay for.
"""

# ruff: noqa: PLC0415 -- see above

import hashlib
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

import structlog
from cryptography import x509
from sqlalchemy import make_url

from archive import Archive
from archive.opening import open_archive
from ledger import claims, production, seal_waits
from ledger.database import Database
from ledger.migration import demand_current, migrate
from ledger.watch import Watch
from schemas.configuration import Directory
from schemas.errors import DigestMismatch
from workers.applying import Apply
from workers.brokers import Outlet
from workers.brokers.mailbox import Mailbox
from workers.brokers.opening import (
    declare_topology,
    demand_topology,
    open_intake,
    open_mailbox,
    open_outlet,
)
from workers.calendar import load_calendar
from workers.clock import now
from workers.directory import load_directory
from workers.home import make_home
from workers.producing import Produce, Tools
from workers.receiving import Receive
from workers.reconciling import Reconcile
from workers.relaying import Relay
from workers.settings import Settings
from workers.shelving import Shelf

if TYPE_CHECKING:
    from signing.verifier import Verifier
    from workers.metrics import Source
    from workers.raising import Raise
    from workers.sealing import KeyCondition
    from workers.stocktaking import Stocktaking

_log = structlog.get_logger(__name__)


def prepare(settings: Settings, directory: Directory, *, queues: bool = True) -> None:
    """Ledger and broker are ready for work, and so are the seals of agencies that can seal.

    The embedded parts are made where they are missing; without ``queues`` the broker is not
    spoken to. An agency whose key is not good holds up its own letters and nothing else. Raises
    ``Misconfigured`` or ``Unavailable``.
    """
    prepare_ledger(settings)
    if queues:
        demand_queues(settings, directory)
    for row in prepare_seals(settings, directory):
        if row.problem is not None:
            _log.warning(
                "an agency cannot seal",
                agency=row.agency,
                issuer=row.issuer,
                code=row.problem.code,
            )


def prepare_ledger(settings: Settings) -> None:
    """The ledger has this version's tables: made in the home, demanded of a server."""
    database = Database(settings.database)
    try:
        if settings.database.startswith("sqlite:"):
            make_home(settings.home)
            migrate(database)
        else:
            demand_current(database)
    finally:
        database.close()


def has_ledger(settings: Settings) -> bool:
    """False where the ledger is a file that has not been made yet."""
    url = make_url(settings.database)
    return url.get_backend_name() != "sqlite" or Path(url.database or "").exists()


def declare(settings: Settings, directory: Directory) -> None:
    """Every exchange, queue and binding exists."""
    if settings.broker.startswith("embedded:"):
        make_home(settings.home)
    declare_topology(settings.broker, directory, ca_file=settings.broker_ca_file)


def demand_queues(settings: Settings, directory: Directory) -> None:
    """Every exchange, queue and binding exists: made in the home or where this user may."""
    if settings.broker.startswith("embedded:"):
        make_home(settings.home)
    demand_topology(settings.broker, directory, ca_file=settings.broker_ca_file)


def free_claims(settings: Settings) -> None:
    """No claim is left from a process that died: for the owner of an embedded home alone."""
    if not settings.database.startswith("sqlite:"):
        return
    database = Database(settings.database)
    try:
        with database.writing() as connection:
            claims.give_back_all(connection)
            production.free_all(connection)
    finally:
        database.close()


def open_store(settings: Settings) -> Archive:
    """The archive that the settings name."""
    access = settings.storage_access_key
    return open_archive(
        settings.storage,
        access_key=access.get_secret_value() if access else None,
        secret_key=settings.storage_secret,
        region=settings.storage_region,
        lock_mode=settings.storage_lock_mode,
        ca_file=settings.storage_ca_file,
    )


def open_shelf(settings: Settings, directory: Directory) -> Shelf:
    """Where documents and what stands with them are put."""
    return Shelf(open_store(settings), directory)


def open_events_outlet(settings: Settings, directory: Directory) -> Outlet:
    """Where ``hanyin publish`` sends events.

    The embedded broker makes its queues when it is opened; on RabbitMQ they are there since
    ``hanyin migrate``, and a publisher's user may not declare any.
    """
    if settings.broker.startswith("embedded:"):
        make_home(settings.home)
    return open_outlet(settings.broker, directory, ca_file=settings.broker_ca_file)


def open_queues(settings: Settings, directory: Directory) -> Mailbox:
    """A reader of the broker's queues."""
    return open_mailbox(settings.broker, directory, ca_file=settings.broker_ca_file)


def build_receive(settings: Settings, directory: Directory) -> Receive:
    """The receive stage, with a connection of its own."""
    return Receive(
        database=Database(settings.database),
        intake=open_intake(settings.broker, directory, ca_file=settings.broker_ca_file),
        settings=settings,
        clock=now,
    )


def build_apply(settings: Settings, directory: Directory) -> Apply:
    """The apply stage."""
    return Apply(
        database=Database(settings.database), directory=directory, settings=settings, clock=now
    )


def build_produce(
    settings: Settings, directory: Directory | None = None, *, stopping: Event | None = None
) -> Produce:
    """The produce stage, with a LibreOffice of its own; it ends a batch early at ``stopping``."""
    directory = directory or load_directory(settings.directory_file)
    from rendering.building import build_renderer
    from workers.sealing import SealRoom

    tools = Tools(
        renderer=build_renderer(
            work_dir=settings.home / "work",
            office_python=settings.office_python,
            office_program=settings.office_program,
            timeout=settings.conversion_seconds,
        ),
        seals=SealRoom(settings, directory),
        archive=open_store(settings),
    )
    return Produce(
        database=Database(settings.database),
        tools=tools,
        directory=directory,
        settings=settings,
        clock=now,
        producers=producer_count(settings),
        stopping=stopping,
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
    from workers.metrics.keys import KeyMetrics
    from workers.metrics.ledger import LedgerMetrics
    from workers.metrics.serving import serving
    from workers.sealing import SealRoom

    database = Database(settings.database)
    sources: list[Source] = [
        LedgerMetrics(database=database, watch=build_watch(settings, directory), clock=now),
        KeyMetrics(SealRoom(settings, directory)),
    ]
    try:
        with serving(settings.metrics_listen, sources):
            yield
    finally:
        database.close()


def build_raise(settings: Settings, directory: Directory) -> "Raise":
    """What raises archived documents, with connections of its own (``close`` gives them back)."""
    from workers.raising import Raise
    from workers.sealing import SealRoom

    return Raise(
        database=Database(settings.database),
        archive=open_store(settings),
        seals=SealRoom(settings, directory),
        directory=directory,
        clock=now,
    )


def producer_count(settings: Settings) -> int:
    """How many producer processes run: the setting, else one for each core that we may use."""
    return settings.producers or len(os.sched_getaffinity(0))


def try_store(settings: Settings) -> None:
    """Nothing, where the store answers. Raises ``Unavailable`` or ``Misconfigured``."""
    archive = open_store(settings)
    try:
        archive.stat("430000/doctor", None)
    finally:
        archive.close()


def prepare_seals(settings: Settings, directory: Directory) -> "list[KeyCondition]":
    """How every agency's key stands; letters of those that can seal wait no longer for them.

    The ledger must be there. Nothing is raised for a key: its agency's letters wait.
    """
    from workers.sealing import SealRoom

    found = SealRoom(settings, directory).conditions()
    database = Database(settings.database)
    try:
        with database.writing() as connection:
            for row in found:
                if row.problem is None:
                    seal_waits.wake_issuer(connection, row.agency, row.issuer)
    finally:
        database.close()
    return found


def trusted_roots(settings: Settings, directory: Directory) -> tuple[x509.Certificate, ...]:
    """The roots that files are verified against. Raises ``Misconfigured``."""
    from workers.sealing import SealRoom

    return SealRoom(settings, directory).roots()


def open_verifier(
    settings: Settings, directory: Directory, trust: Sequence[Path], trust_tsa: Sequence[Path] = ()
) -> "Verifier":
    """A verifier for files from outside: the installation's roots and those in ``trust``.

    Time stamps count by HANYIN_TSA_TRUST_FILES and ``trust_tsa``, or by the same roots where
    there are none. A context manager: it examines in a process of its own. Raises
    ``Misconfigured``.
    """
    from signing.trust import read_roots
    from signing.verifier import Verifier

    roots = [*trusted_roots(settings, directory), *read_roots(trust)]
    stamp_roots = read_roots([*settings.tsa_trust_files, *trust_tsa])
    return Verifier(roots, stamp_trust=stamp_roots or None)


def build_stocktaking(
    settings: Settings, directory: Directory, database: Database, archive: Archive
) -> "Stocktaking":
    """Compares ``database`` and ``archive``. Raises ``Misconfigured``."""
    from workers.stocktaking import Stocktaking

    verifier = open_verifier(settings, directory, [])
    return Stocktaking(database=database, archive=archive, verifier=verifier, clock=now)


def demand_digest(content: bytes, sha256: str, number: str) -> None:
    """Nothing, where ``content`` has that digest; else ``DigestMismatch``: an alarm."""
    found = hashlib.sha256(content).hexdigest()
    if found != sha256:
        raise DigestMismatch(number, expected=sha256, found=found)
