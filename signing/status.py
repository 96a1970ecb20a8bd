"""Was a certificate revoked when it was used? By validation data at hand; nothing is fetched."""

from collections.abc import Coroutine, Iterable, Iterator, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from asn1crypto import crl, ocsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import (
    CRLValidationError,
    OCSPValidationError,
    PathError,
    RevokedError,
    ValidationError,
)
from pyhanko_certvalidator.path import ValidationPath
from pyhanko_certvalidator.revinfo.validate_crl import verify_crl
from pyhanko_certvalidator.revinfo.validate_ocsp import verify_ocsp_response

from signing.certification import STRONG, path_to
from signing.converting import all_to_asn1, to_x509
from signing.evidence import Evidence
from signing.profile import is_strong, signs_lists
from signing.running import run

#: digests under lists and answers that count (ETSI TS 119 312)
_DIGESTS = frozenset({"sha256", "sha384", "sha512"})


class Revocation(StrEnum):
    """What is known of a chain's revocation; the value is contract."""

    GOOD = "good"  # every certificate under the root was found not revoked
    REVOKED = "revoked"  # one of them was revoked
    NOT_CHECKED = "not_checked"  # validation data of at least one is not in the document


def revocation_of(
    chain: Sequence[x509.Certificate],
    roots: Sequence[x509.Certificate],
    evidence: Evidence,
    at: datetime,
) -> Revocation:
    """What ``evidence`` says of ``chain`` as it stood at ``at``.

    Data that was made later tells of that time too: it lists when a certificate was revoked. Of
    several answers about one certificate the worst counts.
    """
    if not evidence.responses and not evidence.lists:
        return Revocation.NOT_CHECKED
    path = path_to(roots, [*chain, *evidence.certificates], at)
    if path is None:
        return Revocation.NOT_CHECKED
    known = _Known(evidence, path, at)
    found = {known.about(link) for link in path.iter_certs(include_root=False)}
    worst = (Revocation.REVOKED, Revocation.NOT_CHECKED)
    return next((each for each in worst if each in found), Revocation.GOOD)


class _Known:
    """The validation data, asked about one certificate of a path after the other.

    pyHanko's own check takes the first good answer, and asks no response about a certificate that
    names no responder.
    """

    def __init__(self, evidence: Evidence, path: ValidationPath, at: datetime) -> None:
        held = [link for link in evidence.certificates if is_strong(link)]
        self._responders = all_to_asn1(held)
        # pyHanko lets a certificate that states no key usage sign lists, whosever it is
        self._list_signers = all_to_asn1(link for link in held if signs_lists(link))
        self._responses = [each for each in evidence.responses if _is_strongly_answered(each)]
        self._lists = [each for each in evidence.lists if _is_strongly_signed(each)]
        self._path = path
        self._at = at

    def about(self, certificate: asn1_x509.Certificate) -> Revocation:
        answers = set(self._answers(certificate))
        for answer in (Revocation.REVOKED, Revocation.GOOD):
            if answer in answers:
                return answer
        return Revocation.NOT_CHECKED

    def _answers(self, certificate: asn1_x509.Certificate) -> Iterator[Revocation]:
        for response in self._responses:
            context = self._context(self._responders, ocsps=[response])
            yield _answer(verify_ocsp_response(certificate, self._path, context))
        for one in self._lists:
            context = self._context(self._list_signers, crls=[one])
            yield _answer(verify_crl(certificate, self._path, context))

    def _context(self, others: Iterable[asn1_x509.Certificate], **data: Any) -> ValidationContext:
        return ValidationContext(
            trust_roots=[self._path.trust_anchor],
            other_certs=[*others, *self._path.iter_certs(include_root=False)],
            moment=self._at,
            allow_fetching=False,
            retroactive_revinfo=True,
            algorithm_usage_policy=STRONG,
            **data,
        )


def _answer(verification: Coroutine[Any, Any, None]) -> Revocation:
    try:
        run(verification)
    except RevokedError:
        return Revocation.REVOKED
    except (CRLValidationError, OCSPValidationError, ValidationError, PathError):
        return Revocation.NOT_CHECKED
    return Revocation.GOOD


def _is_strongly_answered(response: ocsp.OCSPResponse) -> bool:
    """True where the answer, and whoever signed it, is as strong as a certificate has to be.

    pyHanko asks that of the responder's certificate alone.
    """
    answer = response.basic_ocsp_response
    if answer is None or not _is_strongly_signed(answer):
        return False
    return all(is_strong(to_x509(each)) for each in answer["certs"] or ())


def _is_strongly_signed(signed: crl.CertificateList | ocsp.BasicOCSPResponse) -> bool:
    try:
        return signed["signature_algorithm"].hash_algo in _DIGESTS
    except ValueError:
        return False
