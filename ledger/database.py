"""The connection to the database, and the transactions on it.

A driver's exceptions die here: what may be tried again is ``Unavailable`` (the database is away)
or ``Conflict`` (two transactions met); anything else is a defect and stays what it is.
"""

import json
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Dialect, Engine, create_engine, event
from sqlalchemy.engine import URL, ExceptionContext
from sqlalchemy.exc import (
    DataError,
    DBAPIError,
    DisconnectionError,
    IntegrityError,
    InterfaceError,
    OperationalError,
    SQLAlchemyError,
    StatementError,
)

from ledger.address import POOLED, POOLER, SETTING, ledger_url
from ledger.private_file import make_private
from schemas.errors import HanyinError, Misconfigured, Unavailable
from schemas.sentence import Sentence

#: seconds that SQLite waits for the writer before us
_SQLITE_BUSY = 60
#: seconds without use after which a connection is asked whether it still is one
_REST = 1.0
#: what two transactions do to each other. SQLSTATE: serialization failure, deadlock, lock timeout;
#: and SQLite's own names
_CONFLICTS = {
    "40001",
    "40P01",
    "55P03",
    "SQLITE_BUSY",
    "SQLITE_BUSY_SNAPSHOT",
    "SQLITE_LOCKED",
}
_DUPLICATES = {"23505", "SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY"}
#: SQLSTATE classes of what a value causes: data, integrity, limits of the program
_OF_DATA = {"22", "23", "54"}
#: what Python says of values that it cannot encode, compute with or walk through
_OF_VALUES = (UnicodeError, ArithmeticError, RecursionError)
#: SQLSTATE classes of a server that is away or going: connection, resources, operator
_AWAY = {"08", "53", "57"}
#: SQLite's names for a file that cannot be used just now
_DISK = {"SQLITE_FULL", "SQLITE_IOERR", "SQLITE_CANTOPEN", "SQLITE_READONLY"}
#: a server that takes no writes just now: a standby, or one whose disk is guarded
_READ_ONLY = "25006"
#: what no UTF-8 has
_SURROGATE = re.compile("[\ud800-\udfff]")
#: what an operator has to change, by the driver's code: 42P05 and 26000 are what becomes of
#: prepared statements behind a pooler that hands out another server for each transaction
_WRONG_BY_STATE = {
    "SQLITE_NOTADB": Sentence(
        "指向的文件不是 SQLite 数据库；请另指一个",
        "names a file that is no SQLite database; name another",
    ),
    "42P05": POOLED,
    "26000": POOLED,
}
#: the same by words, English or Chinese, before there is a session: libpq has no code for them
_WRONG_BY_WORDS = (
    (
        re.compile(r"invalid (\w+ value|port number)"),
        Sentence(
            "中有 PostgreSQL 不接受的选项值或端口",
            "has an option or a port with a value that PostgreSQL does not take",
        ),
    ),
    (
        re.compile(r"database .* does not exist|数据库 .* 不存在"),
        Sentence(
            "指向的数据库不存在；请用编码 UTF8 建库",
            "names a database that is not there; create it with the encoding UTF8",
        ),
    ),
    (
        re.compile(
            r"authentication failed|no pg_hba\.conf entry|no password supplied"
            r"|role .* does not exist|认证失败|角色 .* 不存在"
        ),
        Sentence(
            "中的用户被 PostgreSQL 拒绝；请检查用户、口令和 pg_hba.conf",
            "names a user that PostgreSQL refuses; check user, password and pg_hba.conf",
        ),
    ),
)


class Conflict(Unavailable):
    """Two transactions met and this one gave way; doing it again is right."""


class Duplicate(Conflict):
    """A unique value is there already: from a transaction that met this one, or for good."""


class Unstorable(HanyinError):
    """A value cannot be held or computed with; ``reason`` is the database's or Python's word."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(f"有值不能存储：{reason}", f"a value cannot be stored: {reason}")


class Database:
    """The ledger's engine; one for each process, never carried over a fork."""

    def __init__(self, url: str) -> None:
        self._engine = _engine(ledger_url(url))

    @property
    def engine(self) -> Engine:
        """The engine itself, for migrations and inspection."""
        return self._engine

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that is committed at the end of the block, or not at all.

        Raises ``Conflict`` or ``Unavailable``; on SQLite it holds the only write lock.
        """
        with _translated(), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that only reads; raises ``Unavailable``."""
        with _translated(), self._engine.connect() as connection:
            yield connection.execution_options(hanyin_reads=True)

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """A connection that reads, and sees one moment however long; raises ``Unavailable``."""
        with self.reading() as connection:
            if connection.dialect.name == "postgresql":
                # a reading transaction of SQLite sees one moment by itself
                connection.execution_options(isolation_level="REPEATABLE READ")
            yield connection.execution_options(hanyin_snapshot=True)

    def close(self) -> None:
        """All connections are closed."""
        self._engine.dispose()


@contextmanager
def savepoint(connection: Connection) -> Iterator[None]:
    """A part of a transaction that is undone by itself where the block raises.

    Raises ``Conflict``, ``Unavailable``, ``Unstorable`` where a value is the cause, or what the
    block raised.
    """
    nested = connection.begin_nested()
    try:
        yield
        nested.commit()
    except Exception as error:
        meaning = _cause(error)
        try:
            nested.rollback()
        except SQLAlchemyError:
            # SQLite ends the whole transaction where its disk is full
            if not isinstance(meaning, Unavailable):
                raise
        if meaning is error:
            raise
        raise meaning from error


