"""The demo authority: a root of our own and certificates for invented agencies, marked DEMO.

It is made on first use. A key and its certificate stand in one file that appears whole or not at
all: written beside, flushed, then linked to its name. Of two processes that start at once one
links first and the other takes what it finds; one that is killed leaves a file that nobody reads.
"""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID

from schemas.errors import Misconfigured
from signing.certificates import issue, new_root
from signing.keys import SigningKey, issued, signing_key
from signing.names import DEMO, demo_name

#: a clock that is slow by less than this still finds the certificate valid
_SLOW_CLOCK = timedelta(days=1)
_ROOT_DAYS, _AGENCY_DAYS = 3650, 1095
#: an agency's certificate is made anew when it has less than this left
_RENEWAL = timedelta(days=30)
#: characters of an X.520 name, at most
_LONGEST_NAME = 64


class DemoAuthority:
    """A certificate authority in a directory. It vouches for nobody."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def exists(self) -> bool:
        """Whether it was made already."""
        return self._root_file().exists()

    def root(self) -> x509.Certificate:
        """The root's certificate; the authority is there afterwards. Raises ``Misconfigured``."""
        file = self._root_file()
        if not file.exists():
            return self._authority().certificate
        # the key is not asked for: to read it takes as long as to check it
        with _reading(file):
            return x509.load_pem_x509_certificates(file.read_bytes())[0]

    def key_of(self, code: str, name: str) -> SigningKey:
        """The key of the invented agency ``code``, kept from call to call.

        It is made anew where its certificate has another name, another root, or ends soon.
        Raises ``Misconfigured``.
        """
        root, file = self.root(), self._directory / f"agency-{code}.pem"
        subject = _subject(demo_name(name))
        key = self._kept(file, lambda: _new_key(subject, self._authority()))
        if _worn(key, subject, root):
            _put(file, _pem(_new_key(subject, self._authority())), replace=True)
            key = _read(file)
        return key

    def _authority(self) -> SigningKey:
        file = self._root_file()
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        return self._kept(file, _new_root)

    def _root_file(self) -> Path:
        return self._directory / "root.pem"

    def _kept(self, file: Path, make: Callable[[], SigningKey]) -> SigningKey:
        if not file.exists():
            _put(file, _pem(make()), replace=False)
        return _read(file)


def _new_key(subject: x509.Name, authority: SigningKey) -> SigningKey:
    now = datetime.now(UTC)
    return issue(
        subject, authority, since=now - _SLOW_CLOCK, until=now + timedelta(days=_AGENCY_DAYS)
    )


def _new_root() -> SigningKey:
    now = datetime.now(UTC)
    return new_root(
        _subject(f"Hanyin {DEMO} Root"),
        since=now - _SLOW_CLOCK - timedelta(minutes=5),
        until=now + timedelta(days=_ROOT_DAYS),
    )


def _subject(name: str) -> x509.Name:
    if len(name) > _LONGEST_NAME:
        raise Misconfigured(
            f"agencies.name：{name!r} 超过证书所能容纳的 {_LONGEST_NAME} 个"
            "字符；请缩短，或给该机构自己的 key_file",
            f"agencies.name: {name!r} is longer than the {_LONGEST_NAME} characters that a"
            " certificate holds; shorten it, or give the agency a key_file of its own",
        )
    attributes = [
        x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, name),
    ]
    # the library counts a common name in bytes, RFC 5280 in characters; the organization is enough
    if len(name.encode("utf-8")) <= _LONGEST_NAME:
        attributes.append(x509.NameAttribute(NameOID.COMMON_NAME, name))
    return x509.Name(attributes)


def _worn(key: SigningKey, subject: x509.Name, root: x509.Certificate) -> bool:
    left = key.certificate.not_valid_after_utc - datetime.now(UTC)
    return (
        key.certificate.subject != subject or left < _RENEWAL or not issued(root, key.certificate)
    )


def _pem(key: SigningKey) -> bytes:
    private = key.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return private + b"".join(link.public_bytes(Encoding.PEM) for link in key.chain)


def _put(file: Path, content: bytes, *, replace: bool) -> None:
    """``content`` stands in ``file``, readable by its owner alone; else what was there first."""
    descriptor, name = tempfile.mkstemp(prefix=".new-", dir=file.parent)  # mode 0600
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        if replace:
            Path(name).rename(file)
        else:
            _link(name, file)
        _flush_directory(file.parent)
    finally:
        Path(name).unlink(missing_ok=True)


def _link(name: str, file: Path) -> None:
    try:
        os.link(name, file)
    except FileExistsError:
        return  # another process was first; its key is as good


def _flush_directory(directory: Path) -> None:
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _reading(file: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, ValueError, TypeError) as error:
        raise Misconfigured(
            f"演示机构的文件 {file} 无法读取；请删去其文件夹，下次启动时会另建",
            f"the demo authority's file {file} cannot be read; remove its directory, a new"
            " authority is made on the next start",
        ) from error


def _read(file: Path) -> SigningKey:
    with _reading(file):
        # once: another process may put a new key in its place
        content = file.read_bytes()
        private = load_pem_private_key(content, None)
        certificate, *issuers = x509.load_pem_x509_certificates(content)
    if not isinstance(private, rsa.RSAPrivateKey):
        raise Misconfigured(
            f"演示机构的文件 {file} 中的密钥不是 RSA",
            f"the demo authority's file {file} holds a key that is not RSA",
        )
    if not issuers:  # the root itself, which signs certificates and nothing else
        return SigningKey(private=private, certificate=certificate)
    return signing_key(private, certificate, issuers, origin=f"the demo authority's file {file}")
