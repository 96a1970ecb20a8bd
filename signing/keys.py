"""Keys that seal: read once, kept in memory, checked before every use."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    SECP384R1,
    SECP521R1,
    EllipticCurvePrivateKey,
)
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import pkcs12

from schemas.errors import Misconfigured, ProductionFailed

PrivateKey = RSAPrivateKey | EllipticCurvePrivateKey

#: bits of an RSA modulus, at least (ETSI TS 119 312)
_RSA_BITS = 2048
_CURVES = (SECP256R1, SECP384R1, SECP521R1)


@dataclass(frozen=True, kw_only=True)
class SigningKey:
    """An agency's private key with its certificate and the certificates above it."""

    private: PrivateKey = field(repr=False)
    certificate: x509.Certificate
    #: from the issuer upwards, as far as the file has them; the root last
    issuers: tuple[x509.Certificate, ...] = ()

    @property
    def subject(self) -> str:
        """The certificate's subject (RFC 4514)."""
        return self.certificate.subject.rfc4514_string()

    @property
    def serial(self) -> str:
        """The certificate's serial number, decimal digits."""
        return str(self.certificate.serial_number)

    @property
    def chain(self) -> tuple[x509.Certificate, ...]:
        """The certificate and everything above it."""
        return (self.certificate, *self.issuers)

    def demand_valid(self, at: datetime) -> None:
        """Nothing, where the whole chain is valid at ``at``.

        Else ``ProductionFailed`` with certificate_expired or certificate_not_yet_valid.
        """
        for certificate in self.chain:
            subject = certificate.subject.rfc4514_string()
            if at > certificate.not_valid_after_utc:
                until = certificate.not_valid_after_utc.isoformat()
                raise ProductionFailed(
                    "certificate_expired", final=True, subject=subject, until=until
                )
            if at < certificate.not_valid_before_utc:
                since = certificate.not_valid_before_utc.isoformat()
                raise ProductionFailed(
                    "certificate_not_yet_valid", final=False, subject=subject, since=since
                )


def load_pkcs12(file: Path, passphrase_file: Path | None) -> SigningKey:
    """The key in ``file``, fit to seal. Raises ``Misconfigured``.

    The pass phrase is the first line of ``passphrase_file``.
    """
    passphrase = _first_line(passphrase_file) if passphrase_file else None
    try:
        content = pkcs12.load_pkcs12(_read(file, "agencies.seal.key_file"), passphrase)
    except ValueError as error:
        raise Misconfigured(
            f"agencies.seal.key_file {file} cannot be opened: it is not PKCS#12, or the pass phrase"
            f" in agencies.seal.key_passphrase_file ({passphrase_file or 'not set'}) is not its own"
        ) from error
    if content.cert is None or content.key is None:
        raise Misconfigured(
            f"agencies.seal.key_file {file} lacks the private key or its certificate; export both"
            " into one PKCS#12 file"
        )
    return signing_key(
        content.key,
        content.cert.certificate,
        [extra.certificate for extra in content.additional_certs],
        origin=f"agencies.seal.key_file {file}",
    )


def signing_key(
    private: object,
    certificate: x509.Certificate,
    others: Iterable[x509.Certificate],
    *,
    origin: str,
) -> SigningKey:
    """The key with its chain in order, fit to seal.

    Raises ``Misconfigured`` for a key of another kind or too short, a certificate of another
    key, or one that is not meant for signatures. ``origin`` names it in the message.
    """
    fit = _fit(private, origin)
    if fit.public_key() != certificate.public_key():
        raise Misconfigured(f"{origin}: the certificate belongs to another private key")
    if not meant_for_signatures(certificate):
        raise Misconfigured(
            f"{origin}: the certificate's key usage has neither digitalSignature nor"
            " nonRepudiation; ask the authority for a signing certificate"
        )
    return SigningKey(
        private=fit, certificate=certificate, issuers=issuers_of(certificate, tuple(others))
    )


def meant_for_signatures(certificate: x509.Certificate) -> bool:
    """True where the certificate's key usage allows signatures, or it names none."""
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return True
    except ValueError:
        return False
    return usage.digital_signature or usage.content_commitment


def issuers_of(
    certificate: x509.Certificate, others: Sequence[x509.Certificate]
) -> tuple[x509.Certificate, ...]:
    """Those of ``others`` that stand above ``certificate``, in order, as far as they go."""
    chain = [certificate]
    while not issued(chain[-1], chain[-1]):
        above = next((o for o in others if o not in chain and issued(o, chain[-1])), None)
        if above is None:
            break
        chain.append(above)
    return tuple(chain[1:])


def issued(issuer: x509.Certificate, certificate: x509.Certificate) -> bool:
    """True where ``issuer``'s name and signature stand on ``certificate``."""
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def _fit(private: object, origin: str) -> PrivateKey:
    if isinstance(private, RSAPrivateKey):
        if private.key_size >= _RSA_BITS:
            return private
        raise Misconfigured(
            f"{origin}: an RSA key of {private.key_size} bits is too short; use 2048 or more"
        )
    if isinstance(private, EllipticCurvePrivateKey) and isinstance(private.curve, _CURVES):
        return private
    raise Misconfigured(f"{origin}: the key is neither RSA nor of a NIST curve (P-256, 384, 521)")


def _first_line(file: Path) -> bytes:
    lines = _read(file, "agencies.seal.key_passphrase_file").splitlines()
    return lines[0] if lines else b""


def _read(file: Path, setting: str) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise Misconfigured(
            f"{setting} {file} cannot be read ({error.strerror}); name a file that this user may"
            " read"
        ) from error
