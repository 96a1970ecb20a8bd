"""A signer's part of a CMS container (RFC 5652, 5.3): what it signed, and whether rightly.

Signature values are computed by pyhanko-certvalidator. The attributes are compared here: pyHanko's
own function for it loads its signer and an HTTP client, which takes longer than to examine a file.
"""

import hashlib
from enum import Enum
from typing import Any

from asn1crypto import cms, tsp
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from pyhanko_certvalidator.sig_validate import (
    DEFAULT_SIGNATURE_VALIDATOR,
    SignatureValidationContext,
)

from signing.converting import to_asn1

#: digests that name a certificate in signing-certificate-v2 (RFC 5035)
_DIGESTS = {"sha256", "sha384", "sha512"}
#: the tag that is signed, where [0] stands in the file
_SET = b"\x31"


class Signed(Enum):
    """What a signature says of a content."""

    RIGHTLY = "rightly"  # it is about this content, and its value is the signer's
    OTHERWISE = "otherwise"  # it is about another content
    WRONGLY = "wrongly"  # its attributes are out of order, or its value is not the signer's


def signed_how(
    signer: cms.SignerInfo, certificate: x509.Certificate, *, content_type: str, digest: bytes
) -> Signed:
    """How ``certificate``'s key signed a content of this type and ``digest`` (RFC 5652, 5.4).

    The signed attributes are content-type, message-digest and one that names the certificate
    (RFC 2634, 5.4; RFC 5035, 5.4), each once; algorithm protection is compared where it is there
    (RFC 6211). Anything that does not parse is signed wrongly.
    """
    try:
        # the very bytes in the file, before any of them is looked at: asn1crypto writes a set that
        # it took apart anew, sorted, and the file could have it in any order
        signed = _SET + signer["signed_attrs"].dump()[len(_SET) :]
        attributes = _attributes(signer)
        fits = (
            attributes["content_type"].native == content_type
            and _names(attributes, certificate)
            and _protects(attributes.get("cms_algorithm_protection"), signer)
        )
        if not fits:
            return Signed.WRONGLY
        if attributes["message_digest"].native != digest:
            return Signed.OTHERWISE
        return Signed.RIGHTLY if _is_signers(signed, signer, certificate) else Signed.WRONGLY
    except (LookupError, TypeError, ValueError, AttributeError):
        return Signed.WRONGLY


def _attributes(signer: cms.SignerInfo) -> dict[str, Any]:
    """The signed attributes' values by name. ValueError where one has not one value, once."""
    found: dict[str, Any] = {}
    for attribute in signer["signed_attrs"]:
        name = attribute["type"].native
        if name in found or len(attribute["values"]) != 1:
            raise ValueError(name)
        found[name] = attribute["values"][0]
    return found


def _names(attributes: dict[str, Any], certificate: x509.Certificate) -> bool:
    """Whether an attribute names the certificate, the first in it; and none names another."""
    held = [attributes.get(name) for name in ("signing_certificate", "signing_certificate_v2")]
    identities = [attribute["certs"][0] for attribute in held if attribute is not None]
    return bool(identities) and all(_identifies(each, certificate) for each in identities)


def _identifies(identity: Any, certificate: x509.Certificate) -> bool:
    own = to_asn1(certificate)
    if isinstance(identity, tsp.ESSCertID):
        # what RFC 3161 has; the value itself is signed with a better one
        name = "sha1"
    else:
        name = identity["hash_algorithm"]["algorithm"].native
        if name not in _DIGESTS:
            return False
    if identity["cert_hash"].native != hashlib.new(name, own.dump()).digest():
        return False
    issuer_serial = identity["issuer_serial"]
    if issuer_serial.native is None:
        return True
    names = [each.chosen for each in issuer_serial["issuer"] if each.name == "directory_name"]
    serial = issuer_serial["serial_number"].native
    return bool(names == [own.issuer] and serial == certificate.serial_number)


def _protects(protection: Any, signer: cms.SignerInfo) -> bool:
    return protection is None or bool(
        protection["digest_algorithm"].native == signer["digest_algorithm"].native
        and protection["signature_algorithm"].native == signer["signature_algorithm"].native
        and protection["mac_algorithm"].native is None
    )


def _is_signers(signed: bytes, signer: cms.SignerInfo, certificate: x509.Certificate) -> bool:
    """Whether the value is the key's over the attributes, as a SET OF (RFC 5652, 5.4)."""
    digest = signer["digest_algorithm"]["algorithm"].native
    try:
        DEFAULT_SIGNATURE_VALIDATOR.validate_signature(
            signer["signature"].native,
            signed,
            to_asn1(certificate).public_key,
            signer["signature_algorithm"],
            SignatureValidationContext(contextual_md_algorithm=digest),
        )
    except (InvalidSignature, UnsupportedAlgorithm, AssertionError):
        # the library asserts that the key is of the algorithm's kind
        return False
    return True
