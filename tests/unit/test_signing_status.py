"""Whose word on revocation counts: who may give it, by a key and digest that are strong enough."""

from datetime import timedelta

import pytest
from asn1crypto import crl, ocsp
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp as x509_ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID as Purpose

from signing.evidence import Evidence
from signing.keys import SigningKey
from signing.status import Revocation, revocation_of
from tests.building.authorities import (
    AUTHORITY,
    SIGNER,
    certified,
    constraints,
    purposes,
    usage,
)
from tests.building.sealing import AT, NAME

_DAY = timedelta(days=1)
_RESPONDER = (constraints(ca=False), usage("digital_signature"), purposes(Purpose.OCSP_SIGNING))

_ROOT = certified("Root", None, AUTHORITY)
_OWN = certified(NAME, _ROOT, SIGNER)


def _list(
    by: SigningKey, digest: hashes.HashAlgorithm | None = None, *, revoked: bool = False
) -> crl.CertificateList:
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(by.certificate.subject)
        .last_update(AT)
        .next_update(AT + 30 * _DAY)
    )
    if revoked:
        entry = x509.RevokedCertificateBuilder().serial_number(_OWN.certificate.serial_number)
        builder = builder.add_revoked_certificate(entry.revocation_date(AT - _DAY).build())
    signed = builder.sign(by.private, digest or hashes.SHA256())  # type: ignore[arg-type]
    return crl.CertificateList.load(signed.public_bytes(Encoding.DER))


def _answer(
    by: SigningKey, digest: hashes.HashAlgorithm | None = None, *, named: bool = True
) -> ocsp.OCSPResponse:
    """An answer that holds the certificate of who signed it, or leaves it to be found elsewhere."""
    builder = (
        x509_ocsp.OCSPResponseBuilder()
        .add_response(
            cert=_OWN.certificate,
            issuer=_ROOT.certificate,
            algorithm=hashes.SHA256(),
            cert_status=x509_ocsp.OCSPCertStatus.GOOD,
            this_update=AT,
            next_update=AT + 30 * _DAY,
            revocation_time=None,
            revocation_reason=None,
        )
        .responder_id(x509_ocsp.OCSPResponderEncoding.HASH, by.certificate)
    )
    if named:
        builder = builder.certificates([by.certificate])
    built = builder.sign(by.private, digest or hashes.SHA256())
    return ocsp.OCSPResponse.load(built.public_bytes(Encoding.DER))


def _said(
    *,
    lists: tuple[crl.CertificateList, ...] = (),
    answers: tuple[ocsp.OCSPResponse, ...] = (),
    certificates: tuple[x509.Certificate, ...] = (),
) -> Revocation:
    evidence = Evidence(certificates=certificates, responses=answers, lists=lists)
    return revocation_of(_OWN.chain, (_ROOT.certificate,), evidence, AT + _DAY)


def test_the_issuer_s_own_list_counts() -> None:
    assert _said(lists=(_list(_ROOT),)) is Revocation.GOOD
    assert _said(lists=(_list(_ROOT, revoked=True),)) is Revocation.REVOKED


def test_a_list_under_a_weak_digest_does_not() -> None:
    assert _said(lists=(_list(_ROOT, hashes.SHA224()),)) is Revocation.NOT_CHECKED


@pytest.mark.parametrize("extensions", [(), SIGNER, _RESPONDER], ids=["none", "seals", "answers"])
def test_nor_one_that_another_certificate_of_the_issuer_signed(extensions: tuple[()]) -> None:
    """pyHanko lets any certificate sign lists that states no key usage."""
    other = certified("Lists", _ROOT, extensions)
    said = _said(lists=(_list(other),), certificates=(other.certificate,))
    assert said is Revocation.NOT_CHECKED


def test_an_authority_may_sign_lists_with_a_key_of_its_own() -> None:
    other = certified("Lists", _ROOT, (AUTHORITY[0], usage("crl_sign")))
    assert _said(lists=(_list(other),), certificates=(other.certificate,)) is Revocation.GOOD


def test_an_answer_of_the_issuer_or_of_its_responder_counts() -> None:
    for by in (_ROOT, certified("OCSP", _ROOT, _RESPONDER)):
        assert _said(answers=(_answer(by),)) is Revocation.GOOD


def test_that_of_a_certificate_for_something_else_does_not() -> None:
    for extensions in ((), SIGNER, (*SIGNER, purposes(Purpose.SERVER_AUTH))):
        by = certified("OCSP", _ROOT, extensions)
        assert _said(answers=(_answer(by),)) is Revocation.NOT_CHECKED


def test_nor_that_of_a_weak_responder() -> None:
    weak = rsa.generate_private_key(65537, 1024)  # noqa: S505
    for by, digest in (
        (certified("OCSP", _ROOT, _RESPONDER, private=weak), None),
        (certified("OCSP", _ROOT, _RESPONDER, digest=hashes.SHA224()), None),
        (certified("OCSP", _ROOT, _RESPONDER), hashes.SHA224()),
        (_ROOT, hashes.SHA224()),
    ):
        assert _said(answers=(_answer(by, digest),)) is Revocation.NOT_CHECKED


def test_nor_where_its_certificate_stands_beside_the_answer() -> None:
    weak = rsa.generate_private_key(65537, 1024)  # noqa: S505
    for private, said in ((None, Revocation.GOOD), (weak, Revocation.NOT_CHECKED)):
        by = certified("OCSP", _ROOT, _RESPONDER, private=private)
        answer = _answer(by, named=False)
        assert _said(answers=(answer,), certificates=(by.certificate,)) is said
