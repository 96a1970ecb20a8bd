"""What a seal says of a file and of its signer, read for comparison with the ledger; not judged.

It needs no roots and no time, so it says the same in thirty years. Whether the file is genuine is
``examination``'s question.
"""

import hashlib
from dataclasses import dataclass

from asn1crypto import cms
from cryptography import x509

from signing.der import NotDer, first_value
from signing.naming import find_seal, number_named


@dataclass(frozen=True, kw_only=True)
class Statement:
    """A seal's own words."""

    number: str | None
    #: the subject of the certificate that signed
    subject: x509.Name
    #: True where the sealed bytes have the digest that was signed
    intact: bool


def read_statement(pdf: bytes) -> Statement | None:
    """What the first signature of ``pdf`` says; None where it cannot be read."""
    seal = find_seal(pdf)
    if seal is None:
        return None
    first, second = seal.gap
    try:
        value = first_value(bytes.fromhex(pdf[first + 1 : second - 1].decode("ascii")))
        signed = cms.ContentInfo.load(value)["content"]
        (signer,) = signed["signer_infos"]
        digest = _digest(signer)
        subject = _subject(signed, signer)
        algorithm = signer["digest_algorithm"]["algorithm"].native
        covered = hashlib.new(algorithm, pdf[:first] + pdf[second : seal.end]).digest()
    except (NotDer, ValueError, KeyError, TypeError, AttributeError, StopIteration):
        return None
    return Statement(number=number_named(pdf), subject=subject, intact=covered == digest)


def _digest(signer: cms.SignerInfo) -> bytes:
    (value,) = next(
        attribute["values"].native
        for attribute in signer["signed_attrs"]
        if attribute["type"].native == "message_digest"
    )
    return bytes(value)


def _subject(signed: cms.SignedData, signer: cms.SignerInfo) -> x509.Name:
    """Of the certificate that the signer names by issuer and serial number."""
    named = signer["sid"].chosen
    serial, issuer = named["serial_number"].native, named["issuer"]
    links = [each.chosen for each in signed["certificates"]]
    found = next(each for each in links if (each.serial_number, each.issuer) == (serial, issuer))
    return x509.load_der_x509_certificate(found.dump()).subject
