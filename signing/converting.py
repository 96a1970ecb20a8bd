"""Certificates between the two libraries that know them: cryptography and asn1crypto."""

from collections.abc import Iterable

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding


def to_asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    """The same certificate, as pyHanko takes it."""
    return asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))


def all_to_asn1(certificates: Iterable[x509.Certificate]) -> list[asn1_x509.Certificate]:
    """The same certificates, as pyHanko takes them."""
    return [to_asn1(certificate) for certificate in certificates]


def to_x509(certificate: asn1_x509.Certificate) -> x509.Certificate:
    """The same certificate, as cryptography has it."""
    return x509.load_der_x509_certificate(certificate.dump())