def _cause(error: Exception) -> Exception:
    """What ``error`` means for whoever brought the values of the statement."""
    if isinstance(error, DBAPIError):
        meaning = _meaning(error)
        state = str(getattr(error.orig, "sqlstate", None) or "")
        of_data = isinstance(error, DataError | IntegrityError) or state[:2] in _OF_DATA
        if meaning is error and of_data:
            return Unstorable(state or type(error).__name__)
        return meaning
    # a value that could not be made ready for its statement
    cause = error.orig if isinstance(error, StatementError) else error
    return Unstorable(type(cause).__name__) if isinstance(cause, _OF_VALUES) else error


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        raise _meaning(error) from error


def _meaning(error: DBAPIError) -> Exception:
    state: str = (
        getattr(error.orig, "sqlstate", None) or getattr(error.orig, "sqlite_errorname", None) or ""
    )
    if state in _CONFLICTS:
        return Conflict("账本的两个事务相遇", "the ledger's transaction met another one")
    if state in _DUPLICATES:
        return Duplicate("账本中已有这个唯一值", "the ledger has this unique value already")
    if reason := _set_up_wrongly(str(error.orig), state):
        return Misconfigured(f"{SETTING} {reason.zh}", f"{SETTING} {reason.en}")
    away = error.connection_invalidated or state[:2] in _AWAY or state in _DISK
    if away or (isinstance(error, OperationalError | InterfaceError) and not state):
        return Unavailable(
            f"账本的数据库（{SETTING}）{_in_what_way(error).zh}",
            f"the ledger's database ({SETTING}) {_in_what_way(error).en}",
        )
    return error


def _set_up_wrongly(words: str, state: str) -> Sentence | None:
    """What an operator has to change; nothing where the server is merely away."""
    if state:
        return _WRONG_BY_STATE.get(state)
    found = (reason for pattern, reason in _WRONG_BY_WORDS if pattern.search(words))
    return next(found, None)


def _in_what_way(error: DBAPIError) -> Sentence:
    if getattr(error.orig, "sqlite_errorname", "") == "SQLITE_CANTOPEN":
        return Sentence(
            "无法打开；请看其文件夹是否存在、属于谁",
            "cannot be opened; see whether its folder is there and whose it is",
        )
    if getattr(error.orig, "sqlstate", "") == _READ_ONLY:
        return Sentence("目前不接受写入，如同备库", "takes no writes just now, as a standby does")
    # libpq has no code for it
    if "certificate" in str(error.orig):
        return Sentence(
            "的证书不为 sslrootcert 所证明、属于别的主机或已过期",
            "has a certificate that sslrootcert does not vouch for, of another host or out of time",
        )
    # SQLITE_FULL (13), and PostgreSQL's disk_full, class 53
    if "disk is full" in str(error.orig) or getattr(error.orig, "sqlstate", "") == "53100":
        return Sentence("的磁盘已满", "has no room on its disk")
    return Sentence("没有响应", "does not answer")


def _json(value: object) -> str:
    """``value`` as the ledger keeps it: no blanks, and Chinese as it is, half as many bytes."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    # half of a pair has no UTF-8; it is kept as it was spelled
    return json.dumps(value) if _SURROGATE.search(text) else text


def _engine(url: URL) -> Engine:
    # an error does not tell the values of its statement: they may be a person's
    if url.get_backend_name() == "postgresql":
        arguments: dict[str, Any] = {"connect_timeout": 5, "client_encoding": "utf8"}
        if POOLER in url.query:
            # the next transaction may be another server's, which has prepared nothing
            arguments["prepare_threshold"] = None
        engine = create_engine(
            url.difference_update_query([POOLER]),
            hide_parameters=True,
            connect_args=arguments,
            json_serializer=_json,
            execution_options={POOLER: POOLER in url.query},
        )
        event.listen(engine, "handle_error", _leave_standby)
        event.listen(engine, "checkin", _rests)
        event.listen(engine, "checkout", partial(_demand_alive, engine.dialect))
        return engine
    # what cannot be made is told when it is opened
    with suppress(OSError):
        make_private(Path(url.database or ""))
    engine = create_engine(
        url,
        hide_parameters=True,
        connect_args={"timeout": _SQLITE_BUSY},
        json_serializer=_json,
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _leave_standby(context: ExceptionContext) -> None:
    """A server that has become read-only is left: the next connection may be the new primary's."""
    if getattr(context.original_exception, "sqlstate", None) == _READ_ONLY:
        context.is_disconnect = True


def _rests(_connection: object, record: Any) -> None:
    record.info["rests_since"] = time.monotonic()


def _demand_alive(dialect: Dialect, connection: Any, record: Any, _proxy: object) -> None:
    """A connection that has rested answers; the pool opens another for one that does not.

    One that was used a moment ago is not asked: a worker at full speed would ask for each letter,
    and a server that goes in that moment may as well go a moment later.
    """
    since = record.info.get("rests_since")
    if since is None or time.monotonic() - since < _REST:
        return
    try:
        dialect.do_ping(connection)
    except dialect.loaded_dbapi.Error as error:
        raise DisconnectionError from error


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # autocommit mode of the driver: BEGIN is ours to send
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    # FULL: a commit is on the disk before it is told, also when the power goes
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    # what a transaction might take back is written to /var/tmp otherwise, with names in it:
    # SQLite reads TMPDIR when it is loaded, before anybody knows the home
    cursor.execute("PRAGMA temp_store=MEMORY")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # IMMEDIATE: a transaction that reads first and writes later would fail, not wait
    reads = connection.get_execution_options().get("hanyin_reads")
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")
