"""Sealed letters whose container is spelled otherwise: nothing that is signed changes."""

import hashlib
import re
from collections.abc import Callable

from asn1crypto import cms, core
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)
from cryptography.hazmat.primitives.hashes import SHA256

from signing.container import held_by
from signing.keys import SigningKey, issued
from signing.running import run
from tests.building.stamping import stamper

_VALUE = re.compile(rb"/Contents <([0-9A-F]+)>")


def digest(certificate: x509.Certificate) -> bytes:
    """What signing-certificate-v2 lists of it."""
    return certificate.fingerprint(SHA256())


def container_of(pdf: bytes) -> cms.ContentInfo:
    """The seal's container, without the zeros behind it."""
    found = _VALUE.search(pdf)
    assert found is not None
    return cms.ContentInfo.load(bytes.fromhex(found[1].decode("ascii")))


def with_container(pdf: bytes, der: bytes) -> bytes:
    """The letter with another container in the same room."""
    found = _VALUE.search(pdf)
    assert found is not None
    start, end = found.span(1)
    digits = der.hex().upper().encode("ascii")
    assert len(digits) <= end - start
    return pdf[:start] + digits.ljust(end - start, b"0") + pdf[end:]


def changed(pdf: bytes, change: Callable[[cms.SignedData], None]) -> bytes:
    """The letter with its container changed by ``change``, in DER."""
    info = cms.ContentInfo.load(container_of(pdf).dump())
    change(info["content"])
    other = with_container(pdf, info.dump(force=True))
    assert other != pdf
    return other


def other_s(signature: bytes, public: object) -> bytes:
    """(r, n-s) for (r, s)."""
    assert isinstance(public, EllipticCurvePublicKey)
    r, s = decode_dss_signature(signature)
    return encode_dss_signature(r, public.curve.group_order - s)


def signature_turned(pdf: bytes) -> bytes:
    """The other of the two spellings of the signer's ECDSA signature."""

    def change(signed: cms.SignedData) -> None:
        signer = signed["signer_infos"][0]
        own = _own(signed).public_key()
        signer["signature"] = other_s(signer["signature"].native, own)

    return changed(pdf, change)


def issuer_turned(pdf: bytes) -> bytes:
    """The other of the two spellings of the ECDSA signature on the certificate between."""
    return _turned(pdf, lambda link, issuer: link != issuer)


def root_turned(pdf: bytes) -> bytes:
    """The other of the two spellings of the ECDSA signature on the root."""
    return _turned(pdf, lambda link, issuer: link == issuer)


def _turned(pdf: bytes, which: Callable[[x509.Certificate, x509.Certificate], bool]) -> bytes:
    def change(signed: cms.SignedData) -> None:
        held, own = held_by(signed), _own(signed)
        link, issuer = next(
            (link, issuer)
            for link in held
            for issuer in held
            if link != own and which(link, issuer) and issued(issuer, link)
        )
        certificates = [choice.chosen for choice in signed["certificates"]]
        turned = asn1_x509.Certificate.load(certificates[held.index(link)].dump())
        turned["signature_value"] = other_s(link.signature, issuer.public_key())
        certificates[held.index(link)] = turned
        signed["certificates"] = cms.CertificateSet(
            [cms.CertificateChoices({"certificate": each}) for each in certificates]
        )

    return changed(pdf, change)


def without_root(pdf: bytes) -> bytes:
    """The letter without the root in its container."""
    return changed(pdf, _root_left_out)


def reordered(pdf: bytes) -> bytes:
    """The letter with its certificates in another order than that of DER."""
    info = container_of(pdf)
    return with_container(pdf, _turned_round(info.dump(), info["content"]["certificates"]))


def attributes_reordered(pdf: bytes) -> bytes:
    """The letter with its signed attributes in another order than that of DER."""
    info = container_of(pdf)
    attributes = info["content"]["signer_infos"][0]["signed_attrs"]
    return with_container(pdf, _turned_round(info.dump(), attributes))


def stamp_attributes_reordered(pdf: bytes) -> bytes:
    """The letter with the signed attributes of its time stamp in another order."""
    info = container_of(pdf)
    token = info["content"]["signer_infos"][0]["unsigned_attrs"][0]["values"][0]
    attributes = token["content"]["signer_infos"][0]["signed_attrs"]
    return with_container(pdf, _turned_round(info.dump(), attributes))


def with_stamp(
    pdf: bytes, root_of: str = "ours", key: SigningKey | None = None, *, bare: bool = False
) -> bytes:
    """The letter with a time stamp put on its signature later, by an authority under that root.

    A ``bare`` one holds no certificate and fits into little room.
    """

    def change(signed: cms.SignedData) -> None:
        signer = signed["signer_infos"][0]
        imprint = hashlib.sha256(signer["signature"].native).digest()
        token = run(stamper(root_of, key=key).async_timestamp(imprint, "sha256"))
        if bare:
            token["content"]["certificates"] = cms.CertificateSet([])
        value = {"type": "signature_time_stamp_token", "values": cms.SetOfContentInfo([token])}
        signer["unsigned_attrs"] = cms.CMSAttributes([value])

    return changed(pdf, change)


def without_stamp(pdf: bytes) -> bytes:
    """The letter without the time stamp on its signature."""

    def change(signed: cms.SignedData) -> None:
        signer = signed["signer_infos"][0]
        signed["signer_infos"] = cms.SignerInfos(
            [{name: signer[name] for name in signer if name != "unsigned_attrs"}]
        )

    return changed(pdf, change)


def stamp_without_root(pdf: bytes) -> bytes:
    """The letter without the root in the time stamp on its signature."""
    return in_stamp(pdf, _root_left_out)


def stamp_turned(pdf: bytes) -> bytes:
    """The other of the two spellings of the ECDSA value of the time stamp on its signature."""

    def change(signed: cms.SignedData) -> None:
        signer = signed["signer_infos"][0]
        signer["signature"] = other_s(signer["signature"].native, _own(signed).public_key())

    return in_stamp(pdf, change)


def stamp_reordered(pdf: bytes) -> bytes:
    """The letter with the certificates in its time stamp in another order than that of DER."""
    info = container_of(pdf)
    token = info["content"]["signer_infos"][0]["unsigned_attrs"][0]["values"][0]
    return with_container(pdf, _turned_round(info.dump(), token["content"]["certificates"]))


def in_stamp(pdf: bytes, change: Callable[[cms.SignedData], None]) -> bytes:
    """The letter with the time stamp on its signature changed."""

    def work(signed: cms.SignedData) -> None:
        attribute = signed["signer_infos"][0]["unsigned_attrs"][0]
        token = cms.ContentInfo.load(attribute["values"][0].dump())
        change(token["content"])
        attribute["values"] = cms.SetOfContentInfo([cms.ContentInfo.load(token.dump(force=True))])

    return changed(pdf, work)


def _turned_round(der: bytes, values: core.SetOf) -> bytes:
    """``der`` with the set in it from its last to its first."""
    spelled = [value.dump() for value in values]
    assert spelled == sorted(spelled)
    assert der.count(b"".join(spelled)) == 1
    return der.replace(b"".join(spelled), b"".join(reversed(spelled)))


def _root_left_out(signed: cms.SignedData) -> None:
    kept = [
        choice
        for choice, link in zip(signed["certificates"], held_by(signed), strict=True)
        if not issued(link, link)
    ]
    signed["certificates"] = cms.CertificateSet(kept)


def _own(signed: cms.SignedData) -> x509.Certificate:
    serial = signed["signer_infos"][0]["sid"].chosen["serial_number"].native
    return next(link for link in held_by(signed) if link.serial_number == serial)
