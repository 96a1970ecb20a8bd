"""Validation data in a document (/DSS; EN 319 142-1, 5.4.2)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from asn1crypto import crl, ocsp
from cryptography import x509

from signing.der import demand_der
from signing.entries import dictionary_at, list_at
from signing.syntax.document import State
from signing.syntax.filters import decoded
from signing.syntax.values import Malformed, Stream
from signing.verdict import Refused

#: certificates, OCSP responses and CRLs of one document, at most
_MOST = 1000


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


def read_evidence(state: State) -> Evidence:
    """What /DSS of the document's catalogue holds.

    ``Refused`` (update_after_sealing) where something in it is not validation data.
    """
    if "/DSS" not in state.catalogue:
        return Evidence()
    try:
        return Evidence(
            certificates=tuple(map(x509.load_der_x509_certificate, _data(state, "/Certs"))),
            responses=tuple(_parsed(ocsp.OCSPResponse, der) for der in _data(state, "/OCSPs")),
            lists=tuple(_parsed(crl.CertificateList, der) for der in _data(state, "/CRLs")),
        )
    except (ValueError, TypeError, AttributeError, LookupError, Malformed):
        raise Refused("update_after_sealing") from None


def _data(state: State, name: str) -> Iterator[bytes]:
    streams = list_at(state, dictionary_at(state, state.catalogue, "/DSS"), name)
    if len(streams) > _MOST:
        raise ValueError(name)
    for reference in streams:
        stream = state.follow(reference)
        if not isinstance(stream, Stream):
            raise TypeError(name)
        yield decoded(stream)


def _parsed(kind: Any, der: bytes) -> Any:
    demand_der(der)
    value = kind.load(der, strict=True)
    value.native  # noqa: B018  # parsed down to the innermost
    return value
