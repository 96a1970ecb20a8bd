"""Keys from PKCS#12: what fits, and what an operator is told of one that does not."""

import shutil
import subprocess
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)
from cryptography.x509.oid import NameOID

from schemas.errors import Misconfigured, ProductionFailed
from signing.keyfiles import load_key_file, load_pkcs12
from signing.keys import SigningKey, issuers_of, public_key_of
from signing.names import is_of
from signing.trust import read_roots
from tests.building.sealing import (
    AT,
    NAME,
    YEAR,
    agency_key,
    authority,
    elliptic_key,
    root,
    subject,
)


@dataclass(frozen=True, kw_only=True)
class _Files:
    folder: Path

    def key(self, kept: SigningKey, /, *, phrase: bytes | None = None, **parts: Any) -> Path:
        """A PKCS#12 file of ``kept``; ``parts`` replace its key, cert or cas."""
        content = pkcs12.serialize_key_and_certificates(
            None,
            parts.get("key", kept.private),
            parts.get("cert", kept.certificate),
            parts.get("cas", list(kept.issuers)),
            BestAvailableEncryption(phrase) if phrase else NoEncryption(),
        )
        return self.put("key.p12", content)

    def put(self, name: str, content: bytes) -> Path:
        file = self.folder / name
        file.write_bytes(content)
        return file


@pytest.fixture
def files(tmp_path: Path) -> _Files:
    return _Files(folder=tmp_path)


def _self_signed(private: Any, *, usage: x509.KeyUsage | None = None) -> x509.Certificate:
    digest = None if isinstance(private, ed25519.Ed25519PrivateKey) else hashes.SHA256()
    draft = (
        x509.CertificateBuilder()
        .subject_name(subject(NAME))
        .issuer_name(subject(NAME))
        .public_key(private.public_key())
        .serial_number(7)
        .not_valid_before(AT)
        .not_valid_after(AT + YEAR)
    )
    if usage is not None:
        draft = draft.add_extension(usage, critical=True)
    return draft.sign(private, digest)


def test_a_key_with_its_chain_comes_back_in_order(files: _Files) -> None:
    kept = agency_key()
    phrase = files.put("phrase", b"secret\n")
    file = files.key(kept, phrase=b"secret", cas=[root("theirs"), *kept.issuers])
    key = load_pkcs12(file, phrase)
    assert key.certificate == kept.certificate
    assert key.issuers == (root(),)
    assert key.subject == f"CN={NAME}"
    assert key.serial == str(kept.certificate.serial_number)


def test_only_the_first_line_of_the_pass_phrase_file_counts(files: _Files) -> None:
    file = files.key(agency_key(), phrase=b"secret")
    assert load_pkcs12(file, files.put("phrase", b"secret\r\nnot this\n")).issuers


def test_an_elliptic_key_fits(files: _Files) -> None:
    private = ec.generate_private_key(ec.SECP256R1())
    file = files.key(agency_key(), key=private, cert=_self_signed(private), cas=[])
    assert load_pkcs12(file, None).issuers == ()


@pytest.mark.parametrize("phrase", [b"wrong", b""])
def test_a_wrong_pass_phrase_names_the_setting_and_not_the_phrase(
    files: _Files, phrase: bytes
) -> None:
    file = files.key(agency_key(), phrase=b"secret")
    with pytest.raises(Misconfigured, match="key_passphrase_file") as caught:
        load_pkcs12(file, files.put("phrase", phrase))
    assert "wrong'" not in str(caught.value)
    assert "secret" not in str(caught.value)


def test_a_missing_pass_phrase_says_that_none_is_set(files: _Files) -> None:
    file = files.key(agency_key(), phrase=b"secret")
    with pytest.raises(Misconfigured, match="not set"):
        load_pkcs12(file, None)


def test_a_file_that_is_no_pkcs12_is_named(files: _Files) -> None:
    with pytest.raises(Misconfigured, match=r"key\.p12"):
        load_pkcs12(files.put("key.p12", b"-----BEGIN CERTIFICATE-----"), None)


def test_a_file_that_is_not_there_is_named(files: _Files) -> None:
    with pytest.raises(Misconfigured, match=r"key_file .*absent\.p12"):
        load_pkcs12(files.folder / "absent.p12", None)
    with pytest.raises(Misconfigured, match="key_passphrase_file"):
        load_pkcs12(files.key(agency_key()), files.folder / "absent")


