"""A RabbitMQ node of our own, on loopback: the distribution's program, none of its set-up."""

import json
import os
import secrets
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from tests.servers.process import (
    ServerProcess,
    Switch,
    accepts,
    free_port,
    own_directory,
    plain_environment,
)

#: rabbitmqctl and the node's other helpers listen on one of these while they run.
_CTL_PORTS = 40
_CLUSTERED = (
    "cluster_formation.peer_discovery_backend = classic_config\n"
    "cluster_partition_handling = pause_minority\n"
)


@dataclass(frozen=True, kw_only=True)
class RabbitMQ:
    """A running node, and what it takes to command it from any process."""

    #: amqp://user:password@127.0.0.1:port/ (the default virtual host)
    url: str
    user: str
    #: of ``rabbitmqctl``
    program: str
    environment: Mapping[str, str]
    #: what kills it and starts it again; None where another process started it
    switch: Switch | None = field(default=None, repr=False, compare=False)

    @property
    def address(self) -> str:
        """``127.0.0.1:port``."""
        return self.url.rpartition("@")[2].rstrip("/")

    def control(self, *words: str) -> str:
        """What ``rabbitmqctl`` printed. Raises CalledProcessError."""
        done = subprocess.run(
            [self.program, "--quiet", *words],
            env=dict(self.environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=True,
            timeout=120,
        )
        return done.stdout

    def add_vhosts(self, *names: str) -> None:
        """The virtual hosts exist, and our user may do anything in them; one call for all."""
        steps = [
            f'ok = rabbit_vhost:add(<<"{name}">>, <<"tests">>),'
            f'ok = rabbit_auth_backend_internal:set_permissions(<<"{self.user}">>, <<"{name}">>,'
            '<<".*">>, <<".*">>, <<".*">>, <<"tests">>),'
            for name in names
        ]
        self.control("eval", "".join(steps) + " ok.")

    def vhost_url(self, vhost: str) -> str:
        """The URL of a virtual host, for our user."""
        return f"{self.url.rstrip('/')}/{vhost}"

    def add_user(self, name: str, *, vhost: str, configure: str, write: str, read: str) -> str:
        """A user with these permissions (regular expressions) exists; its URL is given."""
        password = secrets.token_hex(12)  # a word of a command: none that begins with -
        self.control("add_user", name, password)
        self.control("set_permissions", "-p", vhost, name, configure, write, read)
        return f"amqp://{name}:{password}@{self.address}/{vhost}"

    def stop_app(self) -> None:
        """The broker is away, every connection cut; the node itself and its data stay."""
        self.control("stop_app")

    def start_app(self) -> None:
        """The broker is back."""
        self.control("start_app")
        self.control("await_startup")

    def kill(self) -> None:
        """The node is gone in the midst of what it did."""
        self._own_switch().kill()

    def start_again(self) -> None:
        """After ``kill`` or ``stop``: the node is back on the same port and has recovered."""
        self._own_switch().on()
        self.await_startup()

    def stop(self) -> None:
        """The node has ended in order."""
        self._own_switch().stop()

    def await_startup(self) -> None:
        """The node listens and has started up whole. Raises ``ServerFailed``."""
        port = int(self.address.rpartition(":")[2])
        self._own_switch().process.wait_until(lambda: accepts(port))
        self.control("await_startup")

    def cut_off(self, others: Sequence["RabbitMQ"]) -> None:
        """The node and ``others`` of its cluster cannot speak to each other; clients still can."""
        self._each(others, "erlang:set_cookie(N, cut), erlang:disconnect_node(N)")

    def heal(self, others: Sequence["RabbitMQ"]) -> None:
        """After ``cut_off``: they can speak to each other again."""
        self._each(others, "erlang:set_cookie(N, erlang:get_cookie()), net_kernel:connect_node(N)")

    def _each(self, others: Sequence["RabbitMQ"], deed: str) -> None:
        names = ", ".join(f"'{other.environment['RABBITMQ_NODENAME']}'" for other in others)
        self.control("eval", f"[begin {deed} end || N <- [{names}]].")

    def _own_switch(self) -> Switch:
        if self.switch is None:
            raise RuntimeError("only who started a node may kill it; take private_rabbitmq")
        return self.switch

    def to_json(self) -> str:
        """For another process: see ``from_json``."""
        return json.dumps(asdict(replace(self, switch=None)))

    @classmethod
    def from_json(cls, text: str) -> "RabbitMQ":
        """The node that another process started."""
        return cls(**json.loads(text))


def programs() -> Path | None:
    """The folder with RabbitMQ's own scripts, not Debian's wrappers, which change the user."""
    found = sorted(Path("/usr/lib/rabbitmq/lib").glob("rabbitmq_server-*/sbin"))
    if found:
        return found[-1]
    server = shutil.which("rabbitmq-server")
    folder = Path(server).resolve().parent if server else None
    return folder if folder and (folder / "rabbitmq-env").exists() else None


@dataclass(frozen=True, kw_only=True)
class _Site:
    """What the nodes of a cluster have in common."""

    scripts: Path
    epmd_port: int = field(default_factory=free_port)
    cookie: str = field(default_factory=lambda: secrets.token_hex(16), repr=False)
    user: str = "hanyin-test"
    password: str = field(default_factory=lambda: secrets.token_urlsafe(16), repr=False)


@contextmanager
def rabbitmq(*, more: str = "") -> Iterator[RabbitMQ]:
    """A node runs until the end of the block, with an epmd of its own.

    ``more`` stands at the end of its rabbitmq.conf.
    """
    with _nodes(1, more=more) as nodes:
        yield nodes[0]


@contextmanager
def rabbitmq_cluster(count: int = 3) -> Iterator[list[RabbitMQ]]:
    """A cluster of ``count`` nodes runs until the end of the block; a minority of them pauses."""
    with _nodes(count, more=_CLUSTERED) as nodes:
        yield nodes


@contextmanager
def _nodes(count: int, *, more: str) -> Iterator[list[RabbitMQ]]:
    scripts = programs()
    if scripts is None:
        raise FileNotFoundError("RabbitMQ is not installed (package rabbitmq-server)")
    site = _Site(scripts=scripts)
    with ExitStack() as stack:
        folders = [stack.enter_context(own_directory("rabbitmq")) for _ in range(count)]
        environments = [_environment(folder, site) for folder in folders]
        _start_epmd(stack, folders[0], environments[0], site.epmd_port)
        if count > 1:
            more += _peers(environments)
        nodes = [
            _begun(stack, folder, environment, site, more)
            for folder, environment in zip(folders, environments, strict=True)
        ]
        for node in nodes:
            node.await_startup()
        yield nodes


def _peers(environments: Sequence[Mapping[str, str]]) -> str:
    """Each node's name, by which the nodes find each other."""
    return "".join(
        f"cluster_formation.classic_config.nodes.{place} = {each['RABBITMQ_NODENAME']}\n"
        for place, each in enumerate(environments, start=1)
    )


def _begun(
    stack: ExitStack, folder: Path, environment: Mapping[str, str], site: _Site, more: str
) -> RabbitMQ:
    """A node that listens; it may not have started up whole."""
    port = free_port()
    _configure(folder, port=port, site=site, more=more)
    switch = Switch(lambda: _started(site.scripts, folder, environment))
    # Its data goes with it, so it need not end in order.
    stack.callback(switch.kill)
    return RabbitMQ(
        url=f"amqp://{site.user}:{site.password}@127.0.0.1:{port}/",
        user=site.user,
        program=str(site.scripts / "rabbitmqctl"),
        environment=environment,
        switch=switch,
    )


def _start_epmd(stack: ExitStack, folder: Path, environment: Mapping[str, str], port: int) -> None:
    epmd = ServerProcess(
        [_epmd(), "-port", str(port), "-address", "127.0.0.1", "-relaxed_command_check"],
        env=environment,
        log=folder / "epmd.log",
    )
    stack.callback(epmd.stop)
    epmd.wait_until(lambda: accepts(port))


def _started(scripts: Path, folder: Path, environment: Mapping[str, str]) -> ServerProcess:
    return ServerProcess(
        [str(scripts / "rabbitmq-server")],
        env=environment,
        log=folder / "rabbitmq.log",
        cwd=folder,
    )


def _epmd() -> str:
    return shutil.which("epmd") or "/usr/bin/epmd"


def _environment(folder: Path, site: _Site) -> dict[str, str]:
    node_port, ctl_port = free_port(), free_port()
    name = f"hanyin-test-{os.getpid()}-{node_port}@localhost"
    return plain_environment(folder) | {
        "ERL_EPMD_PORT": str(site.epmd_port),
        "ERL_EPMD_ADDRESS": "127.0.0.1",
        "RABBITMQ_NODENAME": name,
        "RABBITMQ_DIST_PORT": str(node_port),
        "RABBITMQ_CTL_DIST_PORT_MIN": str(min(ctl_port, 65535 - _CTL_PORTS)),
        "RABBITMQ_CTL_DIST_PORT_MAX": str(min(ctl_port + _CTL_PORTS, 65535)),
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
        "RABBITMQ_CONF_ENV_FILE": str(folder / "rabbitmq-env.conf"),
        "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq.conf"),
        "RABBITMQ_ADVANCED_CONFIG_FILE": str(folder / "advanced.config"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "enabled_plugins"),
        "RABBITMQ_MNESIA_BASE": str(folder / "data"),
        "RABBITMQ_LOG_BASE": str(folder / "log"),
        "RABBITMQ_GENERATED_CONFIG_DIR": str(folder / "config"),
        "RABBITMQ_SCHEMA_DIR": str(folder / "schema"),
        "RABBITMQ_PID_FILE": str(folder / "node.pid"),
        # the script becomes the Erlang machine instead of waiting for it, so signals reach it
        "RUNNING_UNDER_SYSTEMD": "1",
    }


def _configure(folder: Path, *, port: int, site: _Site, more: str) -> None:
    cookie = folder / ".erlang.cookie"
    cookie.write_text(site.cookie)
    cookie.chmod(0o400)
    (folder / "rabbitmq-env.conf").write_text("")
    (folder / "advanced.config").write_text("[].\n")
    (folder / "enabled_plugins").write_text("[].\n")
    (folder / "rabbitmq.conf").write_text(
        f"listeners.tcp.1 = 127.0.0.1:{port}\n"
        f"default_user = {site.user}\n"
        f"default_pass = {site.password}\n"
        # A small or busy machine must not stop publishers in the middle of a test.
        "vm_memory_high_watermark.relative = 0.9\n"
        "disk_free_limit.absolute = 50MB\n"
        # 512 MiB by default, filled before it is used
        "raft.wal_max_size_bytes = 33554432\n"
        f"log.file.level = info\n{more}"
    )
