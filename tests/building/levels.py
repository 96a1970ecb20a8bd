"""Letters of every PAdES level, made with pyHanko's own signer, and raised as an archive does."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

from asn1crypto import cms
from asn1crypto import keys as asn1_keys
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pyhanko.sign.attributes import (
    CMSAlgorithmProtectionProvider,
    CMSAttributeProvider,
    SignedAttributeProviderSpec,
    SigningCertificateV2Provider,
)
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore

from schemas.levels import SealLevel
from signing.keys import SealingKey, SigningKey
from signing.leveling import Prepared
from signing.sealer import Sealer
from signing.stamps import StampsAway
from signing.tokens import canonical
from tests.building.sealing import (
    AT,
    NUMBER,
    agency_key,
    authority,
    plain_pdf,
    rendered,
    seal_picture,
)
from tests.building.stamping import (
    QuietWriter,
    converted,
    put_data,
    response,
    revocation_list,
    stamp_key,
    stamped,
    stamper,
    with_data,
)

MINUTE = timedelta(minutes=1)
#: when the archive raises a letter
LATER = AT + timedelta(days=7)


class _Attributes(SignedAttributeProviderSpec):
    """Those of EN 319 142-1, 6.3, without the signing-time that pyHanko would add."""

    def __init__(self, signer: SimpleSigner) -> None:
        self._signer = signer

    def signed_attr_providers(
        self, data_digest: bytes, digest_algorithm: str
    ) -> Iterator[CMSAttributeProvider]:
        yield SigningCertificateV2Provider(signing_cert=self._signer.signing_cert)
        yield CMSAlgorithmProtectionProvider(
            digest_algo=digest_algorithm,
            signature_algo=self._signer.get_signature_mechanism_for_digest(digest_algorithm),
        )


def sealed_at_level(
    pdf: bytes | None = None,
    *,
    key: SigningKey | None = None,
    stamp_root: str | None = None,
    stamp_at: datetime = AT,
    data: Callable[[QuietWriter], None] | None = None,
) -> bytes:
    """A certified letter; with ``stamp_root`` of B-T, with ``data`` placed with the signature."""
    own = key or agency_key()
    writer = QuietWriter(BytesIO(pdf or plain_pdf()))
    if data is not None:
        data(writer)
    chain = [converted(link) for link in own.chain]
    der = own.private.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    signer = SimpleSigner(
        signing_cert=chain[0],
        signing_key=asn1_keys.PrivateKeyInfo.load(der),
        cert_registry=SimpleCertificateStore.from_certs(chain[1:]),
    )
    signer.signed_attr_prov_spec = _Attributes(signer)
    metadata = PdfSignatureMetadata(
        field_name="Seal",
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
        reason=f"签发 {NUMBER}",
    )
    clocked = PdfSigner(
        metadata,
        signer,
        timestamper=stamper(stamp_root, stamp_at) if stamp_root else None,
        new_field_spec=SigFieldSpec("Seal"),
    )
    output = clocked.sign_pdf(writer, output=BytesIO(), bytes_reserved=32768)
    content: bytes = output.getvalue()
    return content


class _Stamps:
    """What ``Leveling.stamps`` gives, by an authority in this process."""

    def __init__(
        self, root_of: str, at: datetime, key: SigningKey | None, *, away: bool = False
    ) -> None:
        self._away = away
        self._stamper = stamper(root_of, at, key)
        self._roots = (authority(root_of).certificate, *(key.issuers if key else ()))

    async def async_timestamp(self, imprint: bytes, algorithm: str) -> cms.ContentInfo:
        if self._away:
            raise StampsAway("没有答复", "nobody answers")
        token = await self._stamper.async_timestamp(imprint, algorithm)
        return canonical(token, self._roots)


class _Leveling:
    """As much of ``Leveling`` as a seal of B-T asks for."""

    wanted, lowest = SealLevel.B_T, SealLevel.B_B

    def __init__(self, stamps: _Stamps) -> None:
        self.stamps = stamps

    def prepared(self, key: SealingKey) -> Prepared:
        del key
        return Prepared(level=self.wanted)


def sealed_with_stamp(
    key: SigningKey | None = None,
    *,
    root_of: str = "ours",
    at: datetime = AT,
    stamp_key: SigningKey | None = None,
    away: bool = False,
) -> bytes:
    """A letter of B-T as our own sealer makes it, stamped by an authority under that root.

    Where that is ``away``, it is of B-B.
    """
    leveling: Any = _Leveling(_Stamps(root_of, at, stamp_key, away=away))
    desk = Sealer(key or agency_key(), seal_picture(), leveling)
    return desk.seal(rendered(), document_number=NUMBER, at=at).content


def full_data(at: datetime = AT, key: SigningKey | None = None) -> Callable[[QuietWriter], None]:
    """Certificates, an OCSP response about the agency, a list about the time stamp authority."""
    own = key or agency_key()

    def put(writer: QuietWriter) -> None:
        put_data(
            writer,
            responses=(response(own.certificate, at=at),),
            lists=(revocation_list(at=at),),
            certificates=(*own.chain, stamp_key("ours").certificate),
        )

    return put


def raised(pdf: bytes, *, at: datetime = LATER, quiet: bool = True, root_of: str = "ours") -> bytes:
    """What an archive makes of a sealed letter: validation data and a closing time stamp."""
    own = agency_key()
    prepared = with_data(
        pdf,
        responses=(response(own.certificate, at=at),),
        lists=(revocation_list(at=at),),
        certificates=(*own.chain, stamp_key("ours").certificate, authority(root_of).certificate),
        quiet=quiet,
    )
    return stamped(prepared, root_of=root_of, at=at, quiet=quiet)


def renewed(pdf: bytes, days: int = 90) -> bytes:
    """A raised letter, raised again that many days later."""
    return raised(pdf, at=LATER + timedelta(days=days))
