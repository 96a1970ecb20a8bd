"""The PAdES baseline level that a letter has reached (EN 319 142-1, 6.1 to 6.3)."""

from collections.abc import Sequence

from schemas.levels import SealLevel
from signing.status import Revocation
from signing.times import Source, Stamp, Standing


def level_of(proofs: Sequence[Stamp], revocation: Revocation) -> SealLevel:
    """The level of a letter whose signer's chain has this ``revocation``.

    ``proofs`` are its trusted time stamps, the oldest first. The last document time stamp's own
    validation data comes with the next one, so it is not asked for.
    """
    if not proofs:
        return SealLevel.B_B
    needed = [proof.revocation for proof in proofs if proof is not proofs[-1]]
    if proofs[-1].source is Source.SIGNATURE:
        needed.append(proofs[-1].revocation)
    if any(each is not Revocation.GOOD for each in (revocation, *needed)):
        return SealLevel.B_T
    return SealLevel.B_LTA if proofs[-1].source is Source.DOCUMENT else SealLevel.B_LT


def trusted(stamps: Sequence[Stamp]) -> list[Stamp]:
    """Those of ``stamps`` whose time counts."""
    return [stamp for stamp in stamps if stamp.standing is Standing.TRUSTED]
