"""What a certificate may be used for, and how strong it has to be.

RFC 5280, 4.2 (extensions); RFC 9336 (documents); RFC 3161, 2.3 (time stamps); ETSI TS 119 312
(keys and digests). Validity, signatures, path length and name constraints are ``certification``'s.
"""

from collections.abc import Collection, Sequence
from enum import StrEnum

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    SECP384R1,
    SECP521R1,
    EllipticCurvePublicKey,
)
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256, SHA384, SHA512
from cryptography.x509.oid import ExtendedKeyUsageOID, ExtensionOID

from schemas.purposes import ANY_PURPOSE, NO_PURPOSE, SEALING_PURPOSES

#: bits of an RSA modulus, at least, and the smallest exponent (ETSI TS 119 312, 6.2)
RSA_BITS, RSA_EXPONENT = 2048, 65537
_CURVES = (SECP256R1, SECP384R1, SECP521R1)
_DIGESTS = (SHA256, SHA384, SHA512)
#: what a certificate of a time stamp authority is for, and nothing else
STAMPING_PURPOSES = (ExtendedKeyUsageOID.TIME_STAMPING.dotted_string,)
#: extensions that a path validation understands, so that they may be critical
_UNDERSTOOD = frozenset(
    {
        ExtensionOID.BASIC_CONSTRAINTS,
        ExtensionOID.KEY_USAGE,
        ExtensionOID.EXTENDED_KEY_USAGE,
        ExtensionOID.NAME_CONSTRAINTS,
        ExtensionOID.CERTIFICATE_POLICIES,
        ExtensionOID.POLICY_CONSTRAINTS,
        ExtensionOID.POLICY_MAPPINGS,
        ExtensionOID.INHIBIT_ANY_POLICY,
        ExtensionOID.SUBJECT_ALTERNATIVE_NAME,
        ExtensionOID.SUBJECT_KEY_IDENTIFIER,
        ExtensionOID.AUTHORITY_KEY_IDENTIFIER,
        ExtensionOID.AUTHORITY_INFORMATION_ACCESS,
        ExtensionOID.CRL_DISTRIBUTION_POINTS,
        ExtensionOID.FRESHEST_CRL,
        ExtensionOID.OCSP_NO_CHECK,
        # qcStatements (RFC 3739): says what the certificate is worth, restricts nothing
        x509.ObjectIdentifier("1.3.6.1.5.5.7.1.3"),
    }
)
_NO_USAGE = x509.KeyUsage(
    digital_signature=False,
    content_commitment=False,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    key_cert_sign=False,
    crl_sign=False,
    encipher_only=False,
    decipher_only=False,
)
#: what parsing extensions or keys raises where they are not what RFC 5280 says
_UNREADABLE = (ValueError, TypeError, x509.DuplicateExtension, x509.UnsupportedGeneralNameType)


class Weakness(StrEnum):
    """What a public key lacks."""

    SHORT = "short"  # RSA under 2048 bits
    EXPONENT = "exponent"  # RSA with an exponent that is even or under 65537
    KIND = "kind"  # neither RSA nor of a NIST curve


def flaw_of(
    chain: Sequence[x509.Certificate], purposes: Collection[str] = SEALING_PURPOSES
) -> str | None:
    """The code of what forbids ``chain`` to seal, certificate_usage or certificate_weak; or None.

    ``chain``: the signer's certificate first, each issued by the next, the root last where it is
    known. ``purposes`` are OIDs, one of which must be allowed all the way up, and ``none`` where
    the signer's may state no purpose.
    """
    own, *above = chain
    if not all(map(is_strong, chain)):
        return "certificate_weak"
    fit = all(map(_is_understood, chain)) and all(map(issues, above))
    if not fit or _is_authority(own) or not meant_for_signatures(own):
        return "certificate_usage"
    return None if _serves(chain, purposes) else "certificate_usage"


def meant_for_signatures(certificate: x509.Certificate) -> bool:
    """True where the certificate's key usage allows signatures, or it names none."""
    usage = _usage(certificate)
    return usage is None or usage.digital_signature or usage.content_commitment


def issues(certificate: x509.Certificate) -> bool:
    """True where it is an authority's: CA flag set, keyCertSign among its key usage if any."""
    usage = _usage(certificate)
    return _is_authority(certificate) and (usage is None or usage.key_cert_sign)


def signs_lists(certificate: x509.Certificate) -> bool:
    """True where it may sign revocation lists: cRLSign, or an authority that states no usage."""
    usage = _usage(certificate)
    return _is_authority(certificate) if usage is None else usage.crl_sign


def weakness_of(public: object) -> Weakness | None:
    """Why the key is too weak to be relied on; None where it is strong enough."""
    if isinstance(public, RSAPublicKey):
        exponent = public.public_numbers().e
        if public.key_size < RSA_BITS:
            return Weakness.SHORT
        return Weakness.EXPONENT if exponent < RSA_EXPONENT or exponent % 2 == 0 else None
    if isinstance(public, EllipticCurvePublicKey) and isinstance(public.curve, _CURVES):
        return None
    return Weakness.KIND


def is_strong(certificate: x509.Certificate) -> bool:
    """True where its key is strong, and the digest under its issuer's signature.

    Nobody relies on what a root says of itself (RFC 5280, 6.1: it is no part of the path).
    """
    try:
        if weakness_of(certificate.public_key()) is not None:
            return False
        if certificate.issuer == certificate.subject:
            return True
        return isinstance(certificate.signature_hash_algorithm, _DIGESTS)
    except (*_UNREADABLE, UnsupportedAlgorithm):
        return False


def _usage(certificate: x509.Certificate) -> x509.KeyUsage | None:
    """Its key usage; None where it states none, nothing where that cannot be read."""
    try:
        return certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return None
    except _UNREADABLE:
        return _NO_USAGE


def _is_authority(certificate: x509.Certificate) -> bool:
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except (x509.ExtensionNotFound, *_UNREADABLE):
        return False


def _is_understood(certificate: x509.Certificate) -> bool:
    try:
        return all(not each.critical or each.oid in _UNDERSTOOD for each in certificate.extensions)
    except _UNREADABLE:
        return False


def _serves(chain: Sequence[x509.Certificate], accepted: Collection[str]) -> bool:
    """True where one of the ``accepted`` purposes is stated, or not excluded, all the way up."""
    wanted = set(accepted) - {NO_PURPOSE}
    stated = _purposes(chain[0])
    if stated is None:
        if NO_PURPOSE not in accepted:
            return False
        allowed = wanted | set(SEALING_PURPOSES) - {NO_PURPOSE}
    else:
        allowed = wanted if stated & wanted & {ANY_PURPOSE} else wanted & stated
    for link in chain[1:]:
        limits = _purposes(link)
        if limits is not None and ANY_PURPOSE not in limits:
            allowed &= limits
    return bool(allowed)


def _purposes(certificate: x509.Certificate) -> set[str] | None:
    """The OIDs of its extended key usage; None where it has no such extension."""
    try:
        found = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return None
    except _UNREADABLE:
        return set()
    return {purpose.dotted_string for purpose in found}
