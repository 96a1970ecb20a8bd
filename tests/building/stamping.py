"""Time stamps, revocation lists and OCSP responses by authorities of the tests."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from io import BytesIO
from typing import Any

from asn1crypto import cms
from asn1crypto import crl as asn1_crl
from asn1crypto import keys as asn1_keys
from asn1crypto import ocsp as asn1_ocsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.signers.pdf_signer import PdfTimeStamper
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko_certvalidator.registry import SimpleCertificateStore

from signing.keys import SigningKey
from tests.building.sealing import AT, YEAR, authority, subject

_DAY = timedelta(days=1)


class QuietWriter(IncrementalPdfFileWriter):
    """Leaves /Info and XMP as they are, as PDF/A wants it."""

    def _update_meta(self) -> None:
        pass


@cache
def stamp_key(root_of: str, until: datetime = AT + 5 * YEAR) -> SigningKey:
    """The key of a time stamp authority under that root."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    issuer = authority(root_of)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject("Test TSA"))
        .issuer_name(issuer.certificate.subject)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(AT - YEAR)
        .not_valid_after(until)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        .sign(issuer.private, hashes.SHA256())
    )
    return SigningKey(private=private, certificate=certificate, issuers=issuer.chain)


class _CurveStamper(DummyTimeStamper):
    """pyHanko's for tests, with a key of a curve."""

    def __init__(self, curve_key: EllipticCurvePrivateKey, **settings: Any) -> None:
        super().__init__(tsa_key=_pkcs8(stamp_key("ours")), **settings)
        self._curve_key = curve_key

    def _sign_tst_info(self, *words: Any) -> tuple[bytes, cms.CMSAttributes]:
        _, attributes = super()._sign_tst_info(*words)
        return self._curve_key.sign(attributes.dump(), ECDSA(hashes.SHA256())), attributes

    def _build_signed_data(self, *words: Any) -> dict[str, Any]:
        data: dict[str, Any] = super()._build_signed_data(*words)
        data["signer_infos"][0]["signature_algorithm"] = {"algorithm": "sha256_ecdsa"}
        return data


def _pkcs8(key: SigningKey) -> asn1_keys.PrivateKeyInfo:
    der = key.private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return asn1_keys.PrivateKeyInfo.load(der)


def stamper(
    root_of: str = "ours", at: datetime | None = None, key: SigningKey | None = None
) -> DummyTimeStamper:
    """A time stamp authority whose clock stands at ``at``."""
    own = key or stamp_key(root_of)
    chain = [converted(link) for link in own.chain]
    settings: dict[str, Any] = {
        "tsa_cert": chain[0],
        "certs_to_embed": SimpleCertificateStore.from_certs(chain),
        "fixed_dt": at or datetime.now(UTC),
    }
    if isinstance(own.private, EllipticCurvePrivateKey):
        return _CurveStamper(own.private, **settings)
    return DummyTimeStamper(tsa_key=_pkcs8(own), **settings)


def stamped(
    pdf: bytes,
    *,
    root_of: str = "ours",
    at: datetime | None = None,
    key: SigningKey | None = None,
    quiet: bool = True,
) -> bytes:
    """A document time stamp over everything, by an authority under that root."""
    kind = QuietWriter if quiet else IncrementalPdfFileWriter
    writer = kind(BytesIO(pdf), strict=False)
    output = PdfTimeStamper(stamper(root_of, at, key)).timestamp_pdf(
        writer, "sha256", output=BytesIO()
    )
    content: bytes = output.getvalue()
    return content


def revocation_list(
    root_of: str = "ours",
    revoked: Mapping[x509.Certificate, datetime] | None = None,
    *,
    at: datetime = AT,
) -> asn1_crl.CertificateList:
    """What that root says at ``at`` has been revoked, and when; good for 30 days."""
    issuer = authority(root_of)
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.certificate.subject)
        .last_update(at)
        .next_update(at + 30 * _DAY)
    )
    for certificate, since in (revoked or {}).items():
        builder = builder.add_revoked_certificate(
            x509.RevokedCertificateBuilder()
            .serial_number(certificate.serial_number)
            .revocation_date(since)
            .build()
        )
    signed = builder.sign(issuer.private, hashes.SHA256())
    return asn1_crl.CertificateList.load(signed.public_bytes(Encoding.DER))


def response(
    certificate: x509.Certificate,
    root_of: str = "ours",
    *,
    at: datetime = AT,
    revoked: datetime | None = None,
) -> asn1_ocsp.OCSPResponse:
    """What that root answers about ``certificate`` at ``at``."""
    issuer = authority(root_of)
    answer = (
        ocsp.OCSPResponseBuilder()
        .add_response(
            cert=certificate,
            issuer=issuer.certificate,
            algorithm=hashes.SHA256(),
            cert_status=ocsp.OCSPCertStatus.REVOKED if revoked else ocsp.OCSPCertStatus.GOOD,
            this_update=at,
            next_update=at + 30 * _DAY,
            revocation_time=revoked,
            revocation_reason=None,
        )
        .responder_id(ocsp.OCSPResponderEncoding.HASH, issuer.certificate)
        .certificates([issuer.certificate])
        .sign(issuer.private, hashes.SHA256())
    )
    return asn1_ocsp.OCSPResponse.load(answer.public_bytes(Encoding.DER))


def with_data(
    pdf: bytes,
    *,
    lists: tuple[asn1_crl.CertificateList, ...] = (),
    responses: tuple[asn1_ocsp.OCSPResponse, ...] = (),
    certificates: tuple[x509.Certificate, ...] = (),
    quiet: bool = True,
) -> bytes:
    """Validation data appended; a time stamp has to follow."""
    kind = QuietWriter if quiet else IncrementalPdfFileWriter
    writer = kind(BytesIO(pdf), strict=False)
    put_data(writer, lists=lists, responses=responses, certificates=certificates)
    stream = BytesIO()
    writer.write(stream)
    return stream.getvalue()


def put_data(
    writer: IncrementalPdfFileWriter,
    *,
    lists: tuple[asn1_crl.CertificateList, ...] = (),
    responses: tuple[asn1_ocsp.OCSPResponse, ...] = (),
    certificates: tuple[x509.Certificate, ...] = (),
) -> None:
    DocumentSecurityStore.supply_dss_in_writer(
        writer,
        None,
        certs=[converted(certificate) for certificate in certificates],
        ocsps=list(responses),
        crls=list(lists),
    )


def converted(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))
