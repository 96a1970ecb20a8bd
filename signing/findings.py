"""What certificates, time stamps and validation data of a whole letter add up to."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509

from schemas.codes import Problem
from schemas.levels import SealLevel
from signing.certification import leads_to, rooted
from signing.container import Container
from signing.keys import issued
from signing.letter import SealedLetter
from signing.levels import level_of
from signing.profile import flaw_of
from signing.status import Revocation, revocation_of
from signing.times import CLOCKS_APART, Source, Stamp, Standing, stamps_of
from signing.trust import Trust
from signing.verdict import Addition, Refused, Spelling, Undecided


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
    #: codes of what leaves it open whether the letter is genuine
    doubts: tuple[str, ...] = ()


def find(letter: SealedLetter, trust: Trust, now: datetime) -> Findings:
    """The findings on a letter that is whole. Raises ``Refused`` or ``Undecided``."""
    chain = _required_chain(letter, trust, now)
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
        remarks=(
            *_spelling(letter.container, trust, stamps),
            *_remarks(stamps, proofs, revocation),
            *_uncovered(letter),
        ),
        doubts=() if proofs or _valid(chain, now) else ("expired_since",),
    )


def _required_chain(
    letter: SealedLetter, trust: Trust, now: datetime
) -> tuple[x509.Certificate, ...]:
    """The signer's chain under the trusted root by which it could seal when it says it did.

    ``Refused`` where there is none. Without trusted roots, the chain as it is in the file.
    """
    if letter.sealed_at > now + CLOCKS_APART:
        raise Refused("sealed_in_future")
    own = letter.container.chain
    chains = _rooted(own, trust) if trust.roots else [own]
    flaws: list[str] = []
    for chain in chains:
        flaw = _flaw_of(chain, trust, letter.sealed_at)
        if flaw is None:
            return chain
        flaws.append(flaw)
    raise Refused(flaws[0] if flaws else "signer_untrusted")


def _rooted(own: tuple[x509.Certificate, ...], trust: Trust) -> list[tuple[x509.Certificate, ...]]:
    """The chain under trusted roots; none where it ends in what nobody signed as it is."""
    top = own[-1]
    if top in trust.roots or any(issued(root, top) for root in (top, *trust.roots)):
        return rooted(own, trust.roots)
    return []


def _flaw_of(chain: tuple[x509.Certificate, ...], trust: Trust, claimed: datetime) -> str | None:
    flaw = flaw_of(chain, trust.purposes)
    if flaw is not None:
        return flaw
    if not _valid(chain, claimed):
        return "certificate_outside_validity"
    if trust.roots and not leads_to(chain[-1:], chain[:-1], claimed):
        return "certificate_path"
    return None


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


def _spelling(container: Container, trust: Trust, stamps: Sequence[Stamp]) -> Iterator[Problem]:
    """What is to be said of the bytes beside the signature: nothing, where they are all held.

    A time stamp never is: it comes after the signature that it is about.
    """
    beside = [stamp for stamp in stamps if stamp.source is Source.SIGNATURE]
    respelled = any(_is_respelled(container.chain[-1], root) for root in trust.roots)
    if not container.canonical or respelled or not all(stamp.canonical for stamp in beside):
        yield Problem.of("", Spelling.OTHER.value)
    elif beside or not container.bound:
        yield Problem.of("", Spelling.OPEN.value)


def _uncovered(letter: SealedLetter) -> Iterator[Problem]:
    if letter.uncovered is not None:
        yield Problem.of("", "validation_data_uncovered")


def _is_respelled(top: x509.Certificate, root: x509.Certificate) -> bool:
    """True where it is the same certificate with another value for the same signature."""
    return top != root and top.tbs_certificate_bytes == root.tbs_certificate_bytes


def _remarks(
    stamps: Sequence[Stamp], proofs: Sequence[Stamp], revocation: Revocation
) -> Iterator[Problem]:
    for stamp in stamps:
        if stamp.standing is Standing.UNTRUSTED:
            yield Problem.of("", "time_stamp_ignored")
        elif stamp.standing is Standing.EXPIRED:
            yield Problem.of("", "time_stamp_expired", authority=stamp.authority)
        elif stamp not in proofs:
            yield Problem.of("", "time_stamp_late", authority=stamp.authority)
    if not proofs:
        yield Problem.of("", "time_claimed")
    if revocation is not Revocation.GOOD:
        yield Problem.of("", "revocation_not_checked")
