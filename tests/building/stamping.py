"""Document time stamps by a time stamp authority of the tests."""

from datetime import UTC, datetime
from functools import cache
from io import BytesIO

from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.signers.pdf_signer import PdfTimeStamper
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from tests.building.sealing import AT, YEAR, authority, subject


@cache
def _stamper(root_of: str) -> DummyTimeStamper:
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    issuer = authority(root_of)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject("Test TSA"))
        .issuer_name(issuer.certificate.subject)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(AT - YEAR)
        .not_valid_after(AT + 5 * YEAR)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        .sign(issuer.private, hashes.SHA256())
    )
    chain = [
        asn1_x509.Certificate.load(link.public_bytes(Encoding.DER))
        for link in (certificate, issuer.certificate)
    ]
    der = private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return DummyTimeStamper(
        tsa_cert=chain[0],
        tsa_key=asn1_keys.PrivateKeyInfo.load(der),
        certs_to_embed=SimpleCertificateStore.from_certs(chain),
        fixed_dt=datetime.now(UTC),
    )


def stamped(pdf: bytes, *, root_of: str) -> bytes:
    """A document time stamp over everything, by an authority under that root."""
    stamper = PdfTimeStamper(_stamper(root_of))
    writer = IncrementalPdfFileWriter(BytesIO(pdf), strict=False)
    output = stamper.timestamp_pdf(writer, "sha256", output=BytesIO())
    content: bytes = output.getvalue()
    return content
