"""A signature counts where pyHanko's own function says so too, and nowhere else."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest
from asn1crypto import cms, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.generic_cms import validate_sig_integrity

from signing.container import held_by, own_of
from signing.converting import to_asn1
from signing.signer_info import Signed, signed_how
from tests.building.sealing import agency_key, certified, elliptic_key, sealed_by
from tests.building.stamping import stamped
from tests.building.tampering import good

_RANGE = re.compile(rb"/ByteRange ?\[ ?(\d+) (\d+) (\d+) (\d+) *\]")


@dataclass(frozen=True)
class Case:
    """A container and what it is about."""

    der: bytes
    content_type: str
    content: bytes

    def signed(self) -> Any:
        return cms.ContentInfo.load(self.der)["content"]

    def how(self, certificate: x509.Certificate | None = None, content: bytes = b"") -> Signed:
        signed = self.signed()
        signer = signed["signer_infos"][0]
        own = certificate or own_of(signer, held_by(signed))
        digest = hashlib.sha256(content or self.content).digest()
        return signed_how(signer, own, content_type=self.content_type, digest=digest)

    def pyhanko(self, certificate: x509.Certificate) -> tuple[bool, bool] | None:
        try:
            return validate_sig_integrity(
                self.signed()["signer_infos"][0],
                to_asn1(certificate),
                expected_content_type=self.content_type,
                actual_digest=hashlib.sha256(self.content).digest(),
            )
        except (SignatureValidationError, ValueError, TypeError, LookupError, AttributeError):
            return None


def _last_container(pdf: bytes) -> tuple[bytes, bytes]:
    """DER of the last signature's container, and the bytes that it is about."""
    start, first, rest, last = map(int, _RANGE.findall(pdf)[-1])
    content = pdf[start : start + first] + pdf[rest : rest + last]
    padded = bytes.fromhex(pdf[first + 1 : rest - 1].decode("ascii"))
    return cms.ContentInfo.load(padded).dump(), content


@cache
def seal() -> Case:
    der, content = _last_container(good())
    return Case(der, "data", content)


@cache
def elliptic_seal() -> Case:
    der, content = _last_container(sealed_by(elliptic_key()))
    return Case(der, "data", content)


@cache
def token() -> Case:
    der, _ = _last_container(stamped(good()))
    info = cms.ContentInfo.load(der)["content"]["encap_content_info"]
    return Case(der, "tst_info", bytes(info["content"]))


CASES = pytest.mark.parametrize("make", [seal, elliptic_seal, token])


@CASES
def test_a_good_signature_counts(make: Callable[[], Case]) -> None:
    assert make().how() is Signed.RIGHTLY


@CASES
def test_another_content_is_seen(make: Callable[[], Case]) -> None:
    assert make().how(content=make().content + b" ") is Signed.OTHERWISE


@CASES
def test_another_type_of_content_is_wrong(make: Callable[[], Case]) -> None:
    case = make()
    assert Case(case.der, "signed_data", case.content).how() is Signed.WRONGLY


def test_another_certificate_of_the_same_key_is_wrong() -> None:
    assert seal().how(certified(agency_key().private).certificate) is Signed.WRONGLY


def test_another_key_is_wrong() -> None:
    other = certified(generate_private_key(SECP256R1()))
    assert elliptic_seal().how(other.certificate) is Signed.WRONGLY


_Attributes = list[cms.CMSAttribute]


def _resigned(change: Callable[[_Attributes], _Attributes]) -> Case:
    """The seal with other signed attributes, signed anew with the agency's own key."""
    info = cms.ContentInfo.load(seal().der)
    signer = info["content"]["signer_infos"][0]
    held = list(cms.CMSAttributes.load(signer["signed_attrs"].untag().dump()))
    attributes = cms.CMSAttributes(change(held))
    signer["signed_attrs"] = attributes
    private: Any = agency_key().private
    signer["signature"] = private.sign(attributes.dump(), PKCS1v15(), SHA256())
    return Case(info.dump(force=True), "data", seal().content)


def test_attributes_that_are_signed_anew_count() -> None:
    assert _resigned(list).how() is Signed.RIGHTLY


def test_a_value_over_other_attributes_does_not() -> None:
    info = cms.ContentInfo.load(_resigned(list).der)
    signer = info["content"]["signer_infos"][0]
    signer["signature"] = cms.ContentInfo.load(seal().der)["content"]["signer_infos"][0][
        "signature"
    ].native
    attribute = cms.CMSAttribute({"type": "signing_time", "values": [_time()]})
    held = list(cms.CMSAttributes.load(signer["signed_attrs"].untag().dump()))
    signer["signed_attrs"] = cms.CMSAttributes([*held, attribute])
    assert Case(info.dump(force=True), "data", seal().content).how() is Signed.WRONGLY