def test_a_file_without_private_key_is_refused(files: _Files) -> None:
    with pytest.raises(Misconfigured, match="lacks the private key"):
        load_pkcs12(files.key(agency_key(), key=None), None)


def test_a_short_rsa_key_is_refused(files: _Files) -> None:
    private = rsa.generate_private_key(public_exponent=65537, key_size=1024)  # noqa: S505
    file = files.key(agency_key(), key=private, cert=_self_signed(private), cas=[])
    with pytest.raises(Misconfigured, match="1024 bits"):
        load_pkcs12(file, None)


def test_a_key_of_another_kind_is_refused(files: _Files) -> None:
    for private in (ec.generate_private_key(ec.SECP256K1()), ed25519.Ed25519PrivateKey.generate()):
        file = files.key(agency_key(), key=private, cert=_self_signed(private), cas=[])
        with pytest.raises(Misconfigured, match="neither RSA nor"):
            load_pkcs12(file, None)


def test_a_certificate_for_other_uses_is_refused(files: _Files) -> None:
    private = ec.generate_private_key(ec.SECP256R1())
    usage = x509.KeyUsage(
        digital_signature=False,
        content_commitment=False,
        key_encipherment=True,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    file = files.key(agency_key(), key=private, cert=_self_signed(private, usage=usage), cas=[])
    with pytest.raises(Misconfigured, match="nonRepudiation"):
        load_pkcs12(file, None)


def test_a_key_never_shows_itself() -> None:
    assert "private" not in repr(agency_key())


@pytest.mark.parametrize("moment", [AT - YEAR, AT, AT + YEAR])
def test_within_its_validity_a_key_may_be_used(moment: Any) -> None:
    agency_key(until=AT + YEAR).demand_valid(moment)


def test_outside_of_it_the_error_says_what_to_do() -> None:
    with pytest.raises(ProductionFailed, match="hanyin keys import") as caught:
        agency_key(until=AT + YEAR).demand_valid(AT + YEAR + timedelta(seconds=1))
    assert caught.value.final
    with pytest.raises(ProductionFailed, match="check the clock") as caught:
        agency_key().demand_valid(AT - YEAR - timedelta(seconds=1))
    assert not caught.value.final


def test_roots_are_read_from_pem_and_der_each_once(files: _Files) -> None:
    ours, theirs = root(), authority("theirs").certificate
    pem = ours.public_bytes(Encoding.PEM) + theirs.public_bytes(Encoding.PEM)
    found = read_roots(
        [files.put("both.pem", pem), files.put("one.der", ours.public_bytes(Encoding.DER))]
    )
    assert found == (ours, theirs)


@pytest.mark.parametrize(
    "content", [b"", b"no certificate", b"-----BEGIN CERTIFICATE-----\nAAAA\n"]
)
def test_a_file_without_a_root_is_named(files: _Files, content: bytes) -> None:
    with pytest.raises(Misconfigured, match=r"root\.pem"):
        read_roots([files.put("root.pem", content)])


def test_a_root_file_that_is_not_there_is_named(files: _Files) -> None:
    with pytest.raises(Misconfigured, match=r"absent\.pem"):
        read_roots([files.folder / "absent.pem"])


def _pem(key: SigningKey, phrase: bytes | None = None) -> bytes:
    how = BestAvailableEncryption(phrase) if phrase else NoEncryption()
    return key.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, how)


def _chain(key: SigningKey) -> bytes:
    return b"".join(link.public_bytes(Encoding.PEM) for link in key.chain)


@pytest.mark.parametrize("make", [agency_key, elliptic_key])
def test_a_pem_file_may_hold_key_and_certificates(files: _Files, make: Any) -> None:
    key = load_key_file(files.put("key.pem", _chain(make()) + _pem(make())), None)
    assert key.chain == make().chain


def test_a_pem_key_with_a_pass_phrase_and_its_certificates_beside(files: _Files) -> None:
    kept = agency_key()
    file = files.put("key.pem", _pem(kept, b"secret"))
    phrase, chain = files.put("phrase", b"secret\n"), files.put("chain.crt", _chain(kept))
    assert load_key_file(file, phrase, chain).chain == kept.chain
    assert load_key_file(files.put("open.pem", _pem(kept)), phrase, chain).chain == kept.chain


