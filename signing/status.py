"""Was a certificate revoked when it was used? By validation data at hand; nothing is fetched."""

from collections.abc import Callable, Coroutine, Iterator, Sequence
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

from signing.evidence import Evidence
from signing.mathematics import converted, path_to
from signing.running import run


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
    known = _Known(roots, evidence, path, at)
    found = {known.about(link) for link in path.iter_certs(include_root=False)}
    worst = (Revocation.REVOKED, Revocation.NOT_CHECKED)
    return next((each for each in worst if each in found), Revocation.GOOD)


class _Known:
    """The validation data, asked about one certificate of a path after the other.

    pyHanko's own check takes the first good answer, and asks no response about a certificate that
    names no responder.
    """

    def __init__(
        self,
        roots: Sequence[x509.Certificate],
        evidence: Evidence,
        path: ValidationPath,
        at: datetime,
    ) -> None:
        self._roots = [converted(root) for root in roots]
        self._others = [converted(certificate) for certificate in evidence.certificates]
        self._evidence = evidence
        self._path = path
        self._at = at

    def about(self, certificate: asn1_x509.Certificate) -> Revocation:
        answers = set(self._answers(certificate))
        for answer in (Revocation.REVOKED, Revocation.GOOD):
            if answer in answers:
                return answer
        return Revocation.NOT_CHECKED

    def _answers(self, certificate: asn1_x509.Certificate) -> Iterator[Revocation]:
        for response in self._evidence.responses:
            yield self._answer(verify_ocsp_response, certificate, responses=(response,))
        for one in self._evidence.lists:
            yield self._answer(verify_crl, certificate, lists=(one,))

    def _answer(
        self,
        verify: Callable[..., Coroutine[Any, Any, None]],
        certificate: asn1_x509.Certificate,
        responses: Sequence[ocsp.OCSPResponse] = (),
        lists: Sequence[crl.CertificateList] = (),
    ) -> Revocation:
        context = ValidationContext(
            trust_roots=self._roots,
            other_certs=[*self._others, *self._path.iter_certs(include_root=False)],
            moment=self._at,
            allow_fetching=False,
            ocsps=responses,
            crls=lists,
            retroactive_revinfo=True,
        )
        try:
            run(verify(certificate, self._path, context))
        except RevokedError:
            return Revocation.REVOKED
        except (CRLValidationError, OCSPValidationError, ValidationError, PathError):
            return Revocation.NOT_CHECKED
        return Revocation.GOOD