def _time() -> cms.Time:
    return cms.Time({"utc_time": datetime(2026, 3, 5, tzinfo=UTC)})


@pytest.mark.parametrize("name", ["content_type", "message_digest", "signing_certificate_v2"])
def test_an_attribute_that_is_missing_is_missed(name: str) -> None:
    case = _resigned(lambda held: [each for each in held if each["type"].native != name])
    assert case.how() is Signed.WRONGLY


@pytest.mark.parametrize("name", ["content_type", "message_digest", "signing_certificate_v2"])
def test_an_attribute_that_is_there_twice_is_not_chosen_from(name: str) -> None:
    def twice(held: _Attributes) -> _Attributes:
        return [*held, *(each for each in held if each["type"].native == name)]

    assert _resigned(twice).how() is Signed.WRONGLY


def test_an_attribute_with_two_values_is_not_chosen_from() -> None:
    def two_values(held: _Attributes) -> _Attributes:
        values = [hashlib.sha256(seal().content).digest(), bytes(32)]
        two = cms.CMSAttribute({"type": "message_digest", "values": values})
        return [*(each for each in held if each["type"].native != "message_digest"), two]

    assert _resigned(two_values).how() is Signed.WRONGLY


def _naming(**fields: Any) -> Case:
    """The seal, its certificate named by these fields of an ESSCertIDv2."""
    own = agency_key().certificate
    right = {"cert_hash": own.fingerprint(SHA256())}

    def named(held: _Attributes) -> _Attributes:
        value = tsp.SigningCertificateV2({"certs": [right | fields]})
        attribute = cms.CMSAttribute({"type": "signing_certificate_v2", "values": [value]})
        kept = [each for each in held if each["type"].native != "signing_certificate_v2"]
        return [*kept, attribute]

    return _resigned(named)


def _issuer_serial(issuer: x509.Certificate, serial: int) -> dict[str, Any]:
    name = asn1_x509.GeneralName("directory_name", to_asn1(issuer).subject)
    return {"issuer": [name], "serial_number": serial}


def test_the_certificate_is_named_by_its_digest_and_its_issuer() -> None:
    own, issuer = agency_key().certificate, agency_key().issuers[0]
    right = _issuer_serial(issuer, own.serial_number)
    assert _naming().how() is Signed.RIGHTLY
    assert _naming(issuer_serial=right).how() is Signed.RIGHTLY
    assert _naming(cert_hash=bytes(32)).how() is Signed.WRONGLY
    assert _naming(issuer_serial=_issuer_serial(issuer, 7)).how() is Signed.WRONGLY
    another = _issuer_serial(own, own.serial_number)
    assert _naming(issuer_serial=another).how() is Signed.WRONGLY
    weak = {"hash_algorithm": {"algorithm": "sha1"}, "cert_hash": own.fingerprint(SHA1())}  # noqa: S303
    assert _naming(**weak).how() is Signed.WRONGLY


def test_an_algorithm_that_is_protected_is_compared() -> None:
    def protects_another(held: _Attributes) -> _Attributes:
        value = {
            "digest_algorithm": {"algorithm": "sha512"},
            "signature_algorithm": {"algorithm": "sha256_rsa"},
        }
        attribute = cms.CMSAttribute({"type": "cms_algorithm_protection", "values": [value]})
        kept = [each for each in held if each["type"].native != "cms_algorithm_protection"]
        return [*kept, attribute]

    assert _resigned(protects_another).how() is Signed.WRONGLY


@CASES
def test_one_byte_that_is_turned_over_is_judged_as_pyhanko_does(
    make: Callable[[], Case],
) -> None:
    """Every place of the signer's part; where ours counts, pyHanko's counts."""
    case = make()
    signed = case.signed()
    own = own_of(signed["signer_infos"][0], held_by(signed))
    start = case.der.rindex(signed["signer_infos"][0].dump())
    found = set()
    for place in range(start, len(case.der), 3):
        changed = bytearray(case.der)
        changed[place] ^= 0x21
        twin = Case(bytes(changed), case.content_type, case.content)
        try:
            ours = twin.how(own) is Signed.RIGHTLY
        except ValueError:
            continue  # the container does not parse: nothing to ask
        theirs = twin.pyhanko(own) == (True, True)
        assert ours is theirs, place
        found.add(ours)
    # what names the signer is looked at elsewhere; the rest is refused
    assert False in found
