"""The broker's URL, taken apart once; the password stays out of every text."""

import ssl
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from schemas.errors import Misconfigured

EMBEDDED_SCHEME = "embedded"
PORTS = {"amqp": 5672, "amqps": 5671}
SETTING = "HANYIN_BROKER_URL"
CA_SETTING = "HANYIN_BROKER_CA_FILE"


@dataclass(frozen=True, kw_only=True)
class RabbitAddress:
    """Where a RabbitMQ server listens and as whom to log in."""

    host: str
    port: int
    virtual_host: str
    user: str
    password: str = field(repr=False)
    tls: bool
    #: PEM file with the authorities to trust; None: those of the system
    ca_file: Path | None

    def __str__(self) -> str:
        """The address for people: no user, no password."""
        scheme = "amqps" if self.tls else "amqp"
        return f"{scheme}://{self.host}:{self.port}/{self.virtual_host.removeprefix('/')}"


def distrust(error: ssl.SSLCertVerificationError) -> str:
    """Why the server's certificate does not do, and the setting to look at."""
    return f"its certificate is not trusted, {error.verify_message}; see {CA_SETTING}"


def scheme_of(url: str) -> str:
    """``amqp``, ``amqps`` or ``embedded``. Raises ``Misconfigured`` for anything else."""
    scheme = url.partition("://")[0]
    if scheme not in {*PORTS, EMBEDDED_SCHEME}:
        raise Misconfigured(
            f"{SETTING} begins with neither amqp://, amqps:// nor embedded://; "
            "write amqp://user:password@host:5672/vhost or embedded:///absolute/path/broker.db"
        )
    return scheme


def rabbit_address(url: str, *, ca_file: Path | None = None) -> RabbitAddress:
    """The parts of an ``amqp://`` or ``amqps://`` URL, percent signs decoded.

    Raises ``Misconfigured`` where a part is missing or not understood.
    """
    scheme = scheme_of(url)
    parts = _split(url)
    if scheme not in PORTS or not parts.hostname:
        raise Misconfigured(
            f"{SETTING} names no RabbitMQ host; write amqp://user:password@host/vhost"
        )
    if parts.query or parts.fragment:
        raise Misconfigured(f"{SETTING} has options after ? or #; Hanyin knows none, remove them")
    return RabbitAddress(
        host=parts.hostname,
        port=_port(parts) or PORTS[scheme],
        virtual_host=unquote(parts.path[1:]) or "/",
        user=unquote(parts.username or "guest"),
        password=unquote(parts.password or "guest"),
        tls=scheme == "amqps",
        ca_file=ca_file,
    )


def embedded_path(url: str) -> Path:
    """The SQLite file of an ``embedded://`` URL, absolute. Raises ``Misconfigured`` for others."""
    scheme, parts = scheme_of(url), _split(url)
    path = Path(unquote(parts.path))
    if scheme != EMBEDDED_SCHEME or parts.netloc or not path.is_absolute() or not path.name:
        raise Misconfigured(f"{SETTING} must be embedded:///absolute/path/broker.db")
    if parts.query or parts.fragment or any(sign in str(path) for sign in ";?"):
        # kombu and SQLAlchemy read these as the end of the path
        raise Misconfigured(f"{SETTING} has ; or ? or # in its path; choose another path")
    return path


def _split(url: str) -> SplitResult:
    try:
        return urlsplit(url)
    except ValueError as error:  # its text may hold the password
        raise Misconfigured(f"{SETTING} is no URL ({type(error).__name__})") from None


def _port(parts: SplitResult) -> int | None:
    try:
        return parts.port
    except ValueError:
        raise Misconfigured(f"{SETTING} has a port that is no number up to 65535") from None
