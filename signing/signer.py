"""pyHanko's signer over a key that stays open (its own parses the key at every signature)."""

from collections.abc import Iterable

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
        self.signed_attr_prov_spec = _Attributes(self, own)

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

    def __init__(self, signer: Signer, own: asn1_x509.Certificate) -> None:
        self._signer = signer
        self._own = own

    def signed_attr_providers(
        self, data_digest: bytes, digest_algorithm: str
    ) -> Iterable[CMSAttributeProvider]:
        """The attributes beside content-type and message-digest."""
        del data_digest
        yield SigningCertificateV2Provider(signing_cert=self._own)
        yield CMSAlgorithmProtectionProvider(
            digest_algo=digest_algorithm,
            signature_algo=self._signer.get_signature_mechanism_for_digest(digest_algorithm),
        )
