"""The seal's CMS container, taken apart: nothing in it may be left unprotected.

Signed attributes protect themselves and the algorithms (RFC 6211); each certificate is protected
by its issuer's signature, a time stamp by its authority's. What is none of these does not belong
there: it could be changed unseen.
"""

from collections.abc import Sequence
from dataclasses import dataclass

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
#: the one unsigned attribute of B-T (EN 319 142-1, 6.3, requirement for signature-time-stamp)
_TIME_STAMP = "signature_time_stamp_token"
_DIGESTS = {"sha256", "sha384", "sha512"}
#: members of ContentInfo; of SignedData with certificates; of SignerInfo with signed attributes
#: alone, and with unsigned ones
_CONTENT_INFO, _SIGNED_DATA, _SIGNER_INFO, _STAMPED_SIGNER_INFO = 2, 5, 6, 7
_CERTIFICATE = 3
#: EncapsulatedContentInfo of id-data without content (RFC 5652, 5.2)
_DETACHED_DATA = bytes.fromhex("300b06092a864886f70d010701")


@dataclass(frozen=True, kw_only=True)
class Container:
    """What a seal's container holds."""

    #: the signer's certificate first, each issued by the next
    chain: tuple[x509.Certificate, ...]
    #: the signature value, which a time stamp is about (EN 319 122-1, 5.3)
    signature: bytes
    #: DER of the RFC 3161 token beside the signature (B-T); None where there is none
    token: bytes | None


def read_container(der: bytes, roots: Sequence[x509.Certificate]) -> Container:
    """The container of a seal of level B-B or B-T.

    ``Refused`` where it holds anything else than such a signature does.
    """
    signed = signed_data(der)
    signer = signed["signer_infos"][0]
    _demand(signed["version"].contents == signer["version"].contents == b"\x01")
    # no revocation lists, nothing unheard of
    _demand(members(signed.contents) == _SIGNED_DATA)
    _demand(signed["encap_content_info"].dump() == _DETACHED_DATA)
    _demand_protected(signed, signer)
    return Container(
        chain=_chain(signed, signer, roots),
        signature=signer["signature"].native,
        token=_token(signer),
    )


def signed_data(der: bytes) -> cms.SignedData:
    """The SignedData of one signer that ``der`` is, whole; ``Refused`` or NotDer else."""
    # a longer spelling of the same is another file
    demand_der(der)
    info = cms.ContentInfo.load(der, strict=True)
    _demand(
        info["content_type"].native == "signed_data" and members(info.contents) == _CONTENT_INFO
    )
    signed = info["content"]
    _demand(len(signed["signer_infos"]) == 1 and len(signed["digest_algorithms"]) == 1)
    return signed


def held_by(signed: cms.SignedData) -> list[x509.Certificate]:
    """The certificates in ``signed``; what their issuers do not protect has one value only."""
    return [_certificate(choice.chosen) for choice in signed["certificates"]]


def own_of(signer: cms.SignerInfo, held: Sequence[x509.Certificate]) -> x509.Certificate:
    """The one certificate of ``held`` that ``signer`` names as its own; else ``Refused``."""
    identity = signer["sid"].chosen
    issuer, serial = identity["issuer"].dump(), identity["serial_number"].native
    own = [c for c in held if c.issuer.public_bytes() == issuer and c.serial_number == serial]
    _demand(len(own) == 1)
    return own[0]


def _demand_protected(signed: cms.SignedData, signer: cms.SignerInfo) -> None:
    attributes = {attribute["type"].native: attribute for attribute in signer["signed_attrs"]}
    _demand(set(attributes) == _ATTRIBUTES and len(signer["signed_attrs"]) == len(attributes))
    _demand(all(len(attribute["values"]) == 1 for attribute in attributes.values()))
    protection = attributes["cms_algorithm_protection"]["values"][0]
    digest = signer["digest_algorithm"]
    _demand(digest["algorithm"].native in _DIGESTS)
    _demand(signed["digest_algorithms"][0].contents == digest.contents)
    _demand(protection["digest_algorithm"].contents == digest.contents)
    _demand(protection["signature_algorithm"].contents == signer["signature_algorithm"].contents)


def _token(signer: cms.SignerInfo) -> bytes | None:
    """The time stamp: the only unsigned attribute that may be there, once."""
    if members(signer.contents) == _SIGNER_INFO:
        return None
    _demand(members(signer.contents) == _STAMPED_SIGNER_INFO)
    attributes = signer["unsigned_attrs"]
    _demand(len(attributes) == 1 and attributes[0]["type"].native == _TIME_STAMP)
    _demand(len(attributes[0]["values"]) == 1)
    token: bytes = attributes[0]["values"][0].dump()
    return token


def _chain(
    signed: cms.SignedData, signer: cms.SignerInfo, roots: Sequence[x509.Certificate]
) -> tuple[x509.Certificate, ...]:
    held = held_by(signed)
    own = own_of(signer, held)
    chain = (own, *issuers_of(own, [c for c in held if c is not own]))
    top = chain[-1]
    _demand(len(chain) == len(held))
    if roots and top not in roots and not any(issued(root, top) for root in (top, *roots)):
        raise Refused("signer_untrusted")
    return chain


def _certificate(held: asn1_x509.Certificate) -> x509.Certificate:
    der = held.dump()
    _demand(members(held.contents) == _CERTIFICATE)
    _demand(held["signature_algorithm"].dump() == held["tbs_certificate"]["signature"].dump())
    # whole bytes: no unused bits at the end
    _demand(held["signature_value"].contents[0] == 0)
    return x509.load_der_x509_certificate(der)


def _demand(condition: object) -> None:
    if not condition:
        raise Refused("signature_invalid")
