"""An agency's key opened as its settings say, and whether what they name has changed since."""

import os
from collections.abc import Collection, Iterable
from dataclasses import replace
from pathlib import Path

from cryptography import x509

from schemas.codes import CODES
from schemas.configuration import Agency, Pkcs11Key, SealSettings
from schemas.errors import Misconfigured, ProductionFailed
from signing.certification import leads_to
from signing.hardware import open_hardware_key
from signing.keyfiles import first_line, load_key_file, read_certificates
from signing.keys import SealingKey, is_self_issued, issuers_of
from signing.names import certificate_names, is_of
from signing.profile import flaw_of
from signing.remote import remote_key

#: what a file looked like: name, time of change (ns), bytes, inode; zeros where it is not there
Stamp = tuple[tuple[str, int, int, int], ...]


def open_key(settings: SealSettings) -> SealingKey | None:
    """The agency's own key, fit to seal; None where it has none and the demo's is used.

    Raises ``Misconfigured`` or, for a key elsewhere, ``Unavailable``.
    """
    certificates = None
    if settings.certificate_file is not None:
        certificates = read_certificates(Path(settings.certificate_file))
    if settings.key_file is not None:
        return load_key_file(
            Path(settings.key_file),
            _path(settings.key_passphrase_file),
            _path(settings.certificate_file),
        )
    if settings.pkcs11 is not None:
        return open_hardware_key(settings.pkcs11, _pin(settings.pkcs11), certificates)
    if settings.remote is not None and certificates:
        token_file = _path(settings.remote.token_file)
        token = first_line(token_file, "agencies.seal.remote.token_file") if token_file else None
        return remote_key(settings.remote, token, certificates, networks=settings.private_networks)
    return None


def demand_own(key: SealingKey, agency: Agency) -> None:
    """Nothing, where the certificate's subject names the agency; else ``ProductionFailed``.

    A certificate of the demo authority is always its agency's.
    """
    if not agency.seal.has_key:
        return
    names = certificate_names(agency)
    if not is_of(key.certificate.subject, names):
        raise ProductionFailed(
            "certificate_of_another", final=True, subject=key.subject, names="、".join(names)
        )


def completed(key: SealingKey, roots: Iterable[x509.Certificate]) -> SealingKey:
    """``key`` with its chain as far as its own certificates and ``roots`` lead."""
    return replace(key, issuers=issuers_of(key.certificate, (*key.issuers, *roots)))


def require_accepted(key: SealingKey, purposes: Collection[str]) -> None:
    """Raise ``ProductionFailed`` where a verification would refuse what ``key`` seals.

    The chain must go up to a root, because letters hold and list all of it; each certificate must
    be strong enough and for what it is used for; and the path must be valid by RFC 5280 while its
    certificates are.
    """
    top = key.chain[-1]
    if not is_self_issued(top):
        raise ProductionFailed(
            "certificate_chain", final=True, subject=top.subject.rfc4514_string()
        )
    since = max(link.not_valid_before_utc for link in key.chain)
    flaw = flaw_of(key.chain, purposes)
    if flaw is None and not leads_to(key.chain[-1:], key.chain[:-1], since):
        flaw = "certificate_path"
    if flaw is not None:
        why = CODES[flaw]
        raise ProductionFailed(
            "certificate_unfit", final=True, subject=key.subject, why_zh=why.zh, why=why.en
        )


def stamp_of(settings: SealSettings) -> Stamp:
    """What all the files of key, certificate, secrets and seal look like: another, another key."""
    names = [
        settings.key_file,
        settings.key_passphrase_file,
        settings.certificate_file,
        settings.image_file,
        settings.pkcs11.pin_file if settings.pkcs11 else None,
        settings.remote.token_file if settings.remote else None,
        settings.remote.ca_file if settings.remote else None,
    ]
    return tuple(_looks(name) for name in names if name is not None)


def _looks(name: str) -> tuple[str, int, int, int]:
    try:
        facts = Path(name).stat()
    except OSError:
        return (name, 0, 0, 0)  # reading it says what is wrong with it
    return (name, facts.st_mtime_ns, facts.st_size, facts.st_ino)


def _path(name: str | None) -> Path | None:
    return Path(name) if name else None


def _pin(settings: Pkcs11Key) -> bytes:
    if settings.pin_file is not None:
        return first_line(Path(settings.pin_file), "agencies.seal.pkcs11.pin_file")
    variable = settings.pin_variable or ""
    pin = os.environ.get(variable)
    if pin is None:
        raise Misconfigured(
            f"agencies.seal.pkcs11.pin_variable：环境中没有变量 {variable}；"
            "请把它设为令牌的用户 PIN，或改用 pin_file",
            f"agencies.seal.pkcs11.pin_variable: the environment has no {variable}; set it to the"
            " token's user PIN, or use pin_file",
        )
    return pin.encode("utf-8")
