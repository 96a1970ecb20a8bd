"""A PostgreSQL cluster of our own, on loopback: the distribution's program, new data."""

import os
import pwd
import secrets
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.servers.process import ServerProcess, free_port, own_directory, plain_environment

#: The user that the distribution makes; PostgreSQL refuses to run as root.
_SERVICE_USER = "postgres"


@dataclass(kw_only=True)
class PostgreSQL:
    """A running cluster."""

    #: postgresql+psycopg://postgres:password@127.0.0.1:port (no database)
    url: str
    process: ServerProcess
    _again: "_Launch"

    @property
    def folder(self) -> Path:
        """Where its data and its socket are."""
        return self._again.folder

    def kill(self) -> None:
        """The server is gone in the midst of what it did."""
        self.process.kill()

    def start_again(self) -> None:
        """After ``kill``: the server is back on the same port and has recovered."""
        self.process = self._again.start()


@dataclass(frozen=True, kw_only=True)
class _Launch:
    programs: Path
    folder: Path
    port: int

    def start(self) -> ServerProcess:
        data = self.folder / "data"
        (data / "postmaster.pid").unlink(missing_ok=True)
        process = ServerProcess(
            [
                *_as_service_user("--pdeathsig", "QUIT"),
                *(str(self.programs / "postgres"), "-D", str(data), "-p", str(self.port)),
                *("-h", "127.0.0.1", "-k", str(self.folder)),
                # A killed process loses nothing without it, only a machine without power does.
                *("-c", "fsync=off", "-c", "max_connections=200", "-c", "shared_buffers=64MB"),
            ],
            env=plain_environment(self.folder),
            log=self.folder / "postgresql.log",
            cwd=self.folder,
        )
        process.wait_until(self._answers)
        return process

    def _answers(self) -> bool:
        words = [str(self.programs / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        return subprocess.run(words, check=False, stdin=subprocess.DEVNULL).returncode == 0


def programs() -> Path | None:
    """The folder with initdb and postgres, of the newest version that is installed."""
    found = sorted(
        (path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/postgres")),
        key=lambda folder: float(folder.parent.name),
    )
    if found:
        return found[-1]
    server = shutil.which("postgres")
    return Path(server).resolve().parent if server else None


@contextmanager
def postgresql() -> Iterator[PostgreSQL]:
    """A cluster runs until the end of the block."""
    folder_of_programs = programs()
    if folder_of_programs is None:
        raise FileNotFoundError("PostgreSQL is not installed (package postgresql)")
    with ExitStack() as stack:
        folder = stack.enter_context(own_directory("postgresql"))
        password = secrets.token_hex(16)
        _make_cluster(folder_of_programs, folder, password)
        launch = _Launch(programs=folder_of_programs, folder=folder, port=free_port())
        url = f"postgresql+psycopg://postgres:{password}@127.0.0.1:{launch.port}"
        server = PostgreSQL(url=url, process=launch.start(), _again=launch)
        # SIGINT is the "fast" shutdown: it does not wait for clients.
        stack.callback(lambda: server.process.stop(signal.SIGINT))
        yield server


def _make_cluster(folder_of_programs: Path, folder: Path, password: str) -> None:
    secret = folder / "password"
    secret.write_text(password)
    if os.geteuid() == 0:
        shutil.chown(folder, _SERVICE_USER, _SERVICE_USER)
        shutil.chown(secret, _SERVICE_USER, _SERVICE_USER)
    subprocess.run(
        [
            *_as_service_user(),
            *(str(folder_of_programs / "initdb"), "--no-sync", "-D", str(folder / "data")),
            *("-U", "postgres", "-A", "scram-sha-256", f"--pwfile={secret}"),
            *("-E", "UTF8", "--locale=C.UTF-8"),
        ],
        env=plain_environment(folder),
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=True,
    )


def _as_service_user(*more: str) -> list[str]:
    """Words before a command that make it run as the service user, where we are root."""
    if os.geteuid() != 0:
        return []
    pwd.getpwnam(_SERVICE_USER)
    user = (f"--reuid={_SERVICE_USER}", f"--regid={_SERVICE_USER}", "--init-groups")
    return ["setpriv", *user, *more, "--"]
