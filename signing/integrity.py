"""Digest and signature value of the seal, recomputed over the bytes that it covers."""

import hashlib

from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.generic_cms import validate_sig_integrity

from signing.container import Container, signed_data
from signing.converting import to_asn1
from signing.signatures import Span
from signing.verdict import Refused


def require_intact(pdf: bytes, span: Span, container: Container) -> None:
    """Raise ``Refused`` (changed_after_sealing, signature_invalid) unless both are (RFC 5652, 5.6).

    signing-certificate-v2 is compared too (RFC 5035, 5.4).
    """
    signer = signed_data(span.container)["signer_infos"][0]
    name = signer["digest_algorithm"]["algorithm"].native
    try:
        intact, valid = validate_sig_integrity(
            signer,
            to_asn1(container.chain[0]),
            expected_content_type="data",
            actual_digest=hashlib.new(name, span.covered(pdf)).digest(),
        )
    except SignatureValidationError:
        raise Refused("signature_invalid") from None
    if not intact:
        raise Refused("changed_after_sealing")
    if not valid:
        raise Refused("signature_invalid")
