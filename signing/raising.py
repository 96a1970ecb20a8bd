"""Sealed letter → rendition: what keeps it verifiable for decades, appended behind its bytes.

The sealed bytes stand unchanged at the head. A letter without a proven time is time-stamped first;
then evidence for every certificate that has none in the file yet, and a document time stamp over
all of it (EN 319 142-1, 5.4). Renewing is the same again, before the last stamp's authority ends.
"""

import hashlib
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from datetime import datetime

from asn1crypto import cms
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.sign.general import extract_certificate_info
from pyhanko.sign.validation.generic_cms import extract_tst_data_iter

from schemas.documents import Rendition
from schemas.errors import Unavailable
from schemas.levels import SealLevel
from schemas.sentence import NOTHING, Sentence
from signing.container import signed_data
from signing.converting import to_x509
from signing.evidence import read_evidence
from signing.keys import issuers_of
from signing.leveling import Leveling, stamp_over
from signing.revocation import Evidence
from signing.running import run
from signing.signatures import signatures_of, span_of
from signing.syntax.document import read_document


@dataclass(frozen=True, kw_only=True)
class Raised:
    """What came of it."""

    rendition: Rendition
    #: the last certificate of the signer's chain in the file
    root: x509.Certificate
    #: why it is no B-LTA; empty where it is
    problem: Sentence = NOTHING


def raise_letter(pdf: bytes, leveling: Leveling, *, wanted: SealLevel) -> Raised:
    """``pdf``, a letter of ours, at B-LTA; at B-T where that is ``wanted`` or no more can be had.

    Raises ``Unavailable`` where nothing can be added that helps, ``ProductionFailed``
    (certificate_revoked).
    """
    letter = _Letter.read(pdf)
    until: datetime | None = None
    if not letter.timed:
        pdf, until = stamp_over(pdf, leveling.stamps)
        if not wanted.reaches(SealLevel.B_LT):
            return _raised(pdf, SealLevel.B_T, until, letter)
        letter = _Letter.read(pdf)
    try:
        evidence = run(letter.evidence(leveling))
    except Unavailable as error:
        if until is None:
            raise
        return _raised(pdf, SealLevel.B_T, until, letter, error.sentence)
    content, until = stamp_over(pdf, leveling.stamps, evidence)
    return _raised(content, SealLevel.B_LTA, until, letter)


@dataclass(frozen=True, kw_only=True)
class _Letter:
    """A file of ours, with the certificates that its signatures rest on."""

    chain: tuple[x509.Certificate, ...]
    #: each time stamp's own certificate and those that came with it
    stamps: tuple[tuple[asn1_x509.Certificate, Sequence[asn1_x509.Certificate]], ...]
    #: SHA-256 of the certificates that the file has evidence for
    known: frozenset[bytes]
    #: True where a document time stamp closes it
    archived: bool

    @classmethod
    def read(cls, pdf: bytes) -> "_Letter":
        document = read_document(pdf)
        seal, *stamps = (
            signed_data(span_of(document, signature).container)
            for signature in signatures_of(document)
        )
        attached = extract_tst_data_iter(seal["signer_infos"][0], signed=False)
        found = [extract_certificate_info(signed) for signed in (*attached, *stamps)]
        held = read_evidence(document.state(len(document.revisions) - 1)).certificates
        return cls(
            chain=_chain(seal),
            stamps=tuple((info.signer_cert, list(info.other_certs)) for info in found),
            known=frozenset(_digest(certificate) for certificate in held),
            archived=bool(stamps),
        )

    @property
    def timed(self) -> bool:
        """True where a time stamp says when it was there."""
        return bool(self.stamps)

    async def evidence(self, leveling: Leveling) -> Evidence:
        """For every certificate that the file has none for, and for all the first time."""
        found = Evidence()
        if self._wants(_digest(self.chain[0])):
            found += await self._fresh(_digest(self.chain[0]), leveling.of_chain(self.chain))
        for own, others in self.stamps:
            if self._wants(own.sha256):
                found += await self._fresh(own.sha256, leveling.of_stamp(own, others))
        return found

    def _wants(self, digest: bytes) -> bool:
        # what was placed with the signature was gathered before it: later answers say more
        return not self.archived or digest not in self.known

    async def _fresh(self, digest: bytes, asking: Awaitable[Evidence]) -> Evidence:
        try:
            return await asking
        except Unavailable:
            if digest in self.known:
                return Evidence()
            raise


def _chain(seal: cms.SignedData) -> tuple[x509.Certificate, ...]:
    info = extract_certificate_info(seal)
    own = to_x509(info.signer_cert)
    others = [to_x509(certificate) for certificate in info.other_certs]
    return (own, *issuers_of(own, others))


def _digest(certificate: x509.Certificate) -> bytes:
    return hashlib.sha256(certificate.public_bytes(Encoding.DER)).digest()


def _raised(
    content: bytes, level: SealLevel, until: datetime, letter: _Letter, problem: Sentence = NOTHING
) -> Raised:
    digest = hashlib.sha256(content).hexdigest()
    return Raised(
        rendition=Rendition(content=content, sha256=digest, level=level, stamp_until=until),
        root=letter.chain[-1],
        problem=problem,
    )
