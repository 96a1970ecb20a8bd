"""When a letter was sealed: what its time stamps prove, and whose word they are."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise

from cryptography import x509

from signing.certification import leads_to, rooted
from signing.evidence import Evidence
from signing.letter import SealedLetter
from signing.profile import STAMPING_PURPOSES, flaw_of
from signing.status import Revocation, revocation_of
from signing.tokens import Token, read_token
from signing.trust import Trust
from signing.uncovered import require_about
from signing.verdict import Refused

#: this machine's clock, the sealing one and a time stamp authority's may differ by this much
CLOCKS_APART = timedelta(minutes=10)


class Source(StrEnum):
    """Whose word the time of sealing is; the value is contract."""

    CLAIMED = "claimed"  # the sealing machine's own clock, nobody else's
    SIGNATURE = "signature_time_stamp"  # a stamp on the signature, taken when it was made
    DOCUMENT = "document_time_stamp"  # a stamp on the whole file, taken then or later


class Standing(StrEnum):
    """What a time stamp is worth today."""

    TRUSTED = "trusted"
    UNTRUSTED = "untrusted"  # its authority does not lead to a trusted root, or was revoked
    EXPIRED = "expired"  # its authority's certificate ran out before the next stamp was set


@dataclass(frozen=True, kw_only=True)
class Stamp:
    """One time stamp, found to be about this letter."""

    source: Source
    #: aware, UTC
    time: datetime
    #: subject of the authority's certificate (RFC 4514); None where nobody trusted vouches for it:
    #: it is a stranger's own text
    authority: str | None
    standing: Standing
    revocation: Revocation
    #: True where the token is spelled as our sealing spells it (``tokens``)
    canonical: bool


def stamps_of(letter: SealedLetter, trust: Trust, at: datetime) -> list[Stamp]:
    """Every time stamp, the oldest first: the one on the signature, then those on the document.

    Each is judged at the time that the next trusted one proves, the last at ``at``. ``Refused``
    (time_stamp_invalid) where one is not about this letter, or the times do not rise;
    (bytes_unaccounted) where validation data behind the last one is not about it.
    """
    tokens = list(_tokens(letter, trust))
    if letter.uncovered is not None:
        require_about(tokens[-1][1].chain, letter.evidence, letter.uncovered)
    for earlier, later in pairwise([*(token.time for _, token in tokens), at]):
        if earlier > later + CLOCKS_APART:
            raise Refused("time_stamp_invalid")
    stamps: list[Stamp] = []
    known = at
    for source, token in reversed(tokens):
        stamp = _judged(source, token, known, letter.evidence, trust)
        if stamp.standing is Standing.TRUSTED:
            known = stamp.time
        stamps.insert(0, stamp)
    return stamps


def _tokens(letter: SealedLetter, trust: Trust) -> Iterator[tuple[Source, Token]]:
    container = letter.container
    beside = (letter.evidence.certificates, trust.stamp_roots)
    if container.token is not None:
        token = read_token(container.token, container.signature, *beside)
        if container.bound and not token.canonical:
            raise Refused("time_stamp_invalid")
        yield Source.SIGNATURE, token
    for span in letter.spans[1:]:
        yield Source.DOCUMENT, read_token(span.container, span.covered(letter.pdf), *beside)


def _judged(
    source: Source, token: Token, later: datetime, evidence: Evidence, trust: Trust
) -> Stamp:
    revocation = Revocation.NOT_CHECKED
    standing = _standing(token.chain, trust.stamp_roots, token.time, later)
    if standing is not Standing.UNTRUSTED:
        revocation = revocation_of(token.chain, trust.stamp_roots, evidence, token.time)
    if revocation is Revocation.REVOKED:
        standing = Standing.UNTRUSTED
    untrusted = standing is Standing.UNTRUSTED
    return Stamp(
        source=source,
        time=token.time,
        authority=None if untrusted else token.chain[0].subject.rfc4514_string(),
        standing=standing,
        revocation=revocation,
        canonical=token.canonical,
    )


def _standing(
    chain: Sequence[x509.Certificate],
    roots: Sequence[x509.Certificate],
    time: datetime,
    later: datetime,
) -> Standing:
    believed = [
        whole
        for whole in rooted(chain, roots)
        if flaw_of(whole, STAMPING_PURPOSES) is None and leads_to(whole[-1:], whole[:-1], time)
    ]
    if not believed:
        return Standing.UNTRUSTED
    if later > time and all(_expired(whole, later) for whole in believed):
        return Standing.EXPIRED
    return Standing.TRUSTED


def _expired(chain: Sequence[x509.Certificate], at: datetime) -> bool:
    return any(at > link.not_valid_after_utc for link in chain)
