"""pyHanko's signer over a key that stays open (its own parses the key at every signature)."""

from collections.abc import Iterable, Sequence

from asn1crypto import tsp
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.sign.attributes import (
    CMSAlgorithmProtectionProvider,
    CMSAttributeProvider,
    SignedAttributeProviderSpec,
    SigningCertificateV2Provider,
)
from pyhanko.sign.signers.pdf_cms import Signer
from pyhanko_certvalidator.registry import SimpleCertificateStore

from signing.keys import SealingKey


class KeptKeySigner(Signer):
    """Signs with SHA-256 and embeds the whole chain, root included."""

    def __init__(self, key: SealingKey) -> None:
        own, *others = (
            asn1_x509.Certificate.load(link.public_bytes(Encoding.DER)) for link in key.chain
        )
        super().__init__(signing_cert=own, cert_registry=SimpleCertificateStore.from_certs(others))
        self._key = key
        self.signed_attr_prov_spec = _Attributes(self, [own, *others])

    async def async_sign_raw(
        self,
        data: bytes,
        digest_algorithm: str,
        dry_run: bool = False,  # noqa: FBT001, FBT002
    ) -> bytes:
        """The signature over ``data``; of a dry run, nothing: the key is not asked."""
        if digest_algorithm != "sha256":
            raise ValueError(f"this signer does SHA-256 only, not {digest_algorithm}")
        return b"" if dry_run else self._key.sign(data)


class _Attributes(SignedAttributeProviderSpec):
    """signing-certificate-v2, and the algorithms (RFC 6211), so that nothing stands unprotected.

    signing-time is forbidden in PAdES, and commitment-type beside a /Reason.
    """

    def __init__(self, signer: Signer, chain: Sequence[asn1_x509.Certificate]) -> None:
        self._signer = signer
        self._chain = chain

    def signed_attr_providers(
        self, data_digest: bytes, digest_algorithm: str
    ) -> Iterable[CMSAttributeProvider]:
        """The attributes beside content-type and message-digest."""
        del data_digest
        yield _ChainProvider(self._chain)
        yield CMSAlgorithmProtectionProvider(
            digest_algo=digest_algorithm,
            signature_algo=self._signer.get_signature_mechanism_for_digest(digest_algorithm),
        )


class _ChainProvider(SigningCertificateV2Provider):
    """signing-certificate-v2 of the whole chain (``container``); pyHanko's lists the signer's."""

    def __init__(self, chain: Sequence[asn1_x509.Certificate]) -> None:
        own, *self._issuers = chain
        super().__init__(signing_cert=own)

    async def build_attr_value(self, dry_run: bool = False) -> tsp.SigningCertificateV2:  # noqa: FBT001, FBT002
        """The signer's first, then its issuers' upwards, by digest alone."""
        value = await super().build_attr_value(dry_run=dry_run)
        for link in self._issuers:
            value["certs"].append(tsp.ESSCertIDv2({"cert_hash": link.sha256}))
        return value
