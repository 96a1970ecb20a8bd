"""The one place that opens what the settings name: ledger, broker, store, verifier.

What is opened is imported where it is opened: it takes seconds to load all of it, which a command
that publishes or lists must not pay for. The stages are built in ``workers.assembly``.
"""

# ruff: noqa: PLC0415 -- see above

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from archive import Archive
from schemas.configuration import Directory
from workers.brokers import Outlet
from workers.clock import now
from workers.directory import require_users
from workers.home import is_installation, make_home
from workers.settings import Settings

if TYPE_CHECKING:
    from ledger.database import Database
    from signing.examiner_process import ExaminerProcess
    from signing.verifier import Verifier
    from workers.raising import Raise
    from workers.sealing import KeyCondition
    from workers.shelving import Shelf
    from workers.stocktaking import Stocktaking


def prepare(settings: Settings, directory: Directory, *, queues: bool = True) -> None:
    """Ledger and broker are ready for work, and so are the seals of agencies that can seal.

    The embedded parts are made where they are missing; without ``queues`` the broker is not
    spoken to. An agency whose key is not good holds up its own letters and nothing else. Raises
    ``Misconfigured`` or ``Unavailable``.
    """
    import structlog

    log = structlog.get_logger(__name__)
    if not settings.broker.startswith("embedded:"):
        require_users(directory)
    prepare_ledger(settings)
    if queues:
        demand_queues(settings, directory)
    if settings.templates_dir is not None:
        from workers.template_check import report_templates

        report_templates(settings, directory)
    for row in prepare_seals(settings, directory):
        if row.problem is not None:
            log.warning(
                "an agency cannot seal",
                agency=row.agency,
                issuer=row.issuer,
                code=row.problem.code,
            )


def prepare_ledger(settings: Settings) -> None:
    """The ledger has this version's tables: made in the home, demanded of a server."""
    from ledger.database import Database
    from ledger.migration import demand_current, migrate

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
    from ledger.address import ledger_file

    file = ledger_file(settings.database)
    return file is None or file.exists()


def lacks_installation(settings: Settings) -> bool:
    """True where the ledger would be a file and nobody has begun to work in this home."""
    return not (has_ledger(settings) or is_installation(settings.home))


def declare(settings: Settings, directory: Directory) -> None:
    """Every exchange, queue and binding exists."""
    if settings.broker.startswith("embedded:"):
        make_home(settings.home)
    from workers.brokers.opening import declare_topology

    declare_topology(settings.broker, directory, ca_file=settings.broker_ca_file)


def demand_queues(settings: Settings, directory: Directory) -> None:
    """Every exchange, queue and binding exists: made in the home or where this user may."""
    if settings.broker.startswith("embedded:"):
        make_home(settings.home)
    from workers.brokers.opening import demand_topology

    demand_topology(settings.broker, directory, ca_file=settings.broker_ca_file)


def counts_are_open(settings: Settings) -> str | None:
    """See ``workers.brokers.opening``."""
    from workers.brokers.opening import counts_are_open as of_broker

    return of_broker(settings.broker, ca_file=settings.broker_ca_file)


def free_claims(settings: Settings) -> None:
    """No claim is left from a process that died: for the owner of an embedded home alone."""
    if not settings.database.startswith("sqlite:"):
        return
    from ledger import claims, deaths
    from ledger.database import Database
    from workers.tokens import patience_of

    database = Database(settings.database)
    try:
        with database.writing() as connection:
            claims.give_back_all(connection)
            deaths.free_all(connection, now=now(), patience=patience_of(settings))
    finally:
        database.close()


def open_store(settings: Settings) -> Archive:
    """The archive that the settings name."""
    from archive.opening import open_archive

    access = settings.storage_access_key
    return open_archive(
        settings.storage,
        access_key=access.get_secret_value() if access else None,
        secret_key=settings.storage_secret,
        region=settings.storage_region,
        lock_mode=settings.storage_lock_mode,
        ca_file=settings.storage_ca_file,
    )


def open_shelf(settings: Settings, directory: Directory) -> "Shelf":
    """Where documents and what stands with them are put."""
    from workers.shelving import Shelf

    return Shelf(open_store(settings), directory)


def open_events_outlet(settings: Settings, directory: Directory) -> Outlet:
    """Where ``hanyin publish`` sends events.

    The embedded broker makes its queues when it is opened; on RabbitMQ they are there since
    ``hanyin migrate``, and a publisher's user may not declare any.
    """
    if settings.broker.startswith("embedded:"):
        make_home(settings.home)
    from workers.brokers.opening import open_outlet

    return open_outlet(settings.broker, directory, ca_file=settings.broker_ca_file)


def build_raise(settings: Settings, directory: Directory) -> "Raise":
    """What raises archived documents, with connections of its own (``close`` gives them back)."""
    from ledger.database import Database
    from workers.raising import Raise
    from workers.sealing import SealRoom

    return Raise(
        database=Database(settings.database),
        archive=open_store(settings),
        seals=SealRoom(settings, directory),
        directory=directory,
        clock=now,
    )


def try_store(settings: Settings) -> None:
    """Nothing, where the store answers. Raises ``Unavailable`` or ``Misconfigured``."""
    archive = open_store(settings)
    try:
        archive.stat("430000/doctor", None)
    finally:
        archive.close()


def prepare_seals(settings: Settings, directory: Directory) -> "list[KeyCondition]":
    """How every agency's key stands; letters of those that can seal wait no longer for them.

    The ledger must be there. Nothing is raised for a key: its agency's letters wait. Whether its
    seal can be drawn is found out by whoever draws it.
    """
    from ledger import seal_waits
    from ledger.database import Database
    from workers.sealing import SealRoom

    found = SealRoom(settings, directory).conditions(drawn=False)
    database = Database(settings.database)
    try:
        with database.writing() as connection:
            for row in found:
                if row.problem is None:
                    seal_waits.wake_issuer(connection, row.agency, row.issuer)
    finally:
        database.close()
    return found


def open_verifier(
    settings: Settings,
    directory: Directory,
    trust: Sequence[Path] = (),
    trust_tsa: Sequence[Path] = (),
    process: "ExaminerProcess | None" = None,
) -> "Verifier":
    """A verifier for files from outside: the installation's roots and those in ``trust``.

    Time stamps count by HANYIN_TSA_TRUST_FILES and ``trust_tsa``, or by the same roots where
    there are none. A context manager: it examines in a process of its own, or in ``process``.
    Raises ``Misconfigured``.
    """
    from signing.trust import read_roots
    from signing.verifier import Verifier
    from workers.trust import trusted_roots

    roots = [*trusted_roots(settings, directory), *read_roots(trust)]
    stamp_roots = read_roots([*settings.tsa_trust_files, *trust_tsa])
    return Verifier(
        roots,
        stamp_trust=stamp_roots or None,
        purposes=settings.seal_purposes,
        process=process,
    )


def build_stocktaking(
    settings: Settings, directory: Directory, database: "Database", archive: Archive
) -> "Stocktaking":
    """Compares ``database`` and ``archive``. Raises ``Misconfigured``."""
    from workers.stocktaking import Stocktaking

    verifier = open_verifier(settings, directory, [])
    return Stocktaking(database=database, archive=archive, verifier=verifier, clock=now)
