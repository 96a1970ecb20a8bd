"""Keys that seal: opened once, kept, checked before every use.

::

    SealingKey          certificate, chain, a signature on request: what the sealer knows of
    ├── SigningKey      in this process's memory, from PKCS#12 or PEM (``keyfiles``)
    └── DistantKey      elsewhere; only digests go there
        ├── HardwareKey     PKCS#11 (``hardware``)
        └── RemoteKey       a server (``remote``)
"""

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
)
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.hashes import SHA256

from schemas.errors import Misconfigured, ProductionFailed, Unavailable
from schemas.sentence import Sentence
from signing.ecdsa import low_s
from signing.profile import RSA_BITS, RSA_EXPONENT, Weakness, meant_for_signatures, weakness_of

PrivateKey = RSAPrivateKey | EllipticCurvePrivateKey
PublicKey = RSAPublicKey | EllipticCurvePublicKey

#: of SM2 keys among others
OTHER_KIND = Sentence(
    "密钥既不是 RSA，也不属于 NIST 曲线（P-256、384、521）",
    "the key is neither RSA nor of a NIST curve (P-256, 384, 521)",
)
_WEAK = {
    Weakness.KIND: OTHER_KIND,
    Weakness.SHORT: Sentence(
        f"{{bits}} 位的 RSA 密钥过短；请用 {RSA_BITS} 位以上",
        f"an RSA key of {{bits}} bits is too short; use {RSA_BITS} or more",
    ),
    Weakness.EXPONENT: Sentence(
        f"RSA 密钥的指数不是 {RSA_EXPONENT} 以上的奇数；请另造密钥",
        f"the RSA key's exponent is not an odd number from {RSA_EXPONENT} on; make another key",
    ),
}


@dataclass(frozen=True, kw_only=True)
class SealingKey(ABC):
    """An agency's key, wherever it is, with its certificate and the certificates above it."""

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

    @property
    def expires(self) -> datetime:
        """Aware; when the first certificate of the chain ends."""
        return min(link.not_valid_after_utc for link in self.chain)

    @abstractmethod
    def sign(self, data: bytes) -> bytes:
        """The signature over ``data``: SHA-256 with RSA (PKCS#1 v1.5) or ECDSA (DER, low s).

        Raises ``Unavailable`` where the key cannot be reached now.
        """

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


@dataclass(frozen=True, kw_only=True)
class SigningKey(SealingKey):
    """A key in memory."""

    private: PrivateKey = field(repr=False)

    def sign(self, data: bytes) -> bytes:
        """See ``SealingKey.sign``."""
        if isinstance(self.private, RSAPrivateKey):
            return self.private.sign(data, PKCS1v15(), SHA256())
        return low_s(self.private.sign(data, ECDSA(SHA256())), self.private.public_key())


@dataclass(frozen=True, kw_only=True)
class DistantKey(SealingKey):
    """A key elsewhere; what comes back is checked before it stands on a letter."""

    #: where the key is, for error messages
    origin: str

    def sign(self, data: bytes) -> bytes:
        """See ``SealingKey.sign``; a signature that is not this key's is ``Unavailable``."""
        digest = hashlib.sha256(data).digest()
        signature = self.sign_digest(digest)
        if not is_signature(self.certificate, digest, signature):
            raise Unavailable(
                f"{self.origin} 给出的签名不属于证书的密钥；请指明正确的密钥，或与之相配的证书",
                f"{self.origin} answered with a signature that is not of the certificate's key;"
                " name the right key, or the certificate that belongs to it",
            )
        return low_s(signature, self.certificate.public_key())

    @abstractmethod
    def sign_digest(self, digest: bytes) -> bytes:
        """The signature over a SHA-256 digest. Raises ``Unavailable`` or ``Misconfigured``."""

    def close(self) -> None:
        """What is held open is given back."""


def is_signature(certificate: x509.Certificate, digest: bytes, signature: bytes) -> bool:
    """True where ``signature`` over the SHA-256 ``digest`` is of the certificate's key."""
    public, kind = public_key_of(certificate), Prehashed(SHA256())
    try:
        if isinstance(public, RSAPublicKey):
            public.verify(signature, digest, PKCS1v15(), kind)
        elif isinstance(public, EllipticCurvePublicKey):
            public.verify(signature, digest, ECDSA(kind))
        else:
            return False
    except InvalidSignature:
        return False
    return True


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
    if not isinstance(private, RSAPrivateKey | EllipticCurvePrivateKey):
        raise Misconfigured(f"{origin}：{OTHER_KIND.zh}", f"{origin}: {OTHER_KIND.en}")
    if private.public_key() != public_key_of(certificate):
        raise Misconfigured(
            f"{origin}：证书属于另一把私钥",
            f"{origin}: the certificate belongs to another private key",
        )
    demand_fit(certificate, origin)
    return SigningKey(
        private=private, certificate=certificate, issuers=issuers_of(certificate, tuple(others))
    )


def demand_fit(certificate: x509.Certificate, origin: str) -> None:
    """Raise ``Misconfigured`` where the certificate's key is too weak, or is not for signatures.

    What it may be used for beyond that is the installation's setting (``opening``).
    """
    public = public_key_of(certificate)
    weakness = weakness_of(public)
    if weakness is not None:
        bits = public.key_size if isinstance(public, RSAPublicKey) else 0
        raise Misconfigured(
            f"{origin}：{_WEAK[weakness].zh.format(bits=bits)}",
            f"{origin}: {_WEAK[weakness].en.format(bits=bits)}",
        )
    if not meant_for_signatures(certificate):
        raise Misconfigured(
            f"{origin}：证书的密钥用途既无 digitalSignature 也无 "
            "nonRepudiation；请向认证机构申领签名证书",
            f"{origin}: the certificate's key usage has neither digitalSignature nor"
            " nonRepudiation; ask the authority for a signing certificate",
        )


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


def is_self_issued(certificate: x509.Certificate) -> bool:
    """True where a certificate names itself as its issuer, as a root does.

    Whether its own signature is right is another question: old roots have SHA-1 under it, which is
    not computed any more, and nobody relies on it (RFC 5280, 6.1).
    """
    return certificate.issuer == certificate.subject


def issued(issuer: x509.Certificate, certificate: x509.Certificate) -> bool:
    """True where ``issuer``'s name and signature stand on ``certificate``."""
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True


def public_key_of(certificate: x509.Certificate) -> object:
    """The certificate's public key; None for one of a kind that the library lacks, such as SM2."""
    try:
        return certificate.public_key()
    except (ValueError, UnsupportedAlgorithm):
        return None
