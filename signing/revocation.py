"""Was a certificate revoked? Asked of the responders and lists that it names (OCSP, CRL).

What was answered is kept as evidence for the levels B-LT and B-LTA, and for some minutes for the
letters that follow.
"""

import asyncio
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import structlog
from asn1crypto import crl, ocsp
from asn1crypto import x509 as asn1_x509
from pyhanko.sign.validation.dss import enumerate_ocsp_certs
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import (
    PathBuildingError,
    PathValidationError,
    RevokedError,
    ValidationError,
)
from pyhanko_certvalidator.fetchers.aiohttp_fetchers import AIOHttpFetcherBackend
from pyhanko_certvalidator.fetchers.api import FetchLimits

from schemas.errors import ProductionFailed, Unavailable
from schemas.sentence import Sentence
from signing import outbound

_log = structlog.get_logger(__name__)

#: seconds that one responder may take, and all of them for one certificate together
_SECONDS_EACH, _SECONDS_ALL = 5, 15
#: seconds for which an answer serves; and for which a failure does, so that nobody waits again
_FRESH, _RESTS = 600.0, 60.0
#: bytes of all answers about one chain, OCSP and CRL together
_LARGEST_ANSWERS = 8 * 1024 * 1024
#: questions about one chain; and no issuer is looked for where a certificate says it is (AIA): the
#: chain is at hand, and only what a known issuer signed is asked about
_LIMITS = FetchLimits(max_requests=16, max_aia_urls_per_object=0)

#: require: every certificate below the root must have an answer; ask: what can be had, and a
#: certificate said to be revoked is refused
Mode = Literal["require", "ask"]


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """What proves that certificates were good when it was gathered."""

    certificates: tuple[asn1_x509.Certificate, ...] = ()
    ocsps: tuple[ocsp.OCSPResponse, ...] = ()
    crls: tuple[crl.CertificateList, ...] = ()

    def __add__(self, other: "Evidence") -> "Evidence":
        return Evidence(
            certificates=self.certificates + other.certificates,
            ocsps=self.ocsps + other.ocsps,
            crls=self.crls + other.crls,
        )

    def holds(self, certificate: asn1_x509.Certificate) -> bool:
        """True where it is evidence for ``certificate``."""
        return any(held.sha256 == certificate.sha256 for held in self.certificates)


_NO_ANSWER = Sentence("没有答复", "no answer")


@dataclass(frozen=True, kw_only=True)
class _Kept:
    until: float
    evidence: Evidence | None = None
    failure: Sentence = _NO_ANSWER


class Revocation:
    """Asks, and remembers what was answered."""

    def __init__(
        self,
        roots: Iterable[asn1_x509.Certificate],
        *,
        networks: Sequence[outbound.Network] = (),
        seconds: float = _SECONDS_EACH,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._roots = list(roots)
        self._networks = tuple(networks)
        self._seconds = seconds
        self._clock = clock
        self._kept: dict[tuple[bytes, Mode], _Kept] = {}

    async def evidence(
        self,
        certificate: asn1_x509.Certificate,
        others: Sequence[asn1_x509.Certificate],
        *,
        mode: Mode = "require",
    ) -> Evidence:
        """Certificates, OCSP responses and CRLs that say that nothing in the chain is revoked.

        Raises ``Unavailable`` where they are not to be had (mode require), ``ProductionFailed``
        certificate_revoked.
        """
        known = self.known(certificate.sha256, mode)
        if known is not None:
            return known
        kept = await self._asked(certificate, others, mode)
        self._kept[certificate.sha256, mode] = kept
        return _told(kept)

    def known(self, certificate: bytes, mode: Mode) -> Evidence | None:
        """What was answered some minutes ago at most, of the certificate with this SHA-256.

        None: it has to be asked for. Raises ``Unavailable`` where there was no answer a moment ago.
        """
        kept = self._kept.get((certificate, mode))
        if kept is None or self._clock() >= kept.until:
            return None
        return _told(kept)

    async def _asked(
        self,
        certificate: asn1_x509.Certificate,
        others: Sequence[asn1_x509.Certificate],
        mode: Mode,
    ) -> _Kept:
        try:
            async with asyncio.timeout(_SECONDS_ALL):
                found = await self._gathered(certificate, others, mode)
        except RevokedError as error:
            raise ProductionFailed(
                "certificate_revoked", final=True, subject=certificate.subject.human_friendly
            ) from error
        except (PathBuildingError, ValidationError, PathValidationError, TimeoutError) as error:
            name = certificate.subject.human_friendly
            why = str(error)[:200]
            failure = Sentence(
                f"{name} 是否吊销不得而知：{why or '没有及时答复'}",
                f"revocation of {name} is not known: {why or 'no answer in time'}",
            )
            return _Kept(until=self._clock() + _RESTS, failure=failure)
        return _Kept(until=self._clock() + _FRESH, evidence=found)

    async def _gathered(
        self,
        certificate: asn1_x509.Certificate,
        others: Sequence[asn1_x509.Certificate],
        mode: Mode,
    ) -> Evidence:
        session = outbound.session(most=_LARGEST_ANSWERS, networks=self._networks)
        async with session:
            context = ValidationContext(
                trust_roots=self._roots,
                other_certs=others,
                allow_fetching=True,
                fetcher_backend=AIOHttpFetcherBackend(session, self._seconds, limits=_LIMITS),
                revocation_mode="require" if mode == "require" else "soft-fail",
            )
            validator = CertificateValidator(
                certificate, intermediate_certs=others, validation_context=context
            )
            path = await validator.async_validate_path()
        for ignored in context.soft_fail_exceptions:
            _log.warning("a responder did not answer", reason=str(ignored)[:200])
        ocsps = tuple(context.ocsps)
        responders = [link for answer in ocsps for link in enumerate_ocsp_certs(answer)]
        return Evidence(certificates=(*path, *responders), ocsps=ocsps, crls=tuple(context.crls))


def _told(kept: _Kept) -> Evidence:
    if kept.evidence is None:
        raise Unavailable(kept.failure.zh, kept.failure.en)
    return kept.evidence
