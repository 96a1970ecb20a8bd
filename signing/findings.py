"""What certificates, time stamps and validation data of a whole letter add up to."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509

from schemas.codes import Problem
from schemas.levels import SealLevel
from signing.keys import meant_for_signatures
from signing.letter import SealedLetter
from signing.levels import level_of
from signing.mathematics import leads_to
from signing.status import Revocation, revocation_of
from signing.times import CLOCKS_APART, Source, Stamp, Standing, stamps_of
from signing.trust import Trust
from signing.verdict import Addition, Refused, Undecided


@dataclass(frozen=True, kw_only=True)
class Findings:
    """Who is believed when, and what is left open."""

    level: SealLevel
    revocation: Revocation
    source: Source
    #: aware, UTC; None where the time is only claimed
    proven_at: datetime | None
    #: document time stamps
    stamped: tuple[Addition, ...]
    remarks: tuple[Problem, ...]


def find(letter: SealedLetter, trust: Trust, now: datetime) -> Findings:
    """The findings on a letter that is whole. Raises ``Refused`` or ``Undecided``."""
    chain = letter.container.chain
    _demand_certificates(chain, trust, letter.sealed_at, now)
    stamps = stamps_of(letter, trust, now)
    _demand_stamps(stamps, trust, letter.sealed_at)
    proofs = [stamp for stamp in stamps if _proves(stamp, chain)]
    sealed_by = proofs[0].time if proofs else letter.sealed_at
    revocation = _demand_not_revoked(letter, trust, sealed_by, proven=bool(proofs))
    return Findings(
        level=level_of(proofs, revocation),
        revocation=revocation,
        source=proofs[0].source if proofs else Source.CLAIMED,
        proven_at=proofs[0].time if proofs else None,
        stamped=tuple(_additions(stamps)),
        remarks=tuple(_remarks(stamps, proofs, revocation)),
    )


def _demand_certificates(
    chain: Sequence[x509.Certificate], trust: Trust, claimed: datetime, now: datetime
) -> None:
    """All valid when the file was sealed, which is past; the signer's leads to a root."""
    if not meant_for_signatures(chain[0]):
        raise Refused("certificate_usage")
    if claimed > now + CLOCKS_APART:
        raise Refused("sealed_in_future")
    if not _valid(chain, claimed):
        raise Refused("certificate_outside_validity")
    if trust.roots and not leads_to(trust.roots, chain, claimed):
        raise Refused("signer_untrusted")


def _demand_stamps(stamps: Sequence[Stamp], trust: Trust, claimed: datetime) -> None:
    """Document time stamps are of authorities that are believed; no stamp is older than the seal.

    A stamp on the signature by an unknown authority proves nothing and does no harm: it was part
    of the file when it was sealed. One on the document is somebody's addition.
    """
    for stamp in stamps:
        if claimed > stamp.time + CLOCKS_APART:
            raise Refused("time_contradicted")
        added = stamp.source is Source.DOCUMENT and trust.stamp_roots
        if added and stamp.standing is Standing.UNTRUSTED:
            raise Refused("time_stamp_untrusted")


def _demand_not_revoked(
    letter: SealedLetter, trust: Trust, sealed_by: datetime, *, proven: bool
) -> Revocation:
    """What is known of the chain's revocation at the time of sealing.

    ``Refused`` where it was revoked by then; ``Undecided`` where it was later and the time of
    sealing is only claimed: whoever had the key could have set the clock back.
    """
    chain, evidence = letter.container.chain, letter.evidence
    found = revocation_of(chain, trust.roots, evidence, sealed_by)
    if found is Revocation.REVOKED:
        raise Refused("signer_revoked")
    newest = evidence.newest
    if not proven and newest is not None and newest > sealed_by:
        later = revocation_of(chain, trust.roots, evidence, newest)
        if later is Revocation.REVOKED:
            raise Undecided("revoked_since")
    return found


def _proves(stamp: Stamp, chain: Sequence[x509.Certificate]) -> bool:
    """True where the stamp is trusted and the signer's certificates were valid then."""
    return stamp.standing is Standing.TRUSTED and _valid(chain, stamp.time)


def _valid(chain: Sequence[x509.Certificate], at: datetime) -> bool:
    return all(link.not_valid_before_utc <= at <= link.not_valid_after_utc for link in chain)


def _additions(stamps: Sequence[Stamp]) -> Iterator[Addition]:
    for stamp in stamps:
        if stamp.source is Source.DOCUMENT:
            yield Addition(what=stamp.source.value, at=stamp.time, by=stamp.authority)


def _remarks(
    stamps: Sequence[Stamp], proofs: Sequence[Stamp], revocation: Revocation
) -> Iterator[Problem]:
    for stamp in stamps:
        if stamp.standing is Standing.UNTRUSTED:
            yield Problem.of("", "time_stamp_ignored", authority=stamp.authority)
        elif stamp.standing is Standing.EXPIRED:
            yield Problem.of("", "time_stamp_expired", authority=stamp.authority)
        elif stamp not in proofs:
            yield Problem.of("", "time_stamp_late", authority=stamp.authority)
    if not proofs:
        yield Problem.of("", "time_claimed")
    if revocation is not Revocation.GOOD:
        yield Problem.of("", "revocation_not_checked")
