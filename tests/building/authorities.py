"""Chains of certificates, each right but for what a test makes wrong with it."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID

from signing.keys import PrivateKey, SigningKey
from tests.building.sealing import AT, NAME, YEAR, subject

#: an extension and whether it is critical
Extension = tuple[x509.ExtensionType, bool]

DOCUMENTS = x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36")
#: what no program knows
UNHEARD_OF = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.3.6.1.4.1.55555.7"), b"\x05\x00")


@cache
def private_key(name: str) -> rsa.RSAPrivateKey:
    """An RSA key of the usual strength, the same for the same name."""
    assert name
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def usage(*names: str) -> Extension:
    """Key usage, critical: fields of ``x509.KeyUsage``."""
    fields = (
        *("digital_signature", "content_commitment", "key_encipherment", "data_encipherment"),
        *("key_agreement", "key_cert_sign", "crl_sign", "encipher_only", "decipher_only"),
    )
    return x509.KeyUsage(**{field: field in names for field in fields}), True


def constraints(*, ca: bool, length: int | None = None) -> Extension:
    """Basic constraints, critical."""
    return x509.BasicConstraints(ca=ca, path_length=length), True


def purposes(*oids: x509.ObjectIdentifier, critical: bool = False) -> Extension:
    """Extended key usage."""
    return x509.ExtendedKeyUsage(oids), critical


AUTHORITY = (constraints(ca=True), usage("key_cert_sign", "crl_sign"))
SIGNER = (constraints(ca=False), usage("digital_signature", "content_commitment"))
STAMPER = (
    constraints(ca=False),
    usage("digital_signature"),
    purposes(ExtendedKeyUsageOID.TIME_STAMPING, critical=True),
)


def certified(
    name: str,
    issuer: SigningKey | None,
    extensions: Iterable[Extension],
    *,
    private: PrivateKey | None = None,
    since: datetime = AT - YEAR,
    until: datetime = AT + 9 * YEAR,
    digest: hashes.HashAlgorithm | None = None,
) -> SigningKey:
    """The key of ``name`` with a certificate by ``issuer`` (default: by itself), never checked."""
    own = private or private_key(name)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject(name))
        .issuer_name(subject(name) if issuer is None else issuer.certificate.subject)
        .public_key(own.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(since)
        .not_valid_after(until)
    )
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical=critical)
    signing = own if issuer is None else issuer.private
    certificate = builder.sign(signing, digest or hashes.SHA256())  # type: ignore[arg-type]
    above = () if issuer is None else issuer.chain
    return SigningKey(private=own, certificate=certificate, issuers=above)


def chain(
    *,
    root: Sequence[Extension] = AUTHORITY,
    between: Sequence[Extension] | None = None,
    own: Sequence[Extension] = SIGNER,
    name: str = NAME,
) -> SigningKey:
    """A signer's key under a root, with an authority between where that has extensions."""
    top = certified("Some Root", None, root)
    if between is not None:
        top = certified("Some Issuer", top, between)
    return certified(name, top, own)


def without_signature(certificate: x509.Certificate, change: bytes) -> x509.Certificate:
    """The same certificate with ``change`` as its issuer's signature value, of the same length."""
    der = certificate.public_bytes(Encoding.DER)
    assert len(change) == len(certificate.signature)
    return x509.load_der_x509_certificate(der.replace(certificate.signature, change))


def under_sha1(root: SigningKey) -> SigningKey:
    """The root as one of long ago: SHA-1 under its own signature, which nobody computes now."""
    certificate = asn1_x509.Certificate.load(root.certificate.public_bytes(Encoding.DER))
    method = {"algorithm": "sha1_rsa"}
    contents = certificate["tbs_certificate"]
    contents["signature"] = method
    old = {
        "tbs_certificate": contents,
        "signature_algorithm": method,
        "signature_value": bytes(256),
    }
    der = asn1_x509.Certificate(old).dump()
    return SigningKey(private=root.private, certificate=x509.load_der_x509_certificate(der))


def pem(key: SigningKey) -> bytes:
    """The private key and its whole chain, as ``hanyin keys import`` takes them."""
    private = key.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return private + b"".join(link.public_bytes(Encoding.PEM) for link in key.chain)
