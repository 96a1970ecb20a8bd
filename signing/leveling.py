"""What a seal of a level needs beside the key: a time stamp, and evidence that is embedded.

At B-LT evidence (certificates, OCSP responses, CRLs) stands in the signature's own revision, under
the signature; at B-LTA, and where the archive adds it, behind it and under a closing document time
stamp. Nothing that validates a letter is ever outside of what is signed or stamped.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

import structlog
from asn1crypto import cms
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.signers.pdf_signer import PdfTimeStamper
from pyhanko.sign.validation.dss import DocumentSecurityStore

from schemas.configuration import SealSettings
from schemas.errors import Misconfigured, Unavailable
from schemas.levels import SealLevel
from schemas.sentence import NOTHING, Sentence
from signing.container import LARGEST_TOKEN
from signing.converting import all_to_asn1
from signing.keys import SealingKey
from signing.revocation import Evidence, Mode, Revocation
from signing.running import run
from signing.stamps import StampServers, signer_of, stamp_ends
from signing.writing import Writer

_log = structlog.get_logger(__name__)

_DIGEST = "sha256"


@dataclass(frozen=True, kw_only=True)
class Prepared:
    """What can be had now for one seal."""

    #: the level that it allows
    level: SealLevel
    #: embedded with the signature; of the signer and of the time stamp authority
    evidence: Evidence | None = None
    #: why it is not the wanted level; empty where it is
    problem: Sentence = NOTHING


class Leveling:
    """The time stamps and evidence of one agency. Trust: its own chain, and ``roots``."""

    def __init__(self, settings: SealSettings, roots: Sequence[x509.Certificate]) -> None:
        if settings.level is not SealLevel.B_B and not roots:
            raise Misconfigured(
                f"agencies.seal.level {settings.level} 需要时间戳机构的根证书："
                "请写入 HANYIN_TSA_TRUST_FILES",
                f"agencies.seal.level {settings.level} needs the roots of the time stamp"
                " authorities: name them in HANYIN_TSA_TRUST_FILES",
            )
        self.wanted = settings.level
        self.lowest = settings.lowest_level
        self._networks = settings.private_networks
        self.stamps = StampServers(settings.time_stamp_servers, roots, networks=self._networks)
        self._roots = tuple(roots)
        self._mode = settings.revocation
        self._revocations: dict[x509.Certificate, Revocation] = {}

    def demand_not_revoked(self, key: SealingKey) -> None:
        """Nothing, where the key's certificate may be used as far as the setting asks.

        Raises ``ProductionFailed`` (certificate_revoked), or ``Unavailable`` where an answer is
        demanded and there is none.
        """
        if self._mode == "off":
            return
        mode: Mode = "require" if self._mode == "demand" else "ask"
        try:
            # each letter asks, and mostly the answer is known
            own = key.chain[0].fingerprint(SHA256())
            if self._revocation(key.chain[-1]).known(own, mode) is None:
                run(self.of_chain(key.chain, mode))
        except Unavailable as error:
            if self._mode == "demand":
                raise
            _log.warning("revocation could not be asked for", reason=str(error))

    def prepared(self, key: SealingKey) -> Prepared:
        """What is embedded with a signature of ``key``. Raises ``ProductionFailed`` as above."""
        if self.wanted is not SealLevel.B_LT:
            return Prepared(level=self.wanted)
        try:
            return Prepared(level=self.wanted, evidence=run(self._evidence(key)))
        except Unavailable as error:
            return Prepared(level=SealLevel.B_T, problem=error.sentence)

    def closed(self, pdf: bytes, key: SealingKey, token: cms.ContentInfo) -> tuple[bytes, datetime]:
        """``pdf`` with evidence and a document time stamp over all; when its authority ends.

        ``token`` is the stamp on the signature. Raises ``Unavailable``, ``ProductionFailed``.
        """
        return stamp_over(pdf, self.stamps, run(self._evidence_of(key, token)))

    async def of_chain(self, chain: Sequence[x509.Certificate], mode: Mode = "require") -> Evidence:
        """Evidence for a signer's chain; its last certificate is believed."""
        own, *others = all_to_asn1(chain)
        return await self._revocation(chain[-1]).evidence(own, others, mode=mode)

    async def of_stamp(
        self, own: asn1_x509.Certificate, others: Sequence[asn1_x509.Certificate]
    ) -> Evidence:
        """Evidence for a time stamp authority, under the roots that are trusted for them."""
        return await self._revocation(*self._roots).evidence(own, others)

    async def _evidence(self, key: SealingKey) -> Evidence:
        """Before there is a stamp: for the authority that served last, or would serve now."""
        return await self._evidence_of(key, await self.stamps.async_dummy_response(_DIGEST))

    async def _evidence_of(self, key: SealingKey, token: cms.ContentInfo) -> Evidence:
        return await self.of_chain(key.chain) + await self.of_stamp(*signer_of(token))

    def _revocation(self, *roots: x509.Certificate) -> Revocation:
        first = roots[0]
        if first not in self._revocations:
            self._revocations[first] = Revocation(all_to_asn1(roots), networks=self._networks)
        return self._revocations[first]


def embed(writer: IncrementalPdfFileWriter, evidence: Evidence) -> None:
    """The document's security store (ISO 32000-2, 12.8.4.3) holds ``evidence`` too."""
    DocumentSecurityStore.supply_dss_in_writer(
        writer,
        None,
        certs=evidence.certificates,
        ocsps=evidence.ocsps,
        crls=evidence.crls,
    )


def stamp_over(
    pdf: bytes, stamps: StampServers, evidence: Evidence | None = None
) -> tuple[bytes, datetime]:
    """``pdf``, ``evidence``, and a document time stamp over both; when its authority ends.

    ``pdf``'s own bytes stand unchanged at the head. Raises ``Unavailable``.
    """
    writer = Writer(BytesIO(pdf))
    if evidence is not None:
        embed(writer, evidence)
    stamper = PdfTimeStamper(stamps)
    output = run(
        stamper.async_timestamp_pdf(
            writer, _DIGEST, bytes_reserved=2 * LARGEST_TOKEN, in_place=True
        )
    )
    content: bytes = output.getvalue()
    return content, stamp_ends(stamps.latest)
