"""Servers for tests: started by ``python -m tests.servers run``; skipped on a laptop without them.

With ``CI=true`` a missing server is a failure. Every test gets a virtual host, database or bucket
of its own. A test that stops or kills a server takes a ``private_…`` one.
"""

import uuid
from collections.abc import Callable, Generator, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import hypothesis
import psycopg
import pytest
import structlog

from tests.building import leftovers
from tests.building.installation import Installation
from tests.servers.absence import missing
from tests.servers.addresses import postgresql_address, rabbitmq_address, s3_address
from tests.servers.postgresql import PostgreSQL, postgresql
from tests.servers.postgresql import programs as postgresql_programs
from tests.servers.rabbitmq import RabbitMQ, rabbitmq
from tests.servers.rabbitmq import programs as rabbitmq_programs
from tests.servers.s3 import S3Store, s3

leftovers.watch()

# a machine is shared: how long an example takes says nothing of the program (timeouts end hangs)
hypothesis.settings.register_profile("shared machine", deadline=None)
hypothesis.settings.load_profile("shared machine")

#: Virtual hosts made by one call of rabbitmqctl, which takes a second each time.
_VHOSTS_AT_ONCE = 10

_MARK_OF = {
    "rabbitmq": pytest.mark.rabbitmq,
    "postgres": pytest.mark.postgresql,
    "s3": pytest.mark.s3,
}


@dataclass(frozen=True, kw_only=True)
class Bucket:
    """A name for a bucket that nobody has made yet, and how to reach it."""

    url: str
    access_key: str
    secret_key: str
    #: whether the store's object lock is a true one
    locks: bool


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that ask for a server carry its mark."""
    for item in items:
        names = getattr(item, "fixturenames", ())
        for server, mark in _MARK_OF.items():
            if any(name.removeprefix("private_").startswith(server) for name in names):
                item.add_marker(mark)


@pytest.fixture(autouse=True)
def logs_as_they_were() -> Iterator[None]:
    """A command that a test calls sets up logs on a stderr that is closed after the test."""
    before = structlog.get_config()
    yield
    structlog.configure(**before)


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef: pytest.FixtureDef[Any]) -> Generator[None, Any, Any]:
    """What a fixture for several tests starts is no test's to end."""
    with leftovers.kept() if fixturedef.scope != "function" else nullcontext():
        return (yield)


@pytest.fixture(autouse=True)
def no_process_is_left() -> Iterator[None]:
    """A test that started a process has waited for its end."""
    before = leftovers.known()
    yield
    left = leftovers.left_since(before)
    assert not left, f"nobody waited for {left}"


@pytest.fixture(scope="session")
def rabbitmq_server() -> RabbitMQ:
    """The node that all tests share: do not stop it."""
    node = rabbitmq_address()
    if node is None:
        missing("RabbitMQ", "HANYIN_TEST_RABBITMQ_CONTROL is not set")
        raise AssertionError
    return node


@pytest.fixture(scope="session")
def rabbitmq_vhosts(rabbitmq_server: RabbitMQ) -> Callable[[], str]:
    """Gives the name of a new, empty virtual host."""
    ready: list[str] = []

    def take() -> str:
        if not ready:
            ready.extend(f"t{uuid.uuid4().hex}" for _ in range(_VHOSTS_AT_ONCE))
            rabbitmq_server.add_vhosts(*ready)
        return ready.pop()

    return take


@pytest.fixture
def rabbitmq_vhost(rabbitmq_vhosts: Callable[[], str]) -> str:
    """The name of this test's own virtual host."""
    return rabbitmq_vhosts()


@pytest.fixture
def rabbitmq_url(rabbitmq_server: RabbitMQ, rabbitmq_vhost: str) -> str:
    """amqp://… of this test's own virtual host."""
    return rabbitmq_server.vhost_url(rabbitmq_vhost)


