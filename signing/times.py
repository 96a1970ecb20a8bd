"""When a letter was sealed: what its time stamps prove, and whose word they are."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise

from cryptography import x509

from signing.evidence import Evidence
from signing.keys import issued
from signing.letter import SealedLetter
from signing.mathematics import leads_to
from signing.status import Revocation, revocation_of
from signing.tokens import Token, read_token
from signing.trust import Trust
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
    #: subject of the authority's certificate (RFC 4514)
    authority: str
    standing: Standing
    revocation: Revocation


def stamps_of(letter: SealedLetter, trust: Trust, at: datetime) -> list[Stamp]:
    """Every time stamp, the oldest first: the one on the signature, then those on the document.

    Each is judged at the time that the next trusted one proves, the last at ``at``. ``Refused``
    (time_stamp_invalid) where one is not about this letter, or the times do not rise.
    """
    tokens = list(_tokens(letter, trust))
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
    container, others = letter.container, (*letter.evidence.certificates, *trust.stamp_roots)
    if container.token is not None:
        yield Source.SIGNATURE, read_token(container.token, container.signature, others)
    for span in letter.spans[1:]:
        yield Source.DOCUMENT, read_token(span.container, span.covered(letter.pdf), others)


def _judged(
    source: Source, token: Token, later: datetime, evidence: Evidence, trust: Trust
) -> Stamp:
    revocation = Revocation.NOT_CHECKED
    standing = _standing(token.chain, trust.stamp_roots, token.time, later)
    if standing is not Standing.UNTRUSTED:
        revocation = revocation_of(token.chain, trust.stamp_roots, evidence, token.time)
    if revocation is Revocation.REVOKED:
        standing = Standing.UNTRUSTED
    return Stamp(
        source=source,
        time=token.time,
        authority=token.chain[0].subject.rfc4514_string(),
        standing=standing,
        revocation=revocation,
    )


def _standing(
    chain: Sequence[x509.Certificate],
    roots: Sequence[x509.Certificate],
    time: datetime,
    later: datetime,
) -> Standing:
    if not leads_to(roots, chain, time):
        return Standing.UNTRUSTED
    if chain[-1] not in roots and not any(issued(root, chain[-1]) for root in roots):
        # it leads there without the last one, which nobody signed as it is
        raise Refused("time_stamp_invalid")
    if later > time and any(later > link.not_valid_after_utc for link in chain):
        return Standing.EXPIRED
    return Standing.TRUSTED
