"""Certificates under our own root that are for something else or weak; containers respelled."""

from collections.abc import Iterator
from functools import partial

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID as Purpose

from signing.keys import PrivateKey, SigningKey
from signing.sealer import Sealer
from tests.building import respelling
from tests.building.attacks.attack import Attack, Make, variants
from tests.building.authorities import (
    AUTHORITY,
    SIGNER,
    UNHEARD_OF,
    Extension,
    certified,
    constraints,
    purposes,
    usage,
)
from tests.building.letters import KIND, NUMBER, letter, rendered_letters
from tests.building.levels import sealed_with_stamp
from tests.building.sealing import AT, NAME, authority, elliptic_key, seal_picture

_PURPOSES: dict[str, x509.ObjectIdentifier] = {
    "TLS servers": Purpose.SERVER_AUTH,
    "TLS clients": Purpose.CLIENT_AUTH,
    "code": Purpose.CODE_SIGNING,
    "time stamps": Purpose.TIME_STAMPING,
    "OCSP": Purpose.OCSP_SIGNING,
    "anything": Purpose.ANY_EXTENDED_KEY_USAGE,
}


def _sealed_with(key: SigningKey) -> bytes:
    rendered = rendered_letters()[KIND]
    return Sealer(key, seal_picture()).seal(rendered, document_number=NUMBER, at=AT).content


def _under_our_root(*extensions: Extension, private: PrivateKey | None = None) -> bytes:
    return _sealed_with(certified(NAME, authority("ours"), extensions, private=private))


def _under_another(*extensions: Extension) -> bytes:
    """Our root says that nobody is an authority under those that it names."""
    between = certified("An Issuer", authority("ours"), extensions)
    return _sealed_with(certified(NAME, between, SIGNER))


def _for_something_else() -> Iterator[tuple[str, Make]]:
    for what, purpose in _PURPOSES.items():
        for critical in (False, True):
            stated = purposes(purpose, critical=critical)
            named = f"{what}, critical" if critical else what
            yield named, partial(_under_our_root, *SIGNER, stated)
    yield "an authority", partial(_under_our_root, *AUTHORITY)
    yield (
        "an authority that may sign",
        partial(_under_our_root, constraints(ca=True), SIGNER[1]),
    )
    yield "encryption", partial(_under_our_root, SIGNER[0], usage("key_encipherment"))
    yield "something unheard of", partial(_under_our_root, *SIGNER, (UNHEARD_OF, True))
    yield "the root itself", lambda: _sealed_with(authority("ours"))
    yield "an authority more than the root allows", partial(_under_another, *AUTHORITY)
    yield "no authority", partial(_under_another, *SIGNER)


def _weak() -> Iterator[tuple[str, Make]]:
    for bits in (1024, 2040):
        key = rsa.generate_private_key(65537, bits)
        yield f"RSA of {bits} bits", partial(_under_our_root, *SIGNER, private=key)
    yield (
        "RSA with the exponent 3",
        partial(_under_our_root, *SIGNER, private=rsa.generate_private_key(3, 2048)),
    )
    for curve in (ec.SECP256K1(), ec.SECP224R1(), ec.BrainpoolP256R1()):
        key_of_curve = ec.generate_private_key(curve)
        yield curve.name, partial(_under_our_root, *SIGNER, private=key_of_curve)
    yield "SHA-224", _under_a_weak_digest


def _under_a_weak_digest() -> bytes:
    return _sealed_with(certified(NAME, authority("ours"), SIGNER, digest=hashes.SHA224()))


def _respelled() -> Iterator[tuple[str, Make]]:
    yield "root taken out", lambda: respelling.without_root(letter())
    yield "certificates reordered", lambda: respelling.reordered(letter())
    yield "a time stamp put in", lambda: respelling.with_stamp(letter(), bare=True)
    yield (
        "a stranger's time stamp put in",
        lambda: respelling.with_stamp(letter(), "theirs", bare=True),
    )
    yield "the other value of ECDSA", lambda: respelling.signature_turned(_of_curve())
    yield "the time stamp taken out", lambda: respelling.without_stamp(sealed_with_stamp())
    yield (
        "the root taken out of the time stamp",
        lambda: respelling.stamp_without_root(sealed_with_stamp()),
    )
    yield (
        "the time stamp's certificates reordered",
        lambda: respelling.stamp_reordered(sealed_with_stamp()),
    )
    yield "signed attributes reordered", lambda: respelling.attributes_reordered(letter())


def _of_curve() -> bytes:
    return _sealed_with(elliptic_key())


def attacks() -> Iterator[Attack]:
    yield from variants(
        "certificate for something else",
        _for_something_else(),
        *("certificate_usage", "certificate_path"),
    )
    yield from variants("weak certificate", _weak(), "certificate_weak", "signature_invalid")
    yield from variants(
        "container respelled", _respelled(), "signature_invalid", "time_stamp_invalid"
    )