@pytest.fixture
def private_rabbitmq() -> Iterator[RabbitMQ]:
    """A node for this test alone, which may stop it; it takes some seconds to start."""
    if rabbitmq_programs() is None:
        missing("RabbitMQ", "it is not installed")
    with rabbitmq() as node:
        yield node


@pytest.fixture(scope="session")
def postgres_server() -> str:
    """postgresql+psycopg://… of the cluster that all tests share, without a database."""
    url = postgresql_address()
    if url is None:
        missing("PostgreSQL", "HANYIN_TEST_POSTGRESQL_URL is not set")
        raise AssertionError
    return url


@pytest.fixture
def postgresql_url(postgres_server: str) -> Iterator[str]:
    """postgresql+psycopg://… of this test's own, empty database, dropped afterwards."""
    name = f"t{uuid.uuid4().hex}"
    administrator = postgres_server.replace("+psycopg", "", 1) + "/postgres"
    with psycopg.connect(administrator, autocommit=True) as connection:
        connection.execute(f'create database "{name}"'.encode())
    yield f"{postgres_server}/{name}"
    with psycopg.connect(administrator, autocommit=True) as connection:
        connection.execute(f'drop database "{name}" with (force)'.encode())


@pytest.fixture(params=["sqlite", "postgresql"])
def ledger_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of this test's own, of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/ledger.db"
    found: str = request.getfixturevalue("postgresql_url")
    return found


@pytest.fixture
def private_postgresql() -> Iterator[PostgreSQL]:
    """A cluster for this test alone, which may kill it."""
    if postgresql_programs() is None:
        missing("PostgreSQL", "it is not installed")
    with postgresql() as server:
        yield server


@pytest.fixture(scope="session")
def s3_server() -> S3Store:
    """The store that all tests share."""
    store = s3_address()
    if store is None:
        missing("S3", "HANYIN_TEST_S3_URL is not set")
        raise AssertionError
    return store


@pytest.fixture
def s3_bucket(s3_server: S3Store) -> Bucket:
    """A bucket of this test's own, which the program makes."""
    return bucket_of(s3_server)


@pytest.fixture
def private_s3() -> Iterator[S3Store]:
    """A store for this test alone, which may stop it."""
    with s3() as store:
        yield store


def bucket_of(store: S3Store) -> Bucket:
    """A new bucket's name in the store."""
    return Bucket(
        url=store.bucket_url(f"t{uuid.uuid4().hex}"),
        access_key=store.access_key,
        secret_key=store.secret_key,
        locks=store.locks,
    )


@pytest.fixture
def embedded(tmp_path: Path) -> Installation:
    """The embedded default in a home of this test's own."""
    return Installation(name="embedded", variables={"HANYIN_HOME": str(tmp_path / "var")})


@pytest.fixture
def on_servers(
    tmp_path: Path, rabbitmq_url: str, postgresql_url: str, s3_bucket: Bucket
) -> Installation:
    """RabbitMQ, PostgreSQL and S3, each with a place of this test's own; migrated."""
    made = Installation(
        name="servers",
        variables={
            "HANYIN_HOME": str(tmp_path / "var"),
            "HANYIN_BROKER_URL": rabbitmq_url,
            "HANYIN_DATABASE_URL": postgresql_url,
            "HANYIN_STORAGE_URL": s3_bucket.url,
            "HANYIN_STORAGE_ACCESS_KEY": s3_bucket.access_key,
            "HANYIN_STORAGE_SECRET_KEY": s3_bucket.secret_key,
            # a lock that nobody can shorten would outlive the test's store
            "HANYIN_STORAGE_LOCK_MODE": "GOVERNANCE",
        },
    )
    made.run("migrate")
    return made


@pytest.fixture(params=["embedded", "servers"])
def installation(request: pytest.FixtureRequest) -> Installation:
    """Both set-ups, one after the other."""
    name = "embedded" if request.param == "embedded" else "on_servers"
    found: Installation = request.getfixturevalue(name)
    return found
