"""Digests, signature values and certificate paths, as pyHanko computes them."""

from collections.abc import Sequence
from datetime import datetime

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.sign.diff_analysis import DiffResult, ModificationLevel
from pyhanko.sign.validation.generic_cms import validate_sig_integrity
from pyhanko.sign.validation.pdf_embedded import (
    EmbeddedPdfSignature,
    async_validate_pdf_timestamp,
)
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import PathBuildingError, PathValidationError

from signing.running import run
from signing.verdict import Refused


def demand_intact(seal: EmbeddedPdfSignature) -> None:
    """The covered bytes have the digest that is signed, and the signature value is right.

    Nothing but time stamps and validation data came after them. Else ``Refused``.
    """
    seal.compute_integrity_info()
    intact, valid = validate_sig_integrity(
        seal.signer_info,
        seal.signer_cert,
        expected_content_type="data",
        actual_digest=seal.compute_digest(),
    )
    if not intact:
        raise Refused("changed_after_sealing")
    if not valid:
        raise Refused("signature_invalid")
    change = seal.diff_result
    allowed = ModificationLevel.LTA_UPDATES
    if not isinstance(change, DiffResult) or change.modification_level > allowed:
        raise Refused("update_after_sealing")


def demand_stamps(
    stamps: Sequence[EmbeddedPdfSignature], roots: Sequence[x509.Certificate], at: datetime
) -> None:
    """Every document time stamp is right and of a trusted authority. Else ``Refused``."""
    context = _context(roots, (), at)
    for stamp in stamps:
        status = run(async_validate_pdf_timestamp(stamp, context, skip_diff=True))
        if not (status.valid and status.intact and status.trusted):
            raise Refused("update_after_sealing")


def leads_to(
    roots: Sequence[x509.Certificate], chain: Sequence[x509.Certificate], at: datetime
) -> bool:
    """True where the chain leads to one of ``roots`` by RFC 5280 at the moment ``at``.

    Revocation is not asked: a B-B signature brings nothing to ask it of, and nothing is fetched.
    """
    own, *others = map(_converted, chain)
    validator = CertificateValidator(
        own, intermediate_certs=others, validation_context=_context(roots, others, at)
    )
    try:
        run(validator.async_validate_path())
    except (PathBuildingError, PathValidationError):
        return False
    return True


def _context(
    roots: Sequence[x509.Certificate], others: Sequence[asn1_x509.Certificate], at: datetime
) -> ValidationContext:
    return ValidationContext(
        trust_roots=[_converted(root) for root in roots],
        other_certs=others,
        moment=at,
        allow_fetching=False,
    )


def _converted(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))
