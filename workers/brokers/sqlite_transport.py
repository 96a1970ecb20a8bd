"""kombu's SQLAlchemy transport on a SQLite file, made to lose nothing.

kombu hands a row out by setting ``visible`` to false and committing, and neither deletes it
nor ever shows it again: a process that is killed takes the message with it. Here a row stays
visible until it is settled, and settling deletes it; what a receiver holds is remembered by
the receiver alone, so that there can be only one (``embedded``). Tables, envelope and routing
are kombu's own: any kombu program can publish to the file.
"""

import fcntl
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from json import dumps
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from kombu.transport import sqlalchemy as kombu_sqlalchemy
from sqlalchemy import Connection as DatabaseConnection
from sqlalchemy import Engine, delete, event, func, select, text, update

from workers.brokers.stored_row import StoredRow, stored_row

#: seconds to wait for another process that is writing
BUSY_TIMEOUT = 30
#: ids of one statement: SQLite's parameters are limited (32 766 since 3.32, 999 before)
CHUNK = 500
#: bytes of payloads that are read at a time, and then the row at which it was reached
AHEAD_BYTES = 64 * 1024 * 1024


class NoSuchQueueError(Exception):
    """The queue was never declared in this file; never leaves the adapter."""


@contextmanager
def exclusive(path: Path, *, wait: bool) -> Iterator[None]:
    """No other process or thread is inside for ``path``.

    Raises ``BlockingIOError`` where ``wait`` is false and somebody is. The kernel lets go of
    the lock when the process dies, however it dies; the empty file stays.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        yield
    finally:
        os.close(descriptor)


class DurableChannel(kombu_sqlalchemy.Channel):  # type: ignore[misc]
    """A channel whose rows stay until they are settled, and whose batches are one transaction."""

    #: kombu would append copies of unsettled messages at the end of the queue when it closes
    do_restore = False

    def __init__(self, connection: Any, **kwargs: Any) -> None:
        # kombu keeps engines on the class; a forked process must not inherit an open SQLite file
        self._engines: dict[str, Any] = {}
        self._batch: DatabaseConnection | None = None
        self._queue_ids: dict[str, int] = {}
        super().__init__(connection, **kwargs)

    # -- what kombu's virtual channel calls

    def _engine_from_config(self) -> Engine:
        engine: Engine = super()._engine_from_config()
        event.listen(engine, "connect", _durable)
        return engine

    def _open(self) -> Any:
        if not self._engines:
            path = Path(unquote(self.connection.client.hostname.removeprefix("sqlite:///")))
            # kombu looks whether the tables are there and then makes them, in two transactions
            with exclusive(path.with_name(path.name + ".setup-lock"), wait=True):
                return super()._open()
        return super()._open()

    def _new_queue(self, queue: str, **_: Any) -> None:
        with suppress(NoSuchQueueError):
            self.queue_id(queue)
            return  # so that opening a file that is in use need not wait for its turn to write
        with self.transaction() as connection:
            connection.execute(
                text(f"INSERT OR IGNORE INTO {self.queue_tablename} (name) VALUES (:name)"),  # noqa: S608
                {"name": queue},
            )

    def _put(self, queue: str, payload: dict[str, Any], **_: Any) -> None:
        with self.transaction() as connection:
            connection.execute(
                # values as parameters: a statement that holds them is built anew for each message
                self._messages.insert(),
                {
                    "visible": True,
                    "payload": dumps(payload),
                    "version": 1,
                    "queue_id": self.queue_id(queue),
                },
            )

    def _size(self, queue: str) -> int:
        waiting = select(func.count()).where(
            self._messages.c.queue_id == self.queue_id(queue), self._messages.c.visible
        )
        with self._reading() as connection:
            return connection.execute(waiting).scalar_one()

    # -- what the adapters call

    @property
    def engine(self) -> Engine:
        """The engine of the file, its tables made."""
        engine: Engine = self._open()[0]
        return engine

    @contextmanager
    def transaction(self) -> Iterator[DatabaseConnection]:
        """All inside is committed together; a transaction inside another one is part of it."""
        if self._batch is not None:
            yield self._batch
            return
        with self.engine.connect() as connection:
            # a transaction that begins by reading cannot wait for its turn to write
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            self._batch = connection
            try:
                yield connection
                connection.commit()
            finally:
                self._batch = None

    def queue_id(self, queue: str) -> int:
        """The row of a declared queue. Raises ``NoSuchQueueError`` for others."""
        if queue not in self._queue_ids:
            name = self.queue_cls.__table__.c.name
            with self._reading() as connection:
                found = connection.execute(
                    select(self.queue_cls.__table__.c.id).where(name == queue)
                ).scalar_one_or_none()
            if found is None:
                raise NoSuchQueueError(queue)
            self._queue_ids[queue] = found
        return self._queue_ids[queue]

    def peek(
        self, queues: Sequence[str], *, after: int, limit: int, most: int | None = None
    ) -> list[StoredRow]:
        """The oldest ``limit`` rows of ``queues`` with an id past ``after``; nothing changes.

        With ``most``, the largest body that is taken, fewer where they hold much together, and of
        larger ones the head.
        """
        columns = self._messages.c
        oldest = (
            select(columns.id)
            .where(
                columns.queue_id.in_([self.queue_id(queue) for queue in queues]),
                columns.visible,
                columns.id > after,
            )
            .order_by(columns.id)
            .limit(limit)
        )
        with self._reading() as connection:
            if self._batch is None:
                # one state of the file for the list and what is read of it
                connection.exec_driver_sql("BEGIN")
            found = connection.execute(oldest).scalars().all()
            return list(self._read(connection, found, most))

    def _read(
        self, connection: DatabaseConnection, row_ids: Sequence[int], most: int | None
    ) -> Iterator[StoredRow]:
        """The rows, read one by one until they hold enough together."""
        driver: Any = connection.connection.driver_connection
        held = 0
        for row_id in row_ids:
            with driver.blobopen(self._messages.name, "payload", row_id, readonly=True) as blob:
                held += len(blob)
                yield stored_row(row_id, blob, most)
            if most is not None and held > AHEAD_BYTES:
                return

    def version(self) -> int:
        """Another number than before where somebody else has written to the file since then.

        SQLite keeps it (``PRAGMA data_version``): it asks for no row and no lock.
        """
        with self._reading() as connection:
            return int(connection.exec_driver_sql("PRAGMA data_version").scalar_one())

    def discard(self, row_ids: Sequence[int]) -> None:
        """The rows are gone for good, all or none."""
        with self.transaction() as connection:
            for start in range(0, len(row_ids), CHUNK):
                chunk = row_ids[start : start + CHUNK]
                connection.execute(delete(self._messages).where(self._messages.c.id.in_(chunk)))

    def show_all(self, queues: Sequence[str]) -> None:
        """Rows that a plain kombu consumer has hidden are there again, in their old places."""
        columns = self._messages.c
        hidden = columns.queue_id.in_([self.queue_id(queue) for queue in queues])
        with self.transaction() as connection:
            connection.execute(
                update(self._messages)
                .where(hidden, columns.visible.is_(False))
                .values(visible=True, timestamp=None)
            )

    def close(self) -> None:
        """The channel is closed and the file with it."""
        super().close()
        for engine, _ in self._engines.values():
            engine.dispose()
        self._engines.clear()

    @contextmanager
    def _reading(self) -> Iterator[DatabaseConnection]:
        """A connection that sees what its own transaction has written."""
        if self._batch is not None:
            yield self._batch
            return
        with self.engine.connect() as connection:
            yield connection

    @property
    def _messages(self) -> Any:
        return self.message_cls.__table__


class DurableTransport(kombu_sqlalchemy.Transport):  # type: ignore[misc]
    """kombu's transport with the durable channel."""

    Channel = DurableChannel


def _durable(connection: Any, _record: Any) -> None:
    """A commit has reached the disk when it returns, and readers do not hinder the writer."""
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    # temporary files lie in /var/tmp otherwise (see the ledger)
    cursor.execute("PRAGMA temp_store=MEMORY")
    cursor.close()
