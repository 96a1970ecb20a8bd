"""Certificate paths (RFC 5280), as pyHanko's validator builds them."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import PathBuildingError, ValidationError
from pyhanko_certvalidator.path import ValidationPath
from pyhanko_certvalidator.policy_decl import NO_REVOCATION, CertRevTrustPolicy

from signing.running import run


def leads_to(
    roots: Sequence[x509.Certificate], chain: Sequence[x509.Certificate], at: datetime
) -> bool:
    """True where the chain leads to one of ``roots`` by RFC 5280 at the moment ``at``.

    Revocation is not asked.
    """
    return _leads_to(tuple(roots), tuple(chain), at)


@lru_cache(maxsize=1024)
def _leads_to(
    roots: tuple[x509.Certificate, ...], chain: tuple[x509.Certificate, ...], at: datetime
) -> bool:
    # nothing but what is given decides; letters of one agency are sealed in the same second
    return path_to(roots, chain, at) is not None


def path_to(
    roots: Sequence[x509.Certificate], chain: Sequence[x509.Certificate], at: datetime
) -> ValidationPath | None:
    """The way from the first of ``chain`` to one of ``roots`` through the others; None without.

    Revocation is not asked.
    """
    own, *others = map(converted, chain)
    context = ValidationContext(
        trust_roots=[converted(root) for root in roots],
        other_certs=others,
        moment=at,
        allow_fetching=False,
        revinfo_policy=CertRevTrustPolicy(NO_REVOCATION),
    )
    validator = CertificateValidator(own, intermediate_certs=others, validation_context=context)
    try:
        return run(validator.async_validate_path())
    except (PathBuildingError, ValidationError):
        return None


def converted(certificate: x509.Certificate) -> asn1_x509.Certificate:
    """The same certificate as pyHanko takes it."""
    return asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))
