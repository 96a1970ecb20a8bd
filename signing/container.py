"""The signature's CMS container, taken apart: nothing in it may be left unprotected.

Signed attributes protect themselves and the algorithms (RFC 6211); each certificate is protected
by its issuer's signature. What is neither does not belong there: it could be changed unseen.
"""

from asn1crypto import cms
from asn1crypto import x509 as asn1_x509
from cryptography import x509

from signing.der import demand_der, members
from signing.keys import issued, issuers_of
from signing.verdict import Refused

#: the attributes of a PAdES B-B signature (EN 319 142-1, 6.3) as our sealing writes them;
#: signing-time is forbidden there, and commitment-type beside a /Reason
_ATTRIBUTES = {
    "content_type",
    "message_digest",
    "signing_certificate_v2",
    "cms_algorithm_protection",
}
#: members of ContentInfo; of SignedData with certificates; of SignerInfo with signed attributes
_CONTENT_INFO, _SIGNED_DATA, _SIGNER_INFO = 2, 5, 6
_CERTIFICATE = 3
#: EncapsulatedContentInfo of id-data without content (RFC 5652, 5.2)
_DETACHED_DATA = bytes.fromhex("300b06092a864886f70d010701")


def read_chain(container: bytes, roots: tuple[x509.Certificate, ...]) -> list[x509.Certificate]:
    """The certificates in ``container``, the signer's first, each issued by the next.

    ``Refused`` where the container holds anything else than a B-B signature does.
    """
    signed = _signed_data(container)
    signer = signed["signer_infos"][0]
    _demand(signed["version"].contents == signer["version"].contents == b"\x01")
    # no revocation lists, no unsigned attributes, nothing unheard of
    _demand(members(signed.contents) == _SIGNED_DATA and members(signer.contents) == _SIGNER_INFO)
    _demand(signed["encap_content_info"].dump() == _DETACHED_DATA)
    _demand_protected(signed, signer)
    return _chain(signed, signer, roots)


def _signed_data(container: bytes) -> cms.SignedData:
    # a longer spelling of the same is another file
    demand_der(container)
    info = cms.ContentInfo.load(container, strict=True)
    _demand(
        info["content_type"].native == "signed_data" and members(info.contents) == _CONTENT_INFO
    )
    signed = info["content"]
    _demand(len(signed["signer_infos"]) == 1 and len(signed["digest_algorithms"]) == 1)
    return signed


def _demand_protected(signed: cms.SignedData, signer: cms.SignerInfo) -> None:
    attributes = {attribute["type"].native: attribute for attribute in signer["signed_attrs"]}
    _demand(set(attributes) == _ATTRIBUTES and len(signer["signed_attrs"]) == len(attributes))
    _demand(all(len(attribute["values"]) == 1 for attribute in attributes.values()))
    protection = attributes["cms_algorithm_protection"]["values"][0]
    digest = signer["digest_algorithm"]
    _demand(digest["algorithm"].native == "sha256")
    _demand(signed["digest_algorithms"][0].contents == digest.contents)
    _demand(protection["digest_algorithm"].contents == digest.contents)
    _demand(protection["signature_algorithm"].contents == signer["signature_algorithm"].contents)


def _chain(
    signed: cms.SignedData, signer: cms.SignerInfo, roots: tuple[x509.Certificate, ...]
) -> list[x509.Certificate]:
    held = [_certificate(choice.chosen) for choice in signed["certificates"]]
    identity = signer["sid"].chosen
    issuer, serial = identity["issuer"].dump(), identity["serial_number"].native
    own = [c for c in held if c.issuer.public_bytes() == issuer and c.serial_number == serial]
    _demand(len(own) == 1)
    chain = [own[0], *issuers_of(own[0], [c for c in held if c is not own[0]])]
    top = chain[-1]
    _demand(len(chain) == len(held))
    _demand(top in roots or any(issued(root, top) for root in (top, *roots)))
    return chain


def _certificate(held: asn1_x509.Certificate) -> x509.Certificate:
    """The same certificate; what its issuer's signature does not protect has one value only."""
    der = held.dump()
    _demand(members(held.contents) == _CERTIFICATE)
    _demand(held["signature_algorithm"].dump() == held["tbs_certificate"]["signature"].dump())
    # whole bytes: no unused bits at the end
    _demand(held["signature_value"].contents[0] == 0)
    return x509.load_der_x509_certificate(der)


def _demand(condition: object) -> None:
    if not condition:
        raise Refused("signature_invalid")
