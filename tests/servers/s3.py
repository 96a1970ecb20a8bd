"""An S3 store of our own, on loopback: MinIO where it can be had, else moto's server."""

import re
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.request import urlopen

from tests.servers.process import (
    ServerProcess,
    Switch,
    accepts,
    free_port,
    own_directory,
    plain_environment,
)

#: What ``github.com/minio/minio@latest`` resolves to since its authors ended the project.
MINIO_VERSION = "v0.0.0-20260212201848-7aac2a2c5b7c"

#: The least version of Go that its go.mod asks for.
_GO_NEEDED = (1, 24)

#: Where a MinIO that we built stays between runs; a new version gets a new folder.
_CACHE = Path(__file__).parents[2] / ".cache" / f"minio-{MINIO_VERSION}"


@dataclass(frozen=True, kw_only=True)
class Certificate:
    """What a store shows, PEM."""

    file: Path
    key: Path


@dataclass(frozen=True, kw_only=True)
class S3Store:
    """A running store."""

    #: host:port
    endpoint: str
    secure: bool
    access_key: str
    secret_key: str
    #: whether its object lock is a true one
    locks: bool
    #: what stops it and starts it again; None where another process started it
    switch: Switch | None = None

    def bucket_url(self, bucket: str) -> str:
        """The storage URL of a bucket, as the settings take it (no credentials)."""
        return f"s3+http{'s' if self.secure else ''}://{self.endpoint}/{bucket}"

    def stop(self) -> None:
        """The store is away; what it holds stays."""
        _switch_of(self).kill()

    def start_again(self) -> None:
        """After ``stop``: the store is back on the same port."""
        _switch_of(self).on()


def _switch_of(store: S3Store) -> Switch:
    if store.switch is None:
        raise RuntimeError("only who started a store may stop it; take private_s3")
    return store.switch


def minio_program() -> str | None:
    """``minio`` on the PATH, else the one that ``prepare`` built."""
    built = _CACHE / "minio"
    return shutil.which("minio") or (str(built) if built.exists() else None)


def prepare() -> None:
    """MinIO is there if it can be had: built by Go into the cache, once; it takes minutes."""
    if minio_program():
        return
    if not _go_suffices():
        print("S3: neither minio nor Go 1.24 is there; the tests use moto's server")  # noqa: T201
        return
    print(f"S3: building MinIO {MINIO_VERSION} into .cache; this takes minutes, once")  # noqa: T201
    _CACHE.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(
        [
            *("nice", "env", f"GOBIN={_CACHE}", "go", "install", "-trimpath", "-ldflags", "-s -w"),
            f"github.com/minio/minio@{MINIO_VERSION}",
        ],
        cwd=_CACHE,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    if done.returncode:
        print("S3: MinIO could not be built; the tests use moto's server")  # noqa: T201


def _go_suffices() -> bool:
    if not shutil.which("go"):
        return False
    said = subprocess.run(["go", "version"], capture_output=True, text=True, check=False).stdout
    match = re.search(r"\bgo(\d+)\.(\d+)", said)
    return match is not None and (int(match[1]), int(match[2])) >= _GO_NEEDED


@contextmanager
def s3(certificate: Certificate | None = None) -> Iterator[S3Store]:
    """A store runs until the end of the block; with ``certificate`` it speaks TLS alone."""
    program = minio_program()
    with ExitStack() as stack:
        folder = stack.enter_context(own_directory("s3"))
        store = S3Store(
            endpoint=f"127.0.0.1:{free_port()}",
            secure=certificate is not None,
            access_key=f"test{secrets.token_hex(4)}",
            secret_key=secrets.token_urlsafe(24),
            locks=program is not None,
        )
        switch = Switch(lambda: _started(program, store, folder, certificate))
        stack.callback(switch.stop)
        yield replace(store, switch=switch)


def _started(
    program: str | None, store: S3Store, folder: Path, certificate: Certificate | None
) -> ServerProcess:
    port = int(store.endpoint.rpartition(":")[2])
    if program:
        _place(certificate, folder / "certs")
        process = _minio(program, store, folder)
    else:
        process = _moto(port, folder, certificate)
    plain = program and not certificate
    process.wait_until(lambda: _healthy(port) if plain else accepts(port))
    return process


def _minio(program: str, store: S3Store, folder: Path) -> ServerProcess:
    settings = {
        "MINIO_ROOT_USER": store.access_key,
        "MINIO_ROOT_PASSWORD": store.secret_key,
        "MINIO_BROWSER": "off",
        "MINIO_UPDATE": "off",
    }
    return ServerProcess(
        [
            *(program, "server", "--quiet", "--address", store.endpoint),
            *("--certs-dir", str(folder / "certs"), str(folder / "data")),
        ],
        env=plain_environment(folder) | settings,
        log=folder / "minio.log",
        cwd=folder,
    )


def _place(certificate: Certificate | None, folder: Path) -> None:
    """MinIO finds the certificate by its name; without one it speaks no TLS."""
    if certificate is not None:
        folder.mkdir(exist_ok=True)
        shutil.copyfile(certificate.file, folder / "public.crt")
        shutil.copyfile(certificate.key, folder / "private.key")


def _moto(port: int, folder: Path, certificate: Certificate | None) -> ServerProcess:
    words = ("-c", str(certificate.file), "-k", str(certificate.key)) if certificate else ()
    return ServerProcess(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port), *words],
        env=plain_environment(folder),
        log=folder / "moto.log",
        cwd=folder,
    )


def _healthy(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/minio/health/ready", timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
