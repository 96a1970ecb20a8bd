"""The ledger's URL, taken apart; no error says what stands in it, for that may be a password."""

from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError

from schemas.errors import Misconfigured
from schemas.sentence import Sentence

SETTING = "HANYIN_DATABASE_URL"
_FORMS = Sentence(
    "请写 sqlite:////绝对/路径/ledger.db 或 postgresql://user:password@host:5432/database",
    "write sqlite:////absolute/path/ledger.db or postgresql://user:password@host:5432/database",
)
#: an option of our own: the server stands behind a pooler that changes it between transactions
POOLER, _POOLERS = "pooler", {"transaction"}
POOLED = Sentence(
    "通向连接池，它可能在事务之间更换服务器（PgBouncer，pool_mode = transaction）；"
    "请加上 ?pooler=transaction，或直接写服务器",
    "leads to a pooler, which may change servers between transactions (PgBouncer, pool_mode ="
    " transaction); add ?pooler=transaction to it, or name the server itself",
)
#: libpq's words, of which it knows no others ("SSL Support")
_SSL_MODES = {"disable", "allow", "prefer", "require", "verify-ca", "verify-full"}


def ledger_url(text: str) -> URL:
    """The URL of a SQLite file or a PostgreSQL database, for SQLAlchemy.

    Raises ``Misconfigured``; the database is not asked.
    """
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        raise Misconfigured(
            f"{SETTING} 不是数据库的 URL；{_FORMS.zh}",
            f"{SETTING} is no URL of a database; {_FORMS.en}",
        ) from None
    backend = url.get_backend_name()
    if backend == "sqlite":
        return _sqlite(url)
    if backend == "postgresql":
        return _postgresql(url)
    raise Misconfigured(
        f"{SETTING} 指向 {backend!r}，函印不用它；{_FORMS.zh}",
        f"{SETTING} names {backend!r}, which Hanyin does not use; {_FORMS.en}",
    )


def ledger_file(text: str) -> Path | None:
    """The SQLite file of the URL; None where it names a server. Raises ``Misconfigured``."""
    url = ledger_url(text)
    return Path(url.database or "") if url.get_backend_name() == "sqlite" else None


def _sqlite(url: URL) -> URL:
    name = url.database or ""
    if not name or name == ":memory:" or name.startswith("file:") or url.host:
        raise Misconfigured(
            f"{SETTING} 没有文件名；请写 sqlite:////绝对/路径/ledger.db",
            f"{SETTING} names no file; write sqlite:////absolute/path/ledger.db",
        )
    if url.drivername != "sqlite":
        raise Misconfigured(
            f"{SETTING} 带有驱动名；请写 sqlite:////绝对/路径/ledger.db",
            f"{SETTING} names a driver; write sqlite:////absolute/path/ledger.db",
        )
    if url.query:
        raise Misconfigured(
            f"{SETTING} 在 ? 之后有选项；SQLite 文件没有选项，请删去",
            f"{SETTING} has options after ?; a SQLite file takes none, remove them",
        )
    return url


def _postgresql(url: URL) -> URL:
    from psycopg.pq import Conninfo  # noqa: PLC0415 - a ledger in a file needs no libpq

    known = {option.keyword.decode() for option in Conninfo.get_defaults()}
    unknown = sorted(set(url.query) - known - {POOLER})
    if unknown:
        raise Misconfigured(
            f"{SETTING} 中有 PostgreSQL 不认识的选项：{', '.join(unknown)}；"
            "请查 libpq 的“Parameter Key Words”，或删去",
            f"{SETTING} has options that PostgreSQL does not know: {', '.join(unknown)}; see"
            ' "Parameter Key Words" of libpq, or remove them',
        )
    if url.query.get(POOLER, "transaction") not in _POOLERS:
        raise Misconfigured(
            f"{SETTING}：pooler 只能是 transaction，或不写",
            f"{SETTING}: pooler is transaction, or is left out",
        )
    mode = url.query.get("sslmode", "prefer")
    if mode not in _SSL_MODES:
        raise Misconfigured(
            f"{SETTING}：sslmode 只能是 {', '.join(sorted(_SSL_MODES))}；请写 verify-full",
            f"{SETTING}: sslmode is none of {', '.join(sorted(_SSL_MODES))}; write verify-full",
        )
    return url.set(drivername="postgresql+psycopg")
