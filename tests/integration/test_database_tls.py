"""PostgreSQL over TLS: the server's certificate is checked, as the address in the settings says."""

import ipaddress
import os
import shutil
from pathlib import Path

import psycopg
import pytest

from ledger.database import Database
from ledger.migration import migrate
from schemas.errors import Unavailable
from tests.building.certificates import certificate_for
from tests.servers.postgresql import PostgreSQL

pytestmark = pytest.mark.timeout(120)


def secured(server: PostgreSQL, folder: Path, host: str, *, days: int = 1) -> Path:
    """The server shows a certificate for ``host`` from now on; the file of its authority."""
    certificate = certificate_for(folder, ipaddress.IPv4Address(host), days=days)
    data = server.folder / "data"
    for file, name in ((certificate, "server.crt"), (folder / "key.pem", "server.key")):
        placed = data / name
        shutil.copyfile(file, placed)
        placed.chmod(0o600)
        if os.geteuid() == 0:
            shutil.chown(placed, "postgres", "postgres")
    plain = server.url.replace("+psycopg", "", 1)
    with psycopg.connect(f"{plain}/postgres", autocommit=True) as connection:
        connection.execute("alter system set ssl = on")
        connection.execute("select pg_reload_conf()")
    return certificate


def ledger(server: PostgreSQL, authority: Path) -> Database:
    return Database(
        f"{server.url}/postgres?sslmode=verify-full&sslrootcert={authority}&gssencmode=disable"
    )


def test_a_server_that_the_authority_vouches_for_is_spoken_to_over_tls(
    private_postgresql: PostgreSQL, tmp_path: Path
) -> None:
    database = ledger(private_postgresql, secured(private_postgresql, tmp_path, "127.0.0.1"))
    migrate(database)
    with database.reading() as connection:
        query = "select ssl from pg_stat_ssl where pid = pg_backend_pid()"
        assert connection.exec_driver_sql(query).scalar_one() is True
    database.close()


@pytest.mark.parametrize("wrong", ["another host", "another authority", "out of time"])
def test_any_other_server_is_refused_with_the_reason(
    private_postgresql: PostgreSQL, tmp_path: Path, wrong: str
) -> None:
    host = "127.0.0.2" if wrong == "another host" else "127.0.0.1"
    authority = secured(
        private_postgresql, tmp_path, host, days=-1 if wrong == "out of time" else 1
    )
    if wrong == "another authority":
        other = tmp_path / "other"
        other.mkdir()
        authority = certificate_for(other, ipaddress.IPv4Address(host))
    database = ledger(private_postgresql, authority)
    with pytest.raises(Unavailable, match="certificate"), database.reading():
        raise AssertionError
    database.close()
