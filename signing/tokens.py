"""Time stamp tokens (RFC 3161), beside a signature or as a document time stamp."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from asn1crypto import cms, tsp
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from signing.container import held_by, own_of, signed_data
from signing.converting import to_asn1
from signing.der import demand_der
from signing.ecdsa import has_low_s, low_s
from signing.keys import is_self_issued, issued, issuers_of
from signing.signer_info import Signed, signed_how
from signing.verdict import Refused

#: digests whose time stamps are taken (ETSI TS 119 312)
_DIGESTS = {"sha256", "sha384", "sha512"}


@dataclass(frozen=True, kw_only=True)
class Token:
    """A time stamp that its authority signed; whether the authority is trusted is not said."""

    #: aware, UTC: genTime
    time: datetime
    #: the authority's certificate first, each issued by the next
    chain: tuple[x509.Certificate, ...]
    #: True where it is spelled as our sealing spells it: its authority's chain up to the root and
    #: no other certificate, sorted as in DER, an ECDSA value with its lower s
    canonical: bool


def read_token(
    der: bytes,
    stamped: bytes,
    others: Iterable[x509.Certificate] = (),
    roots: Iterable[x509.Certificate] = (),
) -> Token:
    """The token ``der`` about ``stamped``; ``others`` and ``roots`` may complete its chain.

    ``Refused`` (time_stamp_invalid) where it is about something else, not what RFC 3161 says, or
    not signed by a time stamp authority.
    """
    try:
        return _token(der, stamped, tuple(others), tuple(roots))
    except (Refused, ValueError, TypeError, LookupError):
        raise Refused("time_stamp_invalid") from None


def canonical(token: cms.ContentInfo, roots: Sequence[x509.Certificate]) -> cms.ContentInfo:
    """``token`` in its one spelling (``Token.canonical``); what its authority signed stays.

    Authorities leave their root out, or their whole chain but themselves. Raises ``Refused``
    where the chain does not end in a root, in the token or among ``roots``.
    """
    changed = cms.ContentInfo.load(token.dump())
    signed = changed["content"]
    signer, held = signed["signer_infos"][0], held_by(signed)
    own = own_of(signer, held)
    chain = (own, *issuers_of(own, [*held, *roots]))
    _demand(is_self_issued(chain[-1]))
    choices = [cms.CertificateChoices({"certificate": to_asn1(link)}) for link in chain]
    signed["certificates"] = cms.CertificateSet(choices)
    signer["signature"] = low_s(signer["signature"].native, own.public_key())
    return cms.ContentInfo.load(changed.dump())


def _token(
    der: bytes,
    stamped: bytes,
    others: tuple[x509.Certificate, ...],
    roots: tuple[x509.Certificate, ...],
) -> Token:
    signed = signed_data(der)
    signer = signed["signer_infos"][0]
    # RFC 5652, 5.1 and 5.3: 3 for content that is not id-data, 1 for a signer named by issuer
    _demand((signed["version"].native, signer["version"].native) == ("v3", "v1"))
    _demand(signed["encap_content_info"]["content_type"].native == "tst_info")
    content = bytes(signed["encap_content_info"]["content"])
    demand_der(content)
    info = tsp.TSTInfo.load(content, strict=True)
    _demand(signed["digest_algorithms"][0].contents == signer["digest_algorithm"].contents)
    _demand(signer["unsigned_attrs"].native in (None, []))
    _demand_about(info, stamped)
    held = held_by(signed)
    known = (*others, *roots)
    own = own_of(signer, [*held, *(other for other in known if other not in held)])
    _demand_signed(signer, own, content)
    _demand(_stamps(own))
    chain = (own, *issuers_of(own, [*held, *known]))
    # a trusted root is right as it is, whatever is under its own signature
    _demand_vouched(chain, [link for link in held if link not in roots], [*held, *known])
    return Token(
        time=info["gen_time"].native.astimezone(UTC),
        chain=chain,
        canonical=_is_canonical(signed, own),
    )


def _demand_about(info: tsp.TSTInfo, stamped: bytes) -> None:
    imprint = info["message_imprint"]
    name = imprint["hash_algorithm"]["algorithm"].native
    _demand(name in _DIGESTS)
    _demand(hashlib.new(name, stamped).digest() == imprint["hashed_message"].native)


def _demand_signed(signer: cms.SignerInfo, own: x509.Certificate, content: bytes) -> None:
    name = signer["digest_algorithm"]["algorithm"].native
    _demand(name in _DIGESTS)
    digest = hashlib.new(name, content).digest()
    how = signed_how(signer, own, content_type="tst_info", digest=digest)
    _demand(how is Signed.RIGHTLY)


def _stamps(certificate: x509.Certificate) -> bool:
    """True where the certificate is for time stamps and nothing else (RFC 3161, 2.3)."""
    try:
        usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    except (x509.ExtensionNotFound, ValueError):
        return False
    return usage.critical and list(usage.value) == [ExtendedKeyUsageOID.TIME_STAMPING]


def _demand_vouched(
    chain: Sequence[x509.Certificate],
    held: Sequence[x509.Certificate],
    known: Sequence[x509.Certificate],
) -> None:
    """No certificate in the token stands unprotected: it could be changed unseen.

    The end of a chain whose issuer nobody here knows is let be; it leads to no trusted root.
    """
    for each in held:
        above = [other for other in known if other.subject == each.issuer]
        vouched = each in chain[:-1] or any(issued(other, each) for other in above)
        _demand(vouched or (each == chain[-1] and not above))


def _is_canonical(signed: cms.SignedData, own: x509.Certificate) -> bool:
    held = held_by(signed)
    chain = (own, *issuers_of(own, held))
    spelled = [choice.dump() for choice in signed["certificates"]]
    signature = signed["signer_infos"][0]["signature"].native
    return (
        set(held) == set(chain)
        and is_self_issued(chain[-1])
        and spelled == sorted(set(spelled))
        and has_low_s(signature, own.public_key())
    )


def _demand(condition: object) -> None:
    if not condition:
        raise Refused("time_stamp_invalid")
