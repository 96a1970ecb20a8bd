"""Certificates for demo and tests: a root, and agencies' certificates under it (RFC 5280)."""

from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa

from signing.keys import SigningKey, signing_key

#: RSA rather than P-256: sealing takes as long with either (reading and writing the file is the
#: most of it), and every PDF reader in use verifies RSA
_BITS = 2048
#: id-kp-documentSigning (RFC 9336)
_DOCUMENTS = x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36")


def issue(
    subject: x509.Name, authority: SigningKey, *, since: datetime, until: datetime
) -> SigningKey:
    """A new key whose certificate ``authority`` signs, valid from ``since`` to ``until``."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=_BITS)
    draft = _draft(subject, private, authority.certificate.subject, since, until)
    draft = draft.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    draft = draft.add_extension(_usage(ca=False), critical=True)
    draft = draft.add_extension(x509.ExtendedKeyUsage([_DOCUMENTS]), critical=False)
    # RFC 5280, 4.2.1.1: readers find the issuer by its key
    draft = draft.add_extension(_issuer_id(authority.certificate), critical=False)
    certificate = draft.sign(authority.private, hashes.SHA256())
    return signing_key(private, certificate, authority.chain, origin="the demo authority")


def new_root(subject: x509.Name, *, since: datetime, until: datetime) -> SigningKey:
    """A new self-signed authority that may sign certificates of agencies, and no authority."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=_BITS)
    draft = _draft(subject, private, subject, since, until)
    draft = draft.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    draft = draft.add_extension(_usage(ca=True), critical=True)
    return SigningKey(private=private, certificate=draft.sign(private, hashes.SHA256()))


def _draft(
    subject: x509.Name,
    private: rsa.RSAPrivateKey,
    issuer: x509.Name,
    since: datetime,
    until: datetime,
) -> x509.CertificateBuilder:
    public = private.public_key()
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(since)
        .not_valid_after(until)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
    )


def _usage(*, ca: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not ca,
        content_commitment=not ca,
        key_cert_sign=ca,
        crl_sign=ca,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _issuer_id(issuer: x509.Certificate) -> x509.AuthorityKeyIdentifier:
    own = issuer.extensions.get_extension_for_class(x509.SubjectKeyIdentifier)
    return x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(own.value)
