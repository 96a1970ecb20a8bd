"""The demo authority: made on first use, whole or not at all, whoever starts or dies meanwhile."""

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509

from schemas.errors import Misconfigured
from signing.authority import DemoAuthority, _pem
from signing.certificates import issue
from signing.keys import issued
from signing.names import demo_name, is_of
from tests.building.sealing import NAME

_MAKE = """
import sys
from pathlib import Path
from signing.authority import DemoAuthority
key = DemoAuthority(Path(sys.argv[1])).key_of("430111", "某某中心")
print(key.serial, flush=True)
"""


def _mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def _start(folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", _MAKE, str(folder)],
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "home" / "authority"


def test_every_certificate_says_demo(folder: Path) -> None:
    key = DemoAuthority(folder).key_of("430111", NAME)
    assert key.subject == f"CN={NAME} (DEMO),O={NAME} (DEMO),C=CN"
    assert all("DEMO" in link.subject.rfc4514_string() for link in key.chain)


@pytest.mark.parametrize("length", [19, 20, 30, 57])
def test_a_long_name_is_counted_in_characters(folder: Path, length: int) -> None:
    name = ("长沙市雨花区社会保险服务中心" * 5)[:length]
    key = DemoAuthority(folder).key_of("430111", name)
    assert is_of(key.certificate.subject, [demo_name(name)])
    with pytest.raises(Misconfigured, match="longer than"):
        DemoAuthority(folder).key_of("430112", "长" * 60)


def test_the_root_is_an_authority_and_the_agency_is_none(folder: Path) -> None:
    authority = DemoAuthority(folder)
    key, root = authority.key_of("430111", NAME), authority.root()
    assert key.issuers == (root,)
    basic = x509.BasicConstraints
    assert root.extensions.get_extension_for_class(basic).value == basic(ca=True, path_length=0)
    own = key.certificate.extensions
    assert own.get_extension_for_class(basic).value == basic(ca=False, path_length=None)
    usage = own.get_extension_for_class(x509.KeyUsage).value
    assert usage.content_commitment
    assert usage.digital_signature
    assert not usage.key_cert_sign


def test_keys_are_their_owner_s_alone(folder: Path) -> None:
    DemoAuthority(folder).key_of("430111", NAME)
    assert _mode(folder) == 0o700
    assert {file.name: _mode(file) for file in folder.iterdir()} == {
        "root.pem": 0o600,
        "agency-430111.pem": 0o600,
    }


def test_the_same_keys_come_back_every_time(folder: Path) -> None:
    first, second = DemoAuthority(folder), DemoAuthority(folder)
    assert first.key_of("430111", NAME).serial == second.key_of("430111", NAME).serial
    assert first.root() == second.root()


def test_each_agency_has_a_key_of_its_own(folder: Path) -> None:
    authority = DemoAuthority(folder)
    assert authority.key_of("430111", NAME).serial != authority.key_of("430102", NAME).serial


def test_a_new_name_gets_a_new_certificate(folder: Path) -> None:
    authority = DemoAuthority(folder)
    old = authority.key_of("430111", NAME)
    new = authority.key_of("430111", "另一中心")
    assert new.serial != old.serial
    assert "另一中心" in new.subject
    assert authority.key_of("430111", "另一中心").serial == new.serial


def test_a_certificate_that_ends_soon_is_made_anew(folder: Path) -> None:
    authority = DemoAuthority(folder)
    authority.key_of("430111", NAME)
    name = authority.key_of("430111", NAME).certificate.subject
    now = datetime.now(UTC)
    worn = issue(name, authority._authority(), since=now, until=now + timedelta(days=20))
    (folder / "agency-430111.pem").write_bytes(_pem(worn))
    assert authority.key_of("430111", NAME).serial != worn.serial


def test_under_a_new_root_the_agency_gets_a_new_certificate(folder: Path) -> None:
    old = DemoAuthority(folder).key_of("430111", NAME)
    (folder / "root.pem").unlink()
    authority = DemoAuthority(folder)
    key = authority.key_of("430111", NAME)
    assert key.serial != old.serial
    assert issued(authority.root(), key.certificate)


def test_a_name_longer_than_a_certificate_holds_is_an_error(folder: Path) -> None:
    with pytest.raises(Misconfigured, match="64 characters"):
        DemoAuthority(folder).key_of("430111", "长" * 60)


def test_a_damaged_file_is_named(folder: Path) -> None:
    DemoAuthority(folder).root()
    (folder / "root.pem").write_bytes(b"-----BEGIN PRIVATE KEY-----\n")
    with pytest.raises(Misconfigured, match=r"root\.pem"):
        DemoAuthority(folder).root()


def test_many_that_start_at_once_share_one_authority(folder: Path) -> None:
    processes = [_start(folder) for _ in range(4)]
    serials = {process.communicate(timeout=120)[0] for process in processes}
    assert all(process.returncode == 0 for process in processes)
    assert serials == {f"{DemoAuthority(folder).key_of('430111', '某某中心').serial}\n"}


@pytest.mark.parametrize("moment", range(6))
def test_one_that_is_killed_leaves_nothing_half(folder: Path, moment: int) -> None:
    process = _start(folder)
    until = time.monotonic() + 60
    # killed at the first sight of the directory, and some moments later
    while not folder.exists() and process.poll() is None and time.monotonic() < until:
        time.sleep(0.001)
    time.sleep(moment * 0.03)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    key = DemoAuthority(folder).key_of("430111", "某某中心")
    assert issued(DemoAuthority(folder).root(), key.certificate)
