"""The seal's CMS container, taken apart: nothing in it may be left unprotected.

Signed attributes protect themselves and the algorithms (RFC 6211); each certificate is protected
by its issuer's signature, a time stamp by its authority's. What is none of these does not belong
there: it could be changed unseen.

That a certificate's issuer signed it fixes what it says and not how it is spelled, nor that it is
there. So our sealing lists the whole chain in signing-certificate-v2 (RFC 5035, 3: the signer
first, its issuers upwards, the root last), and such a container has one form: exactly these
certificates, sorted as DER sorts a set, an ECDSA value with its lower s, and a room in the file
that says whether a time stamp belongs there. Earlier versions listed the signer's certificate
alone, as other programs do: what is beside it is then not held to anything.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

from asn1crypto import cms
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from signing.der import demand_der, members
from signing.ecdsa import has_low_s
from signing.keys import is_self_issued, issuers_of
from signing.verdict import Refused

#: bytes of a time stamp token that fit into the room reserved for it; usual ones have 3,000 to
#: 7,000. Part of the form, as the two below
LARGEST_TOKEN = 10 * 1024
#: bytes for the CMS beside its certificates (attributes and an RSA-4096 signature), and for what
#: lists a certificate
_RESERVED, _LISTED = 1536, 40

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
    signature: bytes = field(repr=False)
    #: DER of the RFC 3161 token beside the signature (B-T); None where there is none
    token: bytes | None = field(repr=False)
    #: True where our sealing made it so that it has one spelling, a time stamp's own apart
    bound: bool
    #: True where everything is spelled as our sealing spells it, as far as that can be seen
    canonical: bool


def room_for(chain: Sequence[x509.Certificate], *, stamped: bool) -> int:
    """Hexadecimal digits that our sealing leaves for a container; the signature covers how many."""
    certificates = sum(len(link.public_bytes(Encoding.DER)) + _LISTED for link in chain)
    return 2 * (_RESERVED + certificates + (LARGEST_TOKEN if stamped else 0))


def read_container(der: bytes, room: int) -> Container:
    """The container of a seal of level B-B or B-T, from a file with ``room`` digits for it.

    ``Refused`` where it holds anything else than such a signature does, or where our sealing gave
    it one form and it has another.
    """
    signed = signed_data(der)
    signer = signed["signer_infos"][0]
    _demand(signed["version"].contents == signer["version"].contents == b"\x01")
    # no revocation lists, nothing unheard of
    _demand(members(signed.contents) == _SIGNED_DATA)
    _demand(signed["encap_content_info"].dump() == _DETACHED_DATA)
    _demand_protected(signed, signer)
    chain, token = _chain(signed, signer), _token(signer)
    rooms = [room_for(chain, stamped=stamped) for stamped in (False, True)]
    listed = _is_listed(signer, chain)
    bound = listed and room in rooms
    canonical = _is_canonical(signer["signature"].native, chain, listed=listed)
    _demand(not bound or (canonical and room == rooms[token is not None]))
    return Container(
        chain=chain,
        signature=signer["signature"].native,
        token=token,
        bound=bound,
        canonical=canonical,
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
    return [_certificate(choice.chosen.dump()) for choice in signed["certificates"]]


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


def _chain(signed: cms.SignedData, signer: cms.SignerInfo) -> tuple[x509.Certificate, ...]:
    held = held_by(signed)
    own = own_of(signer, held)
    chain = (own, *issuers_of(own, [c for c in held if c is not own]))
    _demand(len(chain) == len(held))
    # a SET OF is sorted in DER (X.690, 11.6): in another order it is another file
    spelled = [choice.dump() for choice in signed["certificates"]]
    _demand(spelled == sorted(spelled))
    return chain


def _is_listed(signer: cms.SignerInfo, chain: Sequence[x509.Certificate]) -> bool:
    """True where signing-certificate-v2 lists the whole chain; ``Refused`` where it lists another.

    That the first is the signer's is demanded with the signature itself.
    """
    attributes = {attribute["type"].native: attribute for attribute in signer["signed_attrs"]}
    listed = attributes["signing_certificate_v2"]["values"][0]["certs"]
    if len(listed) == 1:
        return False
    _demand(len(listed) == len(chain))
    for entry, link in zip(listed, chain, strict=True):
        digest = hashlib.sha256(link.public_bytes(Encoding.DER)).digest()
        _demand(entry["cert_hash"].native == digest)
    return True


def _is_canonical(signature: bytes, chain: Sequence[x509.Certificate], *, listed: bool) -> bool:
    """True where the root is there, and each ECDSA value that nothing else fixes has its lower s.

    Certificates are fixed where they are listed, the signer's always; a root by who trusts it.
    """
    above = [] if listed else pairwise(chain[1:])
    return (
        is_self_issued(chain[-1])
        and has_low_s(signature, chain[0].public_key())
        and all(has_low_s(link.signature, issuer.public_key()) for link, issuer in above)
    )


@lru_cache(maxsize=64)
def _certificate(der: bytes) -> x509.Certificate:
    """The certificate of these bytes, which many letters hold. ``Refused`` for a second value."""
    held = asn1_x509.Certificate.load(der, strict=True)
    _demand(members(held.contents) == _CERTIFICATE)
    _demand(held["signature_algorithm"].dump() == held["tbs_certificate"]["signature"].dump())
    # whole bytes: no unused bits at the end
    _demand(held["signature_value"].contents[0] == 0)
    return x509.load_der_x509_certificate(der)


def _demand(condition: object) -> None:
    if not condition:
        raise Refused("signature_invalid")
