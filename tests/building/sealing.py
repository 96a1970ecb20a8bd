"""Letters, keys and seals for tests of the signing room: made once a process, all invented."""

from datetime import UTC, datetime, timedelta
from functools import cache
from io import BytesIO
from pathlib import Path

import pikepdf
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from schemas.documents import RenderedPdf, SealedPdf, SealSpot
from signing.certificates import issue, new_root
from signing.fonts import FontFile, find_fonts
from signing.keys import PrivateKey, SealingKey, SigningKey, signing_key
from signing.seal import Seal
from signing.sealer import Sealer

NAME = "雨花区社会保险服务中心"
NUMBER = "稽（待遇）字〔2026〕第12号"
AT = datetime(2026, 3, 5, 1, 2, 3, tzinfo=UTC)
YEAR = timedelta(days=365)
A4 = (595.276, 841.89)


@cache
def fonts() -> tuple[FontFile, ...]:
    return find_fonts()


def subject(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


@cache
def authority(which: str = "ours") -> SigningKey:
    """A root called the same whichever it is: "ours", or somebody else's."""
    assert which
    return new_root(subject("Test Root"), since=AT - 10 * YEAR, until=AT + 10 * YEAR)


@cache
def agency_key(
    which: str = "ours", since: datetime = AT - YEAR, until: datetime = AT + 9 * YEAR
) -> SigningKey:
    return issue(subject(NAME), authority(which), since=since, until=until)


_SIGNS = x509.KeyUsage(
    digital_signature=True,
    content_commitment=True,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    key_cert_sign=False,
    crl_sign=False,
    encipher_only=False,
    decipher_only=False,
)


def certified(private: PrivateKey, name: x509.Name | None = None) -> SigningKey:
    """The key with a certificate under our root, as a production authority might issue it."""
    issuer = authority("ours")
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name or subject(NAME))
        .issuer_name(issuer.certificate.subject)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(AT - YEAR)
        .not_valid_after(AT + 9 * YEAR)
        .add_extension(_SIGNS, critical=True)
        .sign(issuer.private, hashes.SHA256())
    )
    return signing_key(private, certificate, issuer.chain, origin="a test")


@cache
def elliptic_key() -> SigningKey:
    """A P-256 key under our root."""
    return certified(generate_private_key(SECP256R1()))


def chain_file(folder: Path, key: SigningKey | None = None) -> Path:
    """The certificates of the key, in PEM."""
    file = folder / "chain.crt"
    links = (key or agency_key()).chain
    file.write_bytes(b"".join(link.public_bytes(Encoding.PEM) for link in links))
    return file


@cache
def root(which: str = "ours") -> x509.Certificate:
    return authority(which).certificate


@cache
def seal_picture(name: str = NAME) -> Seal:
    return Seal.named(name, diameter_mm=42, fonts=fonts())


def sealer(key: SealingKey | None = None) -> Sealer:
    return Sealer(key or agency_key(), seal_picture())


@cache
def plain_pdf(pages: int = 1) -> bytes:
    """A letter in Latin letters; pages share their resources as LibreOffice's do."""
    pdf = pikepdf.new()
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
    )
    resources = pdf.make_indirect(pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font)))
    for place in range(pages):
        page = pdf.add_blank_page(page_size=A4)
        page.obj.Resources = resources
        # the state is left changed on purpose: a seal must not be moved by it
        text = f"0.5 0 0 0.5 10 10 cm BT /F1 24 Tf 100 1000 Td (Page {place + 1}) Tj ET"
        page.Contents = pdf.make_stream(text.encode("ascii"))
    stream = BytesIO()
    pdf.save(stream, deterministic_id=True)
    return stream.getvalue()


def rendered(pages: int = 1, spot: SealSpot | None = None) -> RenderedPdf:
    where = spot or SealSpot(page=pages - 1, x=400, y=300)
    return RenderedPdf(content=plain_pdf(pages), pages=pages, seal_at=where)


@cache
def sealed(pages: int = 1) -> SealedPdf:
    """A good letter: signed by the agency under our root."""
    return sealer().seal(rendered(pages), document_number=NUMBER, at=AT)


def sealed_by(key: SigningKey, *, at: datetime = AT) -> bytes:
    return sealer(key).seal(rendered(), document_number=NUMBER, at=at).content


#: files of others, beside the checkout on machines that have them
CORPORA = next(
    (
        folder / "shared" / "corpora"
        for folder in Path(__file__).resolve().parents[3:]
        if (folder / "shared" / "corpora").is_dir()
    ),
    Path("shared") / "corpora",
)


class CarelessKey(SigningKey):
    """A key that seals whatever the dates of its certificate say."""

    def demand_valid(self, at: datetime) -> None:
        del at


def careless(key: SigningKey) -> SigningKey:
    return CarelessKey(private=key.private, certificate=key.certificate, issuers=key.issuers)
