"""Digest and signature value of the seal, recomputed over the bytes that it covers."""

import hashlib

from signing.container import Container, signed_data
from signing.signatures import Span
from signing.signer_info import Signed, signed_how
from signing.verdict import Refused


def require_intact(pdf: bytes, span: Span, container: Container) -> None:
    """Raise ``Refused`` (changed_after_sealing, signature_invalid) unless both are (RFC 5652, 5.6).

    signing-certificate-v2 is compared too (RFC 5035, 5.4).
    """
    signer = signed_data(span.container)["signer_infos"][0]
    name = signer["digest_algorithm"]["algorithm"].native
    digest = hashlib.new(name, span.covered(pdf)).digest()
    how = signed_how(signer, container.chain[0], content_type="data", digest=digest)
    if how is Signed.OTHERWISE:
        raise Refused("changed_after_sealing")
    if how is Signed.WRONGLY:
        raise Refused("signature_invalid")
