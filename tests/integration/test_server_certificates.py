"""Real servers over TLS, a combination a test: the right certificate serves, no other does.

PostgreSQL's are in ``test_database_tls``, a listener that notes who trusted it in
``test_broker_tls``.
"""

import ipaddress
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from archive.opening import open_archive
from schemas.errors import Unavailable
from tests.building.brokers import directory, event
from tests.building.certificates import certificate_for
from tests.servers.absence import missing
from tests.servers.process import free_port
from tests.servers.rabbitmq import RabbitMQ, rabbitmq
from tests.servers.rabbitmq import programs as rabbitmq_programs
from tests.servers.s3 import Certificate, s3
from workers.brokers.opening import declare_topology, open_intake, open_mailbox, open_outlet

_SAMPLE = Path(__file__).parents[2] / "deploy" / "rabbitmq-tls.conf"

pytestmark = pytest.mark.timeout(200)


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A server's certificate, and the authority that the client trusts."""

    certificate: Certificate
    trusted: Path


def shown(folder: Path, case: str) -> Shown:
    """The certificate of ``case``: right, or wrong in one way."""
    host = ipaddress.IPv4Address("127.0.0.2" if case == "another host" else "127.0.0.1")
    own, other = folder / "own", folder / "other"
    for place in (own, other):
        place.mkdir()
    file = certificate_for(own, host, days=-1 if case == "out of time" else 1)
    stranger = certificate_for(other, host)
    return Shown(
        certificate=Certificate(file=file, key=own / "key.pem"),
        trusted=stranger if case == "another authority" else file,
    )


#: what is wrong → what the error must say of it, in OpenSSL's words
WRONG = {
    "another host": "IP address mismatch",
    "another authority": "self-signed certificate",
    "out of time": "certificate has expired",
}


@dataclass(frozen=True, kw_only=True)
class SafeRabbit:
    """A node that speaks TLS, and may be given another certificate."""

    node: RabbitMQ
    port: int
    folder: Path

    @property
    def url(self) -> str:
        return f"amqps://{self.node.url.split('//')[1].rpartition('@')[0]}@127.0.0.1:{self.port}/"

    def show(self, certificate: Certificate) -> None:
        shutil.copyfile(certificate.file, self.folder / "cert.pem")
        shutil.copyfile(certificate.key, self.folder / "key.pem")
        self.node.control("eval", "ssl:clear_pem_cache().")


@pytest.fixture(scope="module")
def safe_rabbit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SafeRabbit]:
    if rabbitmq_programs() is None:
        missing("RabbitMQ", "it is not installed")
    folder, port = tmp_path_factory.mktemp("tls"), free_port()
    certificate_for(folder, ipaddress.IPv4Address("127.0.0.1")).rename(folder / "cert.pem")
    # the sample that deploy/compose.tls.yml mounts, with this test's port and files
    more = _SAMPLE.read_text().replace("= 5671", f"= 127.0.0.1:{port}")
    for name, own in (("server.crt", "cert"), ("server.key", "key"), ("ca.crt", "cert")):
        more = more.replace(f"/etc/rabbitmq/tls/{name}", f"{folder}/{own}.pem")
    with rabbitmq(more=more) as node:
        yield SafeRabbit(node=node, port=port, folder=folder)


def _declare(url: str, trusted: Path) -> None:
    declare_topology(url, directory(), ca_file=trusted)


def _publish(url: str, trusted: Path) -> None:
    with closing(open_outlet(url, directory(), ca_file=trusted)) as outlet:
        assert outlet.publish([event("e1")]) == ["confirmed"]


def _receive(url: str, trusted: Path) -> None:
    with closing(open_intake(url, directory(), ca_file=trusted)) as intake:
        assert intake.receive(limit=1, wait=20)


def _read(url: str, trusted: Path) -> None:
    open_mailbox(url, directory(), ca_file=trusted).read("documents.all", limit=1, remove=False)


VISITS: list[Callable[[str, Path], None]] = [_declare, _publish, _receive, _read]


@pytest.mark.rabbitmq
def test_rabbitmq_with_the_right_certificate_serves(
    safe_rabbit: SafeRabbit, tmp_path: Path
) -> None:
    right = shown(tmp_path, "right")
    safe_rabbit.show(right.certificate)
    for visit in VISITS:
        visit(safe_rabbit.url, right.trusted)


@pytest.mark.rabbitmq
@pytest.mark.parametrize("wrong", WRONG)
def test_rabbitmq_with_another_is_refused_with_the_reason(
    safe_rabbit: SafeRabbit, tmp_path: Path, wrong: str
) -> None:
    case = shown(tmp_path, wrong)
    safe_rabbit.show(case.certificate)
    for visit in VISITS:
        with pytest.raises(Unavailable, match="HANYIN_BROKER_CA_FILE") as refused:
            visit(safe_rabbit.url, case.trusted)
        assert WRONG[wrong] in str(refused.value)
        assert safe_rabbit.url.split(":")[2].split("@")[0] not in str(refused.value)


def _stat(url: str, access: str, secret: str, trusted: Path | None) -> object:
    archive = open_archive(url, access_key=access, secret_key=secret, ca_file=trusted)
    with closing(archive):
        return archive.stat("430000/nothing", None)


@pytest.mark.s3
def test_a_store_with_the_right_certificate_serves(tmp_path: Path) -> None:
    right = shown(tmp_path, "right")
    with s3(right.certificate) as store:
        url = store.bucket_url("letters")
        assert url.startswith("s3+https://")
        assert _stat(url, store.access_key, store.secret_key, right.trusted) is None


@pytest.mark.s3
@pytest.mark.parametrize("wrong", WRONG)
def test_a_store_with_another_is_refused_with_the_reason(tmp_path: Path, wrong: str) -> None:
    case = shown(tmp_path, wrong)
    with s3(case.certificate) as store:
        url = store.bucket_url("letters")
        with pytest.raises(Unavailable, match="HANYIN_STORAGE_CA_FILE") as refused:
            _stat(url, store.access_key, store.secret_key, case.trusted)
    assert WRONG[wrong] in str(refused.value)


@pytest.mark.s3
def test_without_an_authority_of_its_own_a_store_must_have_a_public_certificate(
    tmp_path: Path,
) -> None:
    right = shown(tmp_path, "right")
    with s3(right.certificate) as store, pytest.raises(Unavailable, match="self-signed"):
        _stat(store.bucket_url("letters"), store.access_key, store.secret_key, None)