@pytest.mark.parametrize("phrase", [None, b"wrong\n", b""])
def test_a_pem_key_that_does_not_open_names_the_setting_and_not_the_phrase(
    files: _Files, phrase: bytes | None
) -> None:
    file = files.put("key.pem", _pem(agency_key(), b"secret") + _chain(agency_key()))
    beside = None if phrase is None else files.put("phrase", phrase)
    with pytest.raises(Misconfigured, match="key_passphrase_file") as caught:
        load_key_file(file, beside)
    assert "wrong" not in str(caught.value)


def test_a_pem_key_without_its_certificate_says_where_to_put_it(files: _Files) -> None:
    file = files.put("key.pem", _pem(agency_key()) + _chain(elliptic_key()))
    with pytest.raises(Misconfigured, match="certificate_file"):
        load_key_file(file, None)


def test_a_pkcs12_key_may_have_its_chain_beside(files: _Files) -> None:
    kept = agency_key()
    file = files.key(kept, cas=[])
    chain = files.put("chain.crt", _chain(kept))
    assert load_key_file(file, None).issuers == ()
    assert load_key_file(file, None, chain).issuers == kept.issuers


def _named(*pairs: tuple[Any, str]) -> x509.Name:
    return x509.Name([x509.NameAttribute(oid, value) for oid, value in pairs])


@pytest.mark.parametrize(
    ("named", "names", "own"),
    [
        (_named((NameOID.ORGANIZATION_NAME, NAME)), [NAME], True),
        (_named((NameOID.COMMON_NAME, NAME)), [NAME], True),
        (_named((NameOID.ORGANIZATIONAL_UNIT_NAME, NAME)), [NAME], True),
        (_named((NameOID.ORGANIZATION_IDENTIFIER, "12430111MB0A")), ["12430111MB0A"], True),
        # full-width and half-width are one name, spaces none
        (_named((NameOID.COMMON_NAME, "某 中心(本级)")), ["某中心（本级）"], True),
        (_named((NameOID.COMMON_NAME, "另一社会保险中心")), [NAME], False),
        # part of a name is another name
        (_named((NameOID.COMMON_NAME, NAME + "第二")), [NAME], False),
        (_named((NameOID.LOCALITY_NAME, NAME)), [NAME], False),
        (_named(), [NAME], False),
    ],
)
def test_a_certificate_is_whose_name_stands_in_its_subject(
    named: x509.Name, names: list[str], *, own: bool
) -> None:
    assert is_of(named, names) is own


def _sm2(folder: Path, *, as_pkcs12: bool) -> Path:
    """A key of the national curve with its certificate, as OpenSSL writes them."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    key, certificate, whole = folder / "sm2.key", folder / "sm2.crt", folder / "sm2.file"
    for words in (
        f"genpkey -algorithm EC -pkeyopt ec_paramgen_curve:SM2 -out {key}",
        f"req -x509 -new -key {key} -sm3 -subj /CN=SM2 -out {certificate}",
        f"pkcs12 -export -inkey {key} -in {certificate} -passout pass:x -out {whole}",
    ):
        subprocess.run(["openssl", *words.split()], check=True, capture_output=True, timeout=30)
    if not as_pkcs12:
        whole.write_bytes(key.read_bytes() + certificate.read_bytes())
    return whole


@pytest.mark.parametrize("as_pkcs12", [True, False], ids=["PKCS#12", "PEM"])
def test_a_key_of_the_national_curve_is_refused_by_name(tmp_path: Path, *, as_pkcs12: bool) -> None:
    phrase = tmp_path / "phrase"
    phrase.write_text("x", encoding="ascii")
    with pytest.raises(Misconfigured, match="neither RSA nor of a NIST curve"):
        load_key_file(_sm2(tmp_path, as_pkcs12=as_pkcs12), phrase)


def test_a_certificate_of_the_national_curve_beside_a_key_is_passed_over(
    files: _Files, tmp_path: Path
) -> None:
    _sm2(tmp_path, as_pkcs12=False)
    others = x509.load_pem_x509_certificates((tmp_path / "sm2.crt").read_bytes())
    key = agency_key()
    assert issuers_of(key.certificate, (*others, *key.issuers)) == key.issuers
    assert issuers_of(others[0], key.chain) == ()
    assert public_key_of(others[0]) is None
