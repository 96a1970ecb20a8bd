"""Whose seal it is: the directory's agency, or one of its bodies, that a certificate names."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from cryptography import x509

from schemas.codes import Problem
from schemas.configuration import Agency, Directory
from schemas.documents import Issuer
from signing.names import certificate_names, demo_name, is_of
from signing.verdict import Attribution, Verdict


@dataclass(frozen=True, kw_only=True)
class Bearer:
    """An agency of the directory, or one of its bodies."""

    #: the agency's code, a body's agency's too
    agency: str
    #: full name of who seals
    name: str


def attributed(verdict: Verdict, directory: Directory, agency: str | None) -> Verdict:
    """The verdict with whose letter it is, and whether ``agency``'s, where one is asked for.

    A letter of a body that the directory does not have stays genuine and is nobody's here; so is
    what was not genuine, or could not be told.
    """
    if not verdict.genuine:
        return replace(verdict, attribution=Attribution())
    bearers = bearers_of(verdict.signer or "", directory)
    own = [bearer for bearer in bearers if bearer.agency == agency]
    found = next(iter([*own, *bearers]), None)
    attribution = Attribution(
        agency=found.agency if found else None,
        body=found.name if found else None,
        matches_agency=None if agency is None else bool(own),
    )
    if attribution.matches_agency is not False:
        return replace(verdict, attribution=attribution)
    remark = Problem.of("", "letter_of_another", agency=agency)
    return replace(verdict, attribution=attribution, remarks=(*verdict.remarks, remark))


def bearers_of(signer: str, directory: Directory) -> list[Bearer]:
    """Every agency and body of the directory that the subject ``signer`` (RFC 4514) names."""
    try:
        subject = x509.Name.from_rfc4514_string(signer)
    except ValueError:
        return []  # a name that does not come back from its text is none of the directory's
    return [
        # an invented agency is never taken for one
        Bearer(agency=agency.code, name=demo_name(bearer.name) if bearer.demo else bearer.name)
        for agency in directory.agencies
        for bearer in _bearers(agency)
        if is_of(subject, certificate_names(bearer))
    ]


def _bearers(agency: Agency) -> Iterator[Agency]:
    """The agency, then its bodies, each with the name and seal that its letters bear."""
    yield from (agency.sealing_as(issuer) for issuer in Issuer if agency.writes_as(issuer))
