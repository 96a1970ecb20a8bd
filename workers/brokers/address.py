"""The broker's URL, taken apart once; the password stays out of every text."""

import socket
import ssl
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import sample
from urllib.parse import SplitResult, unquote, urlsplit

from schemas.errors import Misconfigured
from schemas.sentence import Sentence

EMBEDDED_SCHEME = "embedded"
PORTS = {"amqp": 5672, "amqps": 5671}
SETTING = "HANYIN_BROKER_URL"
CA_SETTING = "HANYIN_BROKER_CA_FILE"
#: seconds in which a node of a cluster must answer, or another one is asked
_AT_HAND_SECONDS = 3.0


@dataclass(frozen=True, kw_only=True)
class RabbitAddress:
    """Where a RabbitMQ server listens, or the nodes of a cluster do, and as whom to log in."""

    host: str
    port: int
    #: (host, port) of the cluster's other nodes
    others: tuple[tuple[str, int], ...] = ()
    virtual_host: str
    user: str
    password: str = field(repr=False)
    tls: bool
    #: PEM file with the authorities to trust; None: those of the system
    ca_file: Path | None

    def __str__(self) -> str:
        """The address for people: no user, no password."""
        scheme = "amqps" if self.tls else "amqp"
        nodes = ",".join(f"{host}:{port}" for host, port in self._nodes)
        return f"{scheme}://{nodes}/{self.virtual_host.removeprefix('/')}"

    def at_hand(self) -> "RabbitAddress":
        """One node of a cluster, by chance, that answers now; where none does, any.

        By chance, so that whoever meets a node that answers and does not work gets another one at
        the next try, and so that clients spread over the nodes.
        """
        if not self.others:
            return self
        nodes = sample(self._nodes, k=len(self._nodes))
        host, port = next((node for node in nodes if _answers(*node)), nodes[0])
        return replace(self, host=host, port=port, others=())

    @property
    def _nodes(self) -> tuple[tuple[str, int], ...]:
        return ((self.host, self.port), *self.others)


def trusted(address: RabbitAddress) -> str | None:
    """The file with the authorities to trust; None: the system's. Raises ``Misconfigured``."""
    if address.ca_file is None:
        return None
    try:
        ssl.create_default_context(cafile=address.ca_file)
    except OSError as error:  # ssl.SSLError is one
        raise Misconfigured(
            f"{CA_SETTING} {address.ca_file} 不能作为 PEM 读取（"
            f"{type(error).__name__}）；请指定签发消息代理证书的机构的证书文"
            "件",
            f"{CA_SETTING} {address.ca_file} cannot be read as PEM ({type(error).__name__}); name"
            " the file with the authority that signed the broker's certificate",
        ) from error
    return str(address.ca_file)


def distrust(error: ssl.SSLCertVerificationError) -> Sentence:
    """Why the server's certificate does not do, and the setting to look at."""
    return Sentence(
        f"其证书不受信任（{error.verify_message}）；请查看 {CA_SETTING}",
        f"its certificate is not trusted, {error.verify_message}; see {CA_SETTING}",
    )


def scheme_of(url: str) -> str:
    """``amqp``, ``amqps`` or ``embedded``. Raises ``Misconfigured`` for anything else."""
    scheme = url.partition("://")[0]
    if scheme not in {*PORTS, EMBEDDED_SCHEME}:
        raise Misconfigured(
            f"{SETTING} 须以 amqp://、amqps:// 或 embedded:// 开头；请写 "
            "amqp://user:password@host:5672/vhost 或 embedded:///绝对/路径/bro"
            "ker.db",
            f"{SETTING} begins with neither amqp://, amqps:// nor embedded://; "
            "write amqp://user:password@host:5672/vhost or embedded:///absolute/path/broker.db",
        )
    return scheme


def rabbit_address(url: str, *, ca_file: Path | None = None) -> RabbitAddress:
    """The parts of an ``amqp://`` or ``amqps://`` URL, percent signs decoded.

    The nodes of a cluster stand side by side: ``amqp://user:password@a:5672,b:5672,c:5672/vhost``.
    Raises ``Misconfigured`` where a part is missing or not understood.
    """
    scheme = scheme_of(url)
    parts = _split(url)
    nodes = _nodes(parts, scheme) if scheme in PORTS else []
    if not nodes:
        raise Misconfigured(
            f"{SETTING} 没有 RabbitMQ 的主机；请写 amqp://user:password@host/vhost",
            f"{SETTING} names no RabbitMQ host; write amqp://user:password@host/vhost",
        )
    if parts.query or parts.fragment:
        raise Misconfigured(
            f"{SETTING} 在 ? 或 # 之后有选项；函印不认识任何选项，请删去",
            f"{SETTING} has options after ? or #; Hanyin knows none, remove them",
        )
    return RabbitAddress(
        host=nodes[0][0],
        port=nodes[0][1],
        others=tuple(nodes[1:]),
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
        raise Misconfigured(
            f"{SETTING} 须为 embedded:///绝对/路径/broker.db",
            f"{SETTING} must be embedded:///absolute/path/broker.db",
        )
    if parts.query or parts.fragment:
        raise Misconfigured(
            f"{SETTING} 的路径后有 ? 或 #；请写成 %3F 和 %23",
            f"{SETTING} has a ? or # behind its path; write them as %3F and %23",
        )
    return path


def _split(url: str) -> SplitResult:
    try:
        return urlsplit(url)
    except ValueError as error:  # its text may hold the password
        raise Misconfigured(
            f"{SETTING} 不是 URL（{type(error).__name__}）",
            f"{SETTING} is no URL ({type(error).__name__})",
        ) from None


def _nodes(parts: SplitResult, scheme: str) -> list[tuple[str, int]]:
    """Host and port of each node; none where one has no host."""
    names = parts.netloc.rpartition("@")[2].split(",")
    nodes = [_split(f"{scheme}://{name}") for name in names]
    found = [(_host(node), _port(node) or PORTS[scheme]) for node in nodes if node.hostname]
    return found if len(found) == len(names) else []


def _answers(host: str, port: int) -> bool:
    """Whether somebody accepts connections there."""
    try:
        socket.create_connection((host, port), timeout=_AT_HAND_SECONDS).close()
    except OSError:
        return False
    return True


def _host(parts: SplitResult) -> str:
    host = parts.hostname or ""
    try:
        host.encode("idna")
    except UnicodeError:
        raise Misconfigured(
            f"{SETTING} 中的主机名不可能存在：{host[:80]}",
            f"{SETTING} names a host that no name can be: {host[:80]}",
        ) from None
    return host


def _port(parts: SplitResult) -> int | None:
    try:
        return parts.port
    except ValueError:
        raise Misconfigured(
            f"{SETTING} 中的端口不是 65535 以内的数字",
            f"{SETTING} has a port that is no number up to 65535",
        ) from None
