"""Validation data in a document (/DSS; EN 319 142-1, 5.4.2), and what it says of certificates."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from asn1crypto import crl, ocsp
from cryptography import x509
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.decode_limits import DecodePurpose
from pyhanko_certvalidator.errors import (
    PathBuildingError,
    PathValidationError,
    RevokedError,
)

from signing.der import demand_der
from signing.mathematics import Moment, path_to
from signing.verdict import Refused

#: certificates, OCSP responses and CRLs of one document, at most
_MOST = 1000


class Revocation(StrEnum):
    """What is known of a chain's revocation; the value is contract."""

    GOOD = "good"  # every certificate under the root was found not revoked
    REVOKED = "revoked"  # one of them was revoked
    NOT_CHECKED = "not_checked"  # validation data of at least one is not in the document


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """The validation data of a document."""

    certificates: tuple[x509.Certificate, ...] = ()
    responses: tuple[ocsp.OCSPResponse, ...] = ()
    lists: tuple[crl.CertificateList, ...] = ()

    @property
    def size(self) -> int:
        """How many certificates, responses and lists there are."""
        return len(self.certificates) + len(self.responses) + len(self.lists)

    @property
    def newest(self) -> datetime | None:
        """When the youngest list or response was made, UTC; None without any."""
        times = [each["tbs_cert_list"]["this_update"].native for each in self.lists]
        times += [
            answer["this_update"].native
            for response in self.responses
            for answer in response.basic_ocsp_response["tbs_response_data"]["responses"]
        ]
        return max(times).astimezone(UTC) if times else None


def read_evidence(root: generic.DictionaryObject) -> Evidence:
    """What /DSS of the catalogue ``root`` holds.

    ``Refused`` (update_after_sealing) where something in it is not validation data.
    """
    if "/DSS" not in root:
        return Evidence()
    store = root["/DSS"]
    try:
        return Evidence(
            certificates=tuple(
                x509.load_der_x509_certificate(der)
                for der in _streams(store, "/Certs", DecodePurpose.CERTIFICATE)
            ),
            responses=tuple(
                _parsed(ocsp.OCSPResponse, der)
                for der in _streams(store, "/OCSPs", DecodePurpose.OCSP_RESPONSE)
            ),
            lists=tuple(
                _parsed(crl.CertificateList, der)
                for der in _streams(store, "/CRLs", DecodePurpose.CRL)
            ),
        )
    except (ValueError, TypeError, AttributeError, LookupError):
        raise Refused("update_after_sealing") from None


def revocation_of(
    chain: Sequence[x509.Certificate],
    roots: Sequence[x509.Certificate],
    evidence: Evidence,
    at: datetime,
) -> Revocation:
    """What ``evidence`` says of ``chain`` as it stood at ``at``; nothing is fetched."""
    if not evidence.responses and not evidence.lists:
        return Revocation.NOT_CHECKED
    moment = Moment(at=at, responses=evidence.responses, lists=evidence.lists)
    try:
        path_to(roots, [*chain, *evidence.certificates], moment)
    except RevokedError:
        return Revocation.REVOKED
    except (PathBuildingError, PathValidationError):
        return Revocation.NOT_CHECKED
    return Revocation.GOOD


def _streams(
    store: generic.DictionaryObject, name: str, purpose: DecodePurpose
) -> Iterator[bytes]:
    entries = store[name] if name in store else ()
    if len(entries) > _MOST:
        raise ValueError(name)
    for entry in entries:
        yield entry.get_object().read_data(purpose)


def _parsed(kind: Any, der: bytes) -> Any:
    demand_der(der)
    value = kind.load(der, strict=True)
    value.native  # noqa: B018  # parsed down to the innermost
    return value
