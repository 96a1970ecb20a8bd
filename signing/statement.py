"""What a seal says of a file and of its signer, read for comparison with the ledger; not judged.

It needs no roots and no time, so it says the same in thirty years. Whether the file is genuine is
``examination``'s question.
"""

import hashlib
from dataclasses import dataclass

from asn1crypto import cms
from cryptography import x509

from signing.form import number_of
from signing.signatures import signatures_of, span_of
from signing.syntax.document import read_document


@dataclass(frozen=True, kw_only=True)
class Statement:
    """A seal's own words."""

    number: str | None
    #: the subject of the certificate that signed
    subject: x509.Name
    #: True where the sealed bytes have the digest that was signed
    intact: bool


def read_statement(pdf: bytes) -> Statement | None:
    """What the first signature of ``pdf`` says; None where the file cannot be read strictly."""
    try:
        return _statement(pdf)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001  # whatever a parser stumbles over is no file of ours
        return None


def number_stated(pdf: bytes) -> str | None:
    """The document's number as the seal names it, the whole file read strictly; or None.

    Takes fifty times as long as ``naming.number_named``, which the relay asks.
    """
    says = read_statement(pdf)
    return None if says is None else says.number


def _statement(pdf: bytes) -> Statement:
    document = read_document(pdf)
    seal = signatures_of(document)[0]
    span = span_of(document, seal)
    signed = cms.ContentInfo.load(span.container)["content"]
    (signer,) = signed["signer_infos"]
    algorithm = signer["digest_algorithm"]["algorithm"].native
    covered = hashlib.new(algorithm, span.covered(pdf)).digest()
    return Statement(
        number=number_of(seal), subject=_subject(signed, signer), intact=covered == _digest(signer)
    )


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
